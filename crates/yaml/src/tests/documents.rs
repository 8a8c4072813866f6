use super::{read, root, shape};
use crate::{Kind, Location, Node, Sources, Tag, decode, decode_into};

fn text_under<'t>(text: &'t str, node: Option<&Node>) -> Option<&'t str> {
    let span = node?.span;
    text.get(span.start as usize..span.end as usize)
}

#[test]
fn spans_hold_the_text_of_keys_and_values_also_behind_other_alphabets() {
    let text = "ключ: \"é\"  # ü\nb:\n  - ä\n  - {c: d}\ne: >\n  ö\n  x\nf: last\n";
    let node = root(text);
    let b = node.get("b");
    let item = |at: usize| {
        b.and_then(Node::as_sequence)
            .and_then(|items| items.get(at))
    };
    assert_eq!(text_under(text, node.get("ключ")), Some("\"é\""));
    assert_eq!(text_under(text, item(0)), Some("ä"));
    assert_eq!(text_under(text, item(1)), Some("{c: d}"));
    assert_eq!(text_under(text, b), Some("- ä\n  - {c: d}"));
    assert_eq!(text_under(text, node.get("f")), Some("last"));
    let keys = node.as_mapping().into_iter().flat_map(crate::Mapping::keys);
    for key in keys {
        let under = text.get(key.span.start as usize..key.span.end as usize);
        assert_eq!(under, Some(&*key.text));
    }
    assert_eq!(text_under(text, Some(&node)), Some(text.trim_end()));
}

#[test]
fn aliases_are_replaced_and_keep_the_place_of_their_anchor() {
    let text = "a: &x {k: 1}\nb: *x\nc: [*x, *x]\n";
    let node = root(text);
    assert_eq!(shape(&node), "{a: {k: 1}, b: {k: 1}, c: [{k: 1}, {k: 1}]}");
    assert_eq!(text_under(text, node.get("b")), Some("{k: 1}"));
    assert_eq!(
        node.get("b").map(|node| node.span),
        node.get("a").map(|node| node.span)
    );
}

#[test]
fn an_anchor_defined_again_counts_from_there() {
    let node = root("a: &x 1\nb: *x\nc: &x 2\nd: *x\n");
    assert_eq!(shape(&node), "{a: 1, b: 1, c: 2, d: 2}");
}

#[test]
fn an_alias_can_be_a_key() {
    assert_eq!(
        shape(&root("a: &x name\n*x : 1\n")),
        "{a: \"name\", name: 1}"
    );
}

#[test]
fn local_keys_win_over_merged_ones_whatever_their_order() {
    let node = root("a: &a {k: 1, l: 2}\nb:\n  k: 3\n  <<: *a\nc:\n  <<: *a\n  k: 4\n");
    assert_eq!(
        shape(&node),
        "{a: {k: 1, l: 2}, b: {k: 3, l: 2}, c: {k: 4, l: 2}}"
    );
}

#[test]
fn the_first_of_several_merged_mappings_wins_and_nothing_is_merged_deep() {
    let node = root(
        "a: &a {e: {x: 1}}\nb: &b {e: {y: 2}, f: 3}\nc:\n  <<: [*a, *b, {g: 4}]\nd: {<<: {h: 5}}\n",
    );
    assert_eq!(
        shape(&node),
        "{a: {e: {x: 1}}, b: {e: {y: 2}, f: 3}, c: {e: {x: 1}, f: 3, g: 4}, d: {h: 5}}"
    );
}

#[test]
fn a_merged_mapping_brings_what_it_merged_itself() {
    let node = root("a: &a {k: 1}\nb: &b\n  <<: *a\n  l: 2\nc:\n  <<: *b\n");
    assert_eq!(
        shape(&node),
        "{a: {k: 1}, b: {l: 2, k: 1}, c: {l: 2, k: 1}}"
    );
}

#[test]
fn an_alias_of_a_list_of_mappings_can_be_merged() {
    let node = root("a: &a [{k: 1}, {l: 2}]\nb:\n  <<: *a\n");
    assert_eq!(shape(&node), "{a: [{k: 1}, {l: 2}], b: {k: 1, l: 2}}");
}

#[test]
fn a_quoted_merge_key_is_an_ordinary_key() {
    assert_eq!(shape(&root("\"<<\": 1\n")), "{<<: 1}");
}

#[test]
fn compose_tags_are_kept_on_every_kind_of_node_and_through_aliases() {
    let node = root("a: !reset\nb: !override {k: 1}\nc: [!reset x]\nd: &d !override [1]\ne: *d\n");
    let tag = |key: &str| node.get(key).and_then(|node| node.tag);
    assert_eq!(tag("a"), Some(Tag::Reset));
    assert_eq!(tag("b"), Some(Tag::Override));
    assert_eq!(tag("c"), None);
    assert_eq!(tag("e"), Some(Tag::Override));
    let items = node
        .get("c")
        .and_then(Node::as_sequence)
        .unwrap_or_default();
    assert_eq!(items.first().and_then(|node| node.tag), Some(Tag::Reset));
}

#[test]
fn every_document_of_a_text_is_returned() {
    let parsed = read("a: 1\n---\nb: 2\n---\n...\n---\nc: 3\n");
    let shapes: Vec<_> = parsed.documents.iter().map(shape).collect();
    assert_eq!(shapes, ["{a: 1}", "{b: 2}", "null", "{c: 3}"]);
}

#[test]
fn a_text_of_comments_has_no_document() {
    assert!(read("").documents.is_empty());
    assert!(read("# nothing\n").documents.is_empty());
}

#[test]
fn byte_order_mark_and_carriage_returns_are_read_over() {
    let text = "\u{feff}a: x\r\nb: |\r\n  one\r\n  two\r\n";
    let node = root(text);
    assert_eq!(shape(&node), "{a: \"x\", b: \"one\\ntwo\\n\"}");
    assert_eq!(text_under(text, node.get("a")), Some("x"));
}

#[test]
fn equal_keys_share_their_text() {
    let node = root("a: {image: x}\nb: {image: y}\n");
    let key = |name: &str| match &node.get(name).map(|node| &node.kind) {
        Some(Kind::Mapping(mapping)) => mapping.keys().next().map(|key| key.text.clone()),
        Some(Kind::Sequence(_) | Kind::Scalar(_)) | None => None,
    };
    let (first, second) = (key("a"), key("b"));
    assert!(matches!((first, second), (Some(a), Some(b)) if std::sync::Arc::ptr_eq(&a, &b)));
}

#[test]
fn bytes_that_are_not_utf8_are_named_by_line_and_column() {
    let problem = decode("compose.yaml", b"a: 1\n\xc3\xa9: \xff\n".to_vec()).err();
    let message = problem.map(|diagnostic| diagnostic.message);
    assert_eq!(
        message.as_deref(),
        Some("byte 0xFF at `compose.yaml` line 2, column 4 is not UTF-8")
    );
    assert_eq!(decode("x", b"a: 1".to_vec()).ok().as_deref(), Some("a: 1"));
}

#[test]
fn bytes_that_are_not_utf8_can_be_shown_in_their_text() {
    let mut sources = Sources::default();
    let problem = decode_into(
        &mut sources,
        "compose.yaml",
        b"a: 1\n\xc3\xa9: \xff\n".to_vec(),
    )
    .err();
    let span = problem.and_then(|diagnostic| Some(diagnostic.labels.first()?.span));
    let location = span.and_then(|span| sources.location(span));
    assert_eq!(location, Some(Location { line: 2, column: 4 }));
    let under = span.and_then(|span| {
        let source = sources.get(span.file)?;
        source.text.get(span.start as usize..span.end as usize)
    });
    assert_eq!(under, Some("\u{fffd}"));
    assert!(decode_into(&mut sources, "b.yaml", b"a: 1".to_vec()).is_ok());
}
