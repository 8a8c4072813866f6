use super::root;
use crate::{ScalarKind, go_float};

/// Texts with the type and the `%v` rendering Go gives them: go.yaml.in/yaml/v4 v4.0.0-rc.4, the
/// reader inside compose-go 2.16.2.
const RECORDED: &str = include_str!("go_scalars.tsv");

fn kind_name(kind: ScalarKind) -> &'static str {
    match kind {
        ScalarKind::Null => "null",
        ScalarKind::Bool => "bool",
        ScalarKind::Integer => "integer",
        ScalarKind::Float => "float",
        ScalarKind::Timestamp => "timestamp",
        ScalarKind::String => "string",
    }
}

#[test]
fn plain_scalars_resolve_and_print_as_in_go() {
    let mut seen = 0;
    for line in RECORDED.lines() {
        let mut columns = line.split('\t');
        let (Some(text), Some(kind), Some(printed)) =
            (columns.next(), columns.next(), columns.next())
        else {
            unreachable!("three columns: {line}");
        };
        let node = root(&format!("v: {text}"));
        let scalar = node.get("v").and_then(crate::Node::as_scalar);
        let ours = scalar.map(|scalar| (kind_name(scalar.kind), scalar.go_text().into_owned()));
        assert_eq!(ours, Some((kind, printed.to_owned())), "{text}");
        seen += 1;
    }
    assert!(seen > 300, "{seen}");
}

#[test]
fn quoted_and_block_scalars_are_strings() {
    for text in ["\"1\"", "'true'", "|\n  1", ">-\n  null"] {
        let node = root(&format!("v: {text}"));
        let scalar = node.get("v").and_then(crate::Node::as_scalar);
        let kind = scalar.map(|scalar| scalar.kind);
        assert_eq!(kind, Some(ScalarKind::String), "{text}");
    }
}

#[test]
fn tags_decide_as_in_go() {
    let cases = [
        ("!!str 010", ScalarKind::String, "010"),
        ("!!int \"3\"", ScalarKind::Integer, "3"),
        ("!<tag:yaml.org,2002:int> \"4\"", ScalarKind::Integer, "4"),
        ("!!float 3", ScalarKind::Float, "3"),
        ("!!float 010", ScalarKind::Float, "8"),
        ("!!bool \"true\"", ScalarKind::Bool, "true"),
        ("!!null \"\"", ScalarKind::Null, "<nil>"),
        ("! 12", ScalarKind::Integer, "12"),
        ("!unknown 12", ScalarKind::String, "12"),
        ("!override 010", ScalarKind::String, "010"),
        ("!override", ScalarKind::String, ""),
        ("!reset", ScalarKind::Null, "<nil>"),
    ];
    for (text, kind, printed) in cases {
        let node = root(&format!("v: {text}"));
        let scalar = node.get("v").and_then(crate::Node::as_scalar);
        let ours = scalar.map(|scalar| (scalar.kind, scalar.go_text().into_owned()));
        assert_eq!(ours, Some((kind, printed.to_owned())), "{text}");
    }
}

#[test]
fn accessors_give_values_of_their_own_kind_only() {
    let node = root("[0x1F, -3, 18446744073709551615, 1.5, true, \"5\", null]");
    let scalars: Vec<_> = node
        .as_sequence()
        .unwrap_or_default()
        .iter()
        .filter_map(crate::Node::as_scalar)
        .collect();
    let signed: Vec<_> = scalars.iter().map(|scalar| scalar.as_i64()).collect();
    let unsigned: Vec<_> = scalars.iter().map(|scalar| scalar.as_u64()).collect();
    let floats: Vec<_> = scalars.iter().map(|scalar| scalar.as_f64()).collect();
    let booleans: Vec<_> = scalars.iter().map(|scalar| scalar.as_bool()).collect();
    assert_eq!(signed, [Some(31), Some(-3), None, None, None, None, None]);
    let largest = Some(u64::MAX);
    assert_eq!(unsigned, [Some(31), None, largest, None, None, None, None]);
    let rounded = Some(18_446_744_073_709_551_615.0);
    assert_eq!(
        floats,
        [Some(31.0), Some(-3.0), rounded, Some(1.5), None, None, None]
    );
    assert_eq!(booleans, [None, None, None, None, Some(true), None, None]);
}

#[test]
fn floats_print_as_gos_v() {
    let cases = [
        (100_000_000.5, "1.000000005e+08"),
        (1e6, "1e+06"),
        (100_000.0, "100000"),
        (0.0001, "0.0001"),
        (0.00001, "1e-05"),
        (-0.0, "-0"),
        (97_364_277_520_209.63, "9.736427752020962e+13"),
        (f64::INFINITY, "+Inf"),
        (f64::NEG_INFINITY, "-Inf"),
        (f64::NAN, "NaN"),
    ];
    for (value, printed) in cases {
        assert_eq!(go_float(value), printed);
    }
}
