//! Text in which Swarm fills in templates: variables, the hostname and mounts.

use std::borrow::Cow;

use tranship_model::Topic;

use crate::codes;

/// What templates can be about.
const SUBJECTS: [&str; 3] = [".Node.", ".Service.", ".Task."];

/// The text such that the task sees it as written, unless all its braces are Swarm's own.
///
/// Source: `template.ExpandContainerSpec` of `SwarmKit`, which reads Go's text templates.
pub(super) fn as_written<'text>(text: &'text str, page: &mut Topic<'_>) -> Cow<'text, str> {
    if is_template(text) {
        let detail = "Swarm fills in the braces; docker compose leaves them as they are";
        page.approximate(&codes::TEMPLATE, detail);
    }
    escaped(text)
}

/// The text with braces escaped that are not Swarm's own.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains("{{") || is_template(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("{{", "{{\"{{\"}}"))
}

/// Whether the text has braces, and all of them are Swarm's own.
fn is_template(text: &str) -> bool {
    let mut braces = text.split("{{").skip(1).peekable();
    braces.peek().is_some() && braces.all(is_placeholder)
}

/// Whether what stands behind `{{` is a placeholder Swarm knows.
fn is_placeholder(rest: &str) -> bool {
    rest.split_once("}}").is_some_and(|(inside, _)| {
        let inside = inside.trim();
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '.';
        inside.chars().all(is_word) && SUBJECTS.iter().any(|subject| inside.starts_with(subject))
    })
}
