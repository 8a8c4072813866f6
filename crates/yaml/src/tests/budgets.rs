use std::fmt::Write as _;

use super::summary;
use crate::{Budget, FileId, parse};

fn codes(text: &str, budget: &Budget) -> Vec<String> {
    let parsed = parse(FileId::default(), text, budget);
    let mut codes = summary(text, &parsed);
    for code in &mut codes {
        code.truncate(code.find('@').unwrap_or(code.len()));
    }
    codes
}

#[test]
fn a_budget_is_spent_exactly_at_its_limit() {
    let text = "a: [b, c]\n";
    let exact = Budget {
        file_bytes: 10,
        nodes: 5,
        depth: 2,
        scalar_bytes: 3,
        ..Budget::default()
    };
    assert_eq!(codes(text, &exact), Vec::<String>::new());
    let cases = [
        (
            Budget {
                file_bytes: 9,
                ..exact
            },
            "yaml-file-too-large",
        ),
        (Budget { nodes: 4, ..exact }, "yaml-too-many-nodes"),
        (Budget { depth: 1, ..exact }, "yaml-too-deep"),
        (
            Budget {
                scalar_bytes: 2,
                ..exact
            },
            "yaml-too-many-bytes",
        ),
    ];
    for (budget, code) in cases {
        assert_eq!(codes(text, &budget), [code]);
    }
}

#[test]
fn aliases_are_charged_for_what_they_stand_for() {
    let text = "a: &a [xx, yy]\nb: [*a, *a]\n";
    let exact = Budget {
        nodes: 14,
        depth: 3,
        scalar_bytes: 14,
        ..Budget::default()
    };
    assert_eq!(codes(text, &exact), Vec::<String>::new());
    assert_eq!(
        codes(text, &Budget { nodes: 12, ..exact }),
        ["yaml-too-many-nodes"]
    );
    assert_eq!(
        codes(text, &Budget { depth: 2, ..exact }),
        ["yaml-too-deep"]
    );
    assert_eq!(
        codes(
            text,
            &Budget {
                scalar_bytes: 13,
                ..exact
            }
        ),
        ["yaml-too-many-bytes"]
    );
}

#[test]
fn bombs_are_refused_before_they_are_built() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{aliases}]");
    }
    let long = format!(
        "a: &a {}\nb:\n{}",
        "x".repeat(10_000),
        "- *a\n".repeat(20_000)
    );
    let mut keys: String = "a: &a\n".to_owned();
    for key in 0..2_000 {
        let _ = writeln!(keys, "  k{key}: v");
    }
    let wide = format!("{keys}b:\n{}", "- <<: *a\n".repeat(2_000));
    let flow = "[".repeat(100_000);
    let block = "- ".repeat(100_000);
    let cases = [
        (&bomb, "yaml-too-many-nodes"),
        (&long, "yaml-too-many-bytes"),
        (&wide, "yaml-too-many-nodes"),
        (&flow, "yaml-too-deep"),
        (&block, "yaml-too-deep"),
    ];
    for (text, code) in cases {
        assert_eq!(codes(text, &Budget::default()), [code]);
    }
}

#[test]
fn anchors_inside_anchors_are_not_copied_without_end() {
    let mut text = String::new();
    for level in 0..60 {
        let _ = writeln!(text, "{}a: &a{level}", " ".repeat(level));
    }
    for key in 0..20_000 {
        let _ = writeln!(text, "{}k{key}: v", " ".repeat(60));
    }
    assert_eq!(codes(&text, &Budget::default()), ["yaml-too-many-nodes"]);
}

#[test]
fn after_too_many_problems_reading_ends_with_a_word() {
    let text = "a: 1\n".repeat(1_000);
    let found = codes(
        &text,
        &Budget {
            problems: 5,
            ..Budget::default()
        },
    );
    assert_eq!(found.len(), 6);
    assert_eq!(
        found.last().map(String::as_str),
        Some("yaml-too-many-problems")
    );
    let nuls = "\0".repeat(1_000);
    let found = codes(
        &nuls,
        &Budget {
            problems: 5,
            ..Budget::default()
        },
    );
    assert_eq!(
        found.last().map(String::as_str),
        Some("yaml-too-many-problems")
    );
}
