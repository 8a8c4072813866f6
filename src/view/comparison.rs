//! `compare` for people: a table on the terminal.

use std::fmt::Write as _;

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};
use tranship_compare::{Cell, Comparison, Line, Row, Standing};
use tranship_model::FieldPath;

use super::groups::Workloads;
use super::human;
use crate::escape;
use crate::targets;

/// Which values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Those some target does something else to than carry them as they stand.
    Noteworthy,
    /// All.
    Everything,
}

impl Extent {
    /// Whether a line is shown.
    pub(crate) fn has(self, line: &Line) -> bool {
        match self {
            Self::Noteworthy => line.is_noteworthy(),
            Self::Everything => true,
        }
    }
}

/// The targets side by side, as tables by service.
pub(crate) fn table(
    comparison: &Comparison,
    workloads: &Workloads,
    extent: Extent,
    width: u16,
) -> String {
    let mut text = String::new();
    for column in &comparison.columns {
        let counts = human::counts(column.counts());
        let _ = writeln!(text, "{}: {counts}", targets::title(&column.target));
    }
    let shown = comparison.lines.iter().filter(|line| extent.has(line));
    for (title, lines) in workloads.group(shown, |line| &line.path) {
        let mut table = Table::new();
        table
            .load_style(UTF8_HORIZONTAL_ONLY)
            .set_content_arrangement(ContentArrangement::Dynamic)
            .set_width(width);
        let names = comparison.columns.iter().map(|column| column.name.clone());
        table.set_header([escape::line(&title).into_owned()].into_iter().chain(names));
        for line in lines {
            let cells = line.cells.iter().map(|outcome| cell(outcome, &title));
            table.add_row([short_path(line, &title)].into_iter().chain(cells));
        }
        let _ = writeln!(text, "\n{}", table.trim_fmt());
    }
    text
}

/// The path of a value without what the heading says already.
pub(crate) fn short_path(line: &Line, title: &str) -> String {
    short(&line.path, title)
}

fn short(path: &FieldPath, title: &str) -> String {
    let path = path.as_str();
    let owner = title
        .split_once(' ')
        .map(|(section, name)| format!("{section}s.{name}."));
    let short = owner.and_then(|owner| path.strip_prefix(owner.as_str()));
    escape::line(short.unwrap_or(path)).into_owned()
}

/// What became of a value on a target, in words; a line per note.
pub(crate) fn cell(cell: &Cell, title: &str) -> String {
    let texts: Vec<String> = match cell.standing {
        Standing::Elsewhere => vec!["–".to_owned()],
        Standing::Own => cell.rows.iter().map(own).collect(),
        Standing::Parent => cell.rows.iter().map(|row| inherited(row, title)).collect(),
    };
    texts.join("\n")
}

fn own(row: &Row) -> String {
    let word = human::word(row);
    if row.detail.is_empty() {
        return word.to_owned();
    }
    format!("{word}: {}", escape::line(&row.detail))
}

/// A parent has a line of its own, which gives the reason.
fn inherited(row: &Row, title: &str) -> String {
    let word = human::word(row);
    if !row.is_note() {
        return word.to_owned();
    }
    format!("{word}, as `{}`", short(&row.path, title))
}
