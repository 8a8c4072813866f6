//! The offline explanation of every diagnostic code of this crate.

mod extending;
mod finding;
mod variables;

use tranship_yaml::{Code, Page};

use crate::project;

/// One page for each code of [`crate::codes`] and [`crate::project::codes`].
pub const PAGES: &[Page] = &joined([
    finding::PAGES,
    variables::PAGES,
    extending::PAGES,
    project::PAGES,
]);

const COUNT: usize =
    finding::PAGES.len() + variables::PAGES.len() + extending::PAGES.len() + project::PAGES.len();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated while compiling, where an index out of bounds is an error"
)]
const fn joined(parts: [&[Page]; 4]) -> [Page; COUNT] {
    let mut pages = [parts[0][0]; COUNT];
    let (mut part, mut at) = (0, 0);
    while part < parts.len() {
        let mut index = 0;
        while index < parts[part].len() {
            pages[at] = parts[part][index];
            index += 1;
            at += 1;
        }
        part += 1;
    }
    pages
}

const fn page(code: Code, title: &'static str, text: &'static str) -> Page {
    Page { code, title, text }
}

#[cfg(test)]
mod tests {
    use super::PAGES;

    const CODES: [&str; 2] = [
        include_str!("../codes.rs"),
        include_str!("../project/codes.rs"),
    ];

    #[test]
    fn every_code_has_exactly_one_page() {
        let lines = CODES.iter().flat_map(|text| text.lines());
        let names: Vec<&str> = lines
            .filter_map(|line| line.split_once("Code(\"")?.1.split('"').next())
            .collect();
        assert!(names.len() > 40, "the codes were not found in their files");
        for name in &names {
            let pages = PAGES.iter().filter(|page| page.code.0 == *name).count();
            assert_eq!(pages, 1, "{name}");
        }
        assert_eq!(PAGES.len(), names.len());
    }

    #[test]
    fn every_page_says_enough_to_act_on() {
        for page in PAGES {
            let code = page.code.0;
            assert!(
                !page.title.is_empty() && !page.title.ends_with('.'),
                "{code}"
            );
            assert!(page.text.len() > 100, "{code}");
        }
    }
}
