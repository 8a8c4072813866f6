use super::{problems, read, shape};

/// Each broken text with its problems, as `code@text under the label, …`.
const CASES: &[(&str, &[&str])] = &[
    ("a: 1\nb: 2\na: 3\n", &["yaml-duplicate-key@a, a"]),
    (
        "x: {}\ny:\n  <<: {}\n  <<: {}\n",
        &["yaml-duplicate-key@<<, <<"],
    ),
    ("1: x\n", &["yaml-non-string-key@1"]),
    ("true: x\n", &["yaml-non-string-key@true"]),
    ("? \n: x\n", &["yaml-non-string-key@"]),
    ("2024-01-01: x\n", &["yaml-non-string-key@2024-01-01"]),
    ("[a]: x\n", &["yaml-non-string-key@[a]"]),
    ("a: {{ b }}\n", &["yaml-non-string-key@{ b }"]),
    ("a: *b\n", &["yaml-unknown-anchor@*b"]),
    ("a: &a [*a]\n", &["yaml-self-reference@*a, &a"]),
    ("a: &a\n  <<: *a\n", &["yaml-self-reference@*a, &a"]),
    ("a: &a 1\nb:\n  <<: *a\n", &["yaml-merge-value@<<, 1"]),
    ("b:\n  <<: [x]\n", &["yaml-merge-value@<<, x"]),
    ("b:\n  <<:\n", &["yaml-merge-value@<<, "]),
    ("a: !!int x\n", &["yaml-wrong-tag@x"]),
    ("a: !!binary aGk=\n", &["yaml-wrong-tag@aGk="]),
    ("a: x\u{0}y\n", &["yaml-control-character@\u{0}"]),
    ("a: \"x\\0y\"\n", &["yaml-control-character@\"x\\0y\""]),
    ("é: \u{1b}\n", &["yaml-control-character@\u{1b}"]),
    ("é: \u{81}\n", &["yaml-control-character@\u{81}"]),
    ("a:\n\tb: 1\n", &["yaml-tab@\t"]),
    ("a:\n  \tb: 1\n", &["yaml-tab@\t"]),
    ("a:\n  -\tb\n", &["yaml-tab@\t"]),
    ("a: \"b\n", &["yaml-syntax@\"b"]),
    ("a: [b\n", &["yaml-syntax@[b"]),
    ("a: [b\nc: d\n", &["yaml-syntax@["]),
    ("a: [\n  b: c: d,\n]\ne: f\n", &["yaml-syntax@:, ["]),
    ("a: b: c\n", &["yaml-syntax@:"]),
    ("a: @b\n", &["yaml-syntax@@b"]),
    ("a: 1\n<<<<<<< HEAD\n", &["yaml-syntax@<<<<<<<"]),
];

#[test]
fn every_mistake_is_named_with_its_places() {
    for (text, expected) in CASES {
        assert_eq!(problems(text), *expected, "{text}");
    }
}

#[test]
fn every_problem_says_what_to_do() {
    for (text, _) in CASES {
        for diagnostic in read(text).diagnostics {
            assert!(diagnostic.help.is_some(), "{text}: {}", diagnostic.message);
        }
    }
}

#[test]
fn all_mistakes_of_a_file_are_found_in_one_run_and_the_rest_is_read() {
    let text = "a: @x\nb:\n  c: \"d\" e\n  f: 1\n1: x\ng:\n\th: 1\ni: [j\nk: l\nk: m\n";
    let parsed = read(text);
    let codes: Vec<_> = parsed.diagnostics.iter().map(|one| one.code.0).collect();
    assert_eq!(
        codes,
        [
            "yaml-syntax",
            "yaml-syntax",
            "yaml-non-string-key",
            "yaml-tab",
            "yaml-syntax",
            "yaml-duplicate-key",
        ]
    );
    assert!(parsed.partial);
    let shapes: Vec<_> = parsed.documents.iter().map(shape).collect();
    assert_eq!(shapes, ["{b: {f: 1}, 1: \"x\", g: null, k: \"l\"}"]);
}

#[test]
fn problems_of_meaning_leave_nothing_out() {
    let parsed = read("a: 1\na: 2\n");
    assert!(!parsed.partial);
    assert!(parsed.diagnostics.has_errors());
}

#[test]
fn tabs_where_they_mean_nothing_are_taken() {
    let texts = [
        "a:\t1\n",
        "a: [\n\tb,\n\tc\n\t]\n",
        "a: b\tc\n",
        "a: |\n  \tb\n",
        "a: {\n\tb: c }\n",
    ];
    for text in texts {
        assert_eq!(problems(text), Vec::<String>::new(), "{text:?}");
    }
}

#[test]
fn an_error_in_one_document_does_not_hide_the_next() {
    let parsed = read("a: [\n---\nb: 1\n---\nb: 1\nb: 2\n");
    let codes: Vec<_> = parsed.diagnostics.iter().map(|one| one.code.0).collect();
    assert_eq!(codes, ["yaml-syntax", "yaml-duplicate-key"]);
}
