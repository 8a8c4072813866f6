//! `compare` as Markdown, for reviews and wikis.

use std::fmt::Write as _;

use tranship_compare::{Comparison, Line};

use super::comparison::{Extent, cell, short_path};
use super::groups::Workloads;
use super::human;
use crate::targets;

/// The targets side by side, as tables by service.
pub(crate) fn comparison(
    project: &str,
    comparison: &Comparison,
    workloads: &Workloads,
    extent: Extent,
) -> String {
    let mut text = format!("# {}\n\n", escaped(project));
    for column in &comparison.columns {
        let counts = human::counts(column.counts());
        let _ = writeln!(text, "- **{}**: {counts}", targets::title(&column.target));
    }
    let shown = comparison.lines.iter().filter(|line| extent.has(line));
    for (title, lines) in workloads.group(shown, |line| &line.path) {
        let _ = write!(text, "\n## {}\n\n| value |", escaped(&title));
        for column in &comparison.columns {
            let _ = write!(text, " {} |", column.name);
        }
        let _ = writeln!(text, "\n|{}", " --- |".repeat(comparison.columns.len() + 1));
        for line in lines {
            row(&mut text, line, &title);
        }
    }
    text
}

fn row(text: &mut String, line: &Line, title: &str) {
    let _ = write!(text, "| {} |", code(&short_path(line, title)));
    for outcome in line.cells.iter().map(|outcome| cell(outcome, title)) {
        let _ = write!(text, " {} |", escaped(&outcome).replace('\n', "<br>"));
    }
    text.push('\n');
}

/// A path as code; one with a backtick cannot be.
fn code(path: &str) -> String {
    if path.contains('`') {
        return escaped(path);
    }
    format!("`{}`", path.replace('|', "\\|"))
}

/// Text that Markdown shows as it is. Code in backticks, which details are full of, stays code.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut is_code = false;
    for character in text.chars() {
        is_code ^= character == '`';
        match character {
            '|' => safe.push_str("\\|"),
            '<' if !is_code => safe.push_str("&lt;"),
            '\\' | '*' | '_' | '[' | ']' if !is_code => {
                safe.push('\\');
                safe.push(character);
            }
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_end_its_cell_or_become_markup() {
        assert_eq!(escaped("a|b<img>_c_"), "a\\|b&lt;img>\\_c\\_");
        assert_eq!(escaped("`a_b`"), "`a_b`");
        assert_eq!(code("a[0].b|c"), "`a[0].b\\|c`");
    }
}
