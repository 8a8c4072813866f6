//! What the crate promises, through its public names.

mod budgets;
mod corpus;
mod documents;
mod mistakes;
mod never_panics;
mod scalars;

use crate::{Budget, FileId, Node, Parsed, parse};

/// The only document of a text without problems.
fn root(text: &str) -> Node {
    let parsed = read(text);
    assert_eq!(summary(text, &parsed), Vec::<String>::new(), "{text}");
    assert!(!parsed.partial);
    let mut documents = parsed.documents;
    assert_eq!(documents.len(), 1, "{text}");
    documents.remove(0)
}

fn read(text: &str) -> Parsed {
    parse(FileId::default(), text, &Budget::default())
}

/// Each problem as `code@place, place`, a place being the text under it.
fn summary(text: &str, parsed: &Parsed) -> Vec<String> {
    let place = |start: u32, end: u32| text.get(start as usize..end as usize).unwrap_or("OUTSIDE");
    let places = |diagnostic: &crate::Diagnostic| {
        let labels = diagnostic.labels.iter();
        let texts: Vec<_> = labels
            .map(|label| place(label.span.start, label.span.end))
            .collect();
        texts.join(", ")
    };
    let diagnostics = parsed.diagnostics.iter();
    diagnostics
        .map(|diagnostic| format!("{}@{}", diagnostic.code.0, places(diagnostic)))
        .collect()
}

fn problems(text: &str) -> Vec<String> {
    summary(text, &read(text))
}

/// The tree as JSON-like text: strings in quotes, everything else bare.
fn shape(node: &Node) -> String {
    use crate::{Kind, ScalarKind};
    match &node.kind {
        Kind::Scalar(scalar) if scalar.kind == ScalarKind::String => format!("{:?}", scalar.text),
        Kind::Scalar(scalar) if scalar.kind == ScalarKind::Null => "null".to_owned(),
        Kind::Scalar(scalar) => scalar.go_text().into_owned(),
        Kind::Sequence(items) => {
            let items: Vec<_> = items.iter().map(shape).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Mapping(mapping) => {
            let entries = mapping.iter();
            let entries: Vec<_> = entries
                .map(|(key, value)| format!("{}: {}", key.text, shape(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}
