//! `compare` as one HTML page without scripts and without anything from elsewhere.

use std::fmt::Write as _;

use tranship_compare::{Cell, Comparison, Line};

use super::comparison::{cell, short_path};
use super::groups::Workloads;
use super::human;
use crate::escape;
use crate::targets;

/// Colours repeat what the words say, for those who see them.
const STYLE: &str = "\
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 90rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin: 0 0 1.5rem }
th, td { border: 1px solid #8884; padding: .3rem .6rem; text-align: left; vertical-align: top }
td:first-child { font-family: ui-monospace, monospace; overflow-wrap: anywhere }
p { margin: 0 } .equivalent { background: #2a62 } .approximate { background: #ca02 }
.dropped, .refused { background: #c332 } .plain { opacity: .6 }
";

/// The targets side by side, as tables by service.
pub(crate) fn comparison(project: &str, comparison: &Comparison, workloads: &Workloads) -> String {
    let title = html(project);
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'\">\n\
         <title>{title}: targets side by side</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<h1>{title}</h1>\n<ul>\n"
    );
    for column in &comparison.columns {
        let (name, counts) = (
            targets::title(&column.target),
            human::counts(column.counts()),
        );
        let _ = writeln!(text, "<li><strong>{}</strong>: {counts}</li>", html(&name));
    }
    text.push_str("</ul>\n");
    for (title, lines) in workloads.group(comparison.lines.iter(), |line| &line.path) {
        section(&mut text, comparison, &title, lines);
    }
    text.push_str("</body>\n</html>\n");
    text
}

fn section(text: &mut String, comparison: &Comparison, title: &str, lines: Vec<&Line>) {
    let (notes, plain): (Vec<&Line>, Vec<&Line>) =
        lines.into_iter().partition(|line| line.is_noteworthy());
    let _ = writeln!(text, "<h2>{}</h2>", html(title));
    if !notes.is_empty() {
        table(text, comparison, title, &notes);
    }
    if !plain.is_empty() {
        let count = plain.len();
        let _ = writeln!(
            text,
            "<details><summary>{count} values without a note</summary>"
        );
        table(text, comparison, title, &plain);
        text.push_str("</details>\n");
    }
}

fn table(text: &mut String, comparison: &Comparison, title: &str, lines: &[&Line]) {
    text.push_str("<table>\n<tr><th>value</th>");
    for column in &comparison.columns {
        let _ = write!(text, "<th>{}</th>", html(&column.name));
    }
    text.push_str("</tr>\n");
    for line in lines {
        let _ = write!(text, "<tr><td>{}</td>", html(&short_path(line, title)));
        for outcome in &line.cells {
            let class = class(outcome);
            let said = html(&cell(outcome, title)).replace('\n', "</p><p>");
            let _ = write!(text, "<td class=\"{class}\"><p>{said}</p></td>");
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</table>\n");
}

fn class(cell: &Cell) -> &'static str {
    match cell.outcome() {
        Some(outcome) if cell.rows.iter().any(tranship_compare::Row::is_note) => outcome.as_str(),
        Some(_) | None => "plain",
    }
}

/// Text inside an element or an attribute.
fn html(text: &str) -> String {
    let text = escape::block(text);
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_markup() {
        assert_eq!(html("<script>\"&"), "&lt;script&gt;&quot;&amp;");
    }
}
