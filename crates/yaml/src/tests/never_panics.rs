use proptest::prelude::*;

use super::read;
use crate::{Kind, Node, Parsed, scan};

/// Lines as compose files have them, with most of what YAML can do.
const LINES: &str = include_str!("lines.yaml");

fn spans_fit(text: &str, parsed: &Parsed) {
    for diagnostic in &parsed.diagnostics {
        for label in &diagnostic.labels {
            let under = text.get(label.span.start as usize..label.span.end as usize);
            assert!(under.is_some(), "{} {:?}", diagnostic.message, label.span);
        }
    }
    parsed
        .documents
        .iter()
        .for_each(|node| node_fits(text, node));
}

fn node_fits(text: &str, node: &Node) {
    let under = text.get(node.span.start as usize..node.span.end as usize);
    assert!(under.is_some(), "{:?}", node.span);
    match &node.kind {
        Kind::Scalar(_) => {}
        Kind::Sequence(items) => items.iter().for_each(|item| node_fits(text, item)),
        Kind::Mapping(mapping) => {
            for (key, value) in mapping {
                let under = text.get(key.span.start as usize..key.span.end as usize);
                assert!(under.is_some(), "{:?}", key.span);
                node_fits(text, value);
            }
        }
    }
}

/// What was left out of a tree has to be said.
fn nothing_is_lost_in_silence(parsed: &Parsed) {
    assert!(!parsed.partial || parsed.diagnostics.has_errors());
}

fn check(text: &str) {
    let parsed = read(text);
    spans_fit(text, &parsed);
    nothing_is_lost_in_silence(&parsed);
    // Only that it ends; what it counts is the parser's.
    let _events = scan(text);
}

fn mutated() -> impl Strategy<Value = String> {
    let lines: Vec<String> = LINES.lines().map(str::to_owned).collect();
    let line = proptest::sample::select(lines);
    let spice = "[ \t:\\-#\\[\\]{}'\"*&!|>%@`,~<=?é\\\\\r\u{feff}\0]{0,2}";
    let damaged = (line, any::<proptest::sample::Index>(), spice).prop_map(|(line, at, spice)| {
        let places: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
        let at = if places.is_empty() {
            0
        } else {
            *at.get(&places)
        };
        let (before, after) = line.split_at(at);
        format!("{before}{spice}{after}\n")
    });
    proptest::collection::vec(damaged, 0..24).prop_map(|lines| lines.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        check(&text);
    }

    #[test]
    fn yaml_like_text_is_read_without_a_panic(text in "([ \t]{0,3}[-a&*!?<:{\\[\\]}\"'|>#,é1\0\n ]{1,6}){0,30}") {
        check(&text);
    }

    #[test]
    fn damaged_lines_are_read_without_a_panic(text in mutated()) {
        check(&text);
    }
}
