//! `tranship explain`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::Args;
use tranship_model::Code;

use crate::console::Console;
use crate::escape;
use crate::exit::Failure;
use crate::pipeline;
use crate::targets::{TargetArgs, TargetName};

/// What `explain` takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct ExplainArgs {
    /// The code, as it stands beside a note or an error; without one, all are listed
    #[arg(env = "TRANSHIP_CODE", hide_env = true)]
    code: Option<String>,
}

/// The page of a code.
struct Page {
    title: &'static str,
    text: &'static str,
}

/// Prints the page of a code, or the list of all codes.
///
/// # Errors
///
/// [`Failure::Usage`] when there is no such code, [`Failure::Failed`] when the output cannot be
/// written.
pub(crate) fn run(args: &ExplainArgs, console: Console) -> Result<(), Failure> {
    let pages = pages();
    let Some(code) = &args.code else {
        return console.data(&list(&pages));
    };
    let Some(page) = pages.get(code.as_str()) else {
        let code = escape::line(code);
        return Err(Failure::Usage(format!(
            "there is no code `{code}`; `tranship explain` lists all"
        )));
    };
    console.data(&format!(
        "# {code}\n\n{}\n\n{}\n",
        page.title,
        page.text.trim()
    ))
}

fn list(pages: &BTreeMap<&'static str, Page>) -> String {
    let width = pages
        .keys()
        .map(|code| code.len())
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for (code, page) in pages {
        let _ = writeln!(text, "{code:width$}  {}", page.title);
    }
    text
}

/// Every page there is.
fn pages() -> BTreeMap<&'static str, Page> {
    let backends = TargetName::ALL.map(|target| target.backend(&TargetArgs::default()));
    let notes = backends.iter().flat_map(|backend| backend.codes());
    let notes = notes
        .chain(tranship_compose::lower::ALL)
        .map(|code| note(code));
    let reader = tranship_yaml::PAGES.iter().chain(tranship_compose::PAGES);
    let errors = reader.map(|page| (page.code.0, page.title, page.text));
    let own = [pipeline::NAME_CONFLICT_PAGE];
    let all = notes.chain(errors).chain(own);
    all.map(|(code, title, text)| (code, Page { title, text }))
        .collect()
}

fn note(code: &'static Code) -> (&'static str, &'static str, &'static str) {
    (code.name, code.title, code.page)
}
