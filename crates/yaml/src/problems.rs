//! The words of this crate's diagnostics.

use crate::builder::Read;
use crate::{Budget, Diagnostic, Key, Kind, Node, ScalarKind, Span, codes};

pub(crate) fn duplicate_key(first: &Key, second: Span) -> Diagnostic {
    Diagnostic::error(
        codes::DUPLICATE_KEY,
        format!("key `{}` stands twice in one mapping", first.text),
    )
    .at(second, "defined again here")
    .at(first.span, "first defined here")
    .help("remove one of the two, or rename it")
}

pub(crate) fn second_merge(second: Span, first: Span) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE_KEY, "key `<<` stands twice in one mapping")
        .at(second, "merged again here")
        .at(first, "first merged here")
        .help("merge several mappings with one list: `<<: [*first, *second]`")
}

pub(crate) fn non_string_key(key: &Read<'_>) -> Diagnostic {
    let kind = match key.kind {
        ScalarKind::Null => "null",
        ScalarKind::Bool => "a boolean",
        ScalarKind::Integer | ScalarKind::Float => "a number",
        ScalarKind::Timestamp => "a date",
        ScalarKind::String => "a string",
    };
    let text = key.text;
    Diagnostic::error(
        codes::NON_STRING_KEY,
        format!("key `{text}` is {kind}, not a string"),
    )
    .at(key.span, "not a string")
    .help(format!("put it in quotes: `\"{text}\"`"))
}

pub(crate) fn structured_key(key: &Node, span: Span) -> Diagnostic {
    let kind = key.kind_name();
    let diagnostic = Diagnostic::error(codes::NON_STRING_KEY, format!("{kind} cannot be a key"))
        .at(span, "not a string");
    match key.kind {
        Kind::Mapping(_) => diagnostic.help(
            "a text that begins with `{` must stand in quotes, such as `\"{{ name }}\": value`",
        ),
        Kind::Sequence(_) | Kind::Scalar(_) => {
            diagnostic.help("a text that begins with `[` must stand in quotes")
        }
    }
}

pub(crate) fn unknown_anchor(name: &str, span: Span) -> Diagnostic {
    let message = format!("alias `*{name}` has no anchor `&{name}` before it");
    Diagnostic::error(codes::UNKNOWN_ANCHOR, message)
        .at(span, "refers to nothing")
        .help(format!(
            "put `&{name}` before the value to repeat, earlier in the same document; if a text \
             that begins with `*` is meant, put it in quotes"
        ))
}

pub(crate) fn self_reference(alias: Span, anchor: Span) -> Diagnostic {
    Diagnostic::error(
        codes::SELF_REFERENCE,
        "an alias stands inside the value it repeats",
    )
    .at(alias, "this would contain itself without end")
    .at(anchor, "the value with the anchor begins here")
    .help("move the part to repeat into a value of its own and put the anchor there")
}

pub(crate) fn too_many_problems(budget: &Budget, place: Option<Span>) -> Diagnostic {
    let message = format!(
        "{} problems were found; the rest of the file was not read",
        budget.problems
    );
    let diagnostic = Diagnostic::error(codes::TOO_MANY_PROBLEMS, message)
        .help("mend the problems above and run again");
    match place {
        Some(span) => diagnostic.at(span, "reading ended here"),
        None => diagnostic,
    }
}

pub(crate) fn too_many_nodes(budget: &Budget, span: Span) -> Diagnostic {
    let message = format!(
        "more than {} values, counted after aliases were replaced",
        budget.nodes
    );
    Diagnostic::error(codes::TOO_MANY_NODES, message)
        .at(span, "the budget is spent here")
        .help("split the file, repeat less with aliases, or raise the limit")
}

pub(crate) fn too_many_bytes(budget: &Budget, span: Span) -> Diagnostic {
    let message = format!(
        "more than {} bytes of text, counted after aliases were replaced",
        budget.scalar_bytes
    );
    Diagnostic::error(codes::TOO_MANY_BYTES, message)
        .at(span, "the budget is spent here")
        .help("split the file, repeat less with aliases, or raise the limit")
}

pub(crate) fn too_deep(budget: &Budget, span: Span) -> Diagnostic {
    let message = format!(
        "more than {} lists and mappings inside each other",
        budget.depth
    );
    Diagnostic::error(codes::TOO_DEEP, message)
        .at(span, "too deep here")
        .help("no compose file needs this; look for brackets that were never closed")
}

pub(crate) fn too_large(budget: &Budget, bytes: usize, start: Span) -> Diagnostic {
    let message = format!(
        "the file has {bytes} bytes, more than the {} allowed",
        budget.file_bytes
    );
    Diagnostic::error(codes::FILE_TOO_LARGE, message)
        .at(start, "not read")
        .help("check that this is the right file; if it is, split it or raise the limit")
}

pub(crate) fn unmergeable(merge: Span, value: &Node) -> Diagnostic {
    let message = format!("`<<` cannot merge {}", value.kind_name());
    Diagnostic::error(codes::MERGE_VALUE, message)
        .at(merge, "wants a mapping or a list of mappings")
        .at(value.span, "this is the value")
        .help("give it an alias of a mapping (`<<: *base`) or a list of them (`<<: [*a, *b]`)")
}

pub(crate) fn wrong_tag(tag: &str, text: &str, span: Span) -> Diagnostic {
    Diagnostic::error(codes::WRONG_TAG, format!("`{text}` is no `!!{tag}`"))
        .at(span, format!("does not fit its tag `!!{tag}`"))
        .help("mend the value or remove the tag")
}

pub(crate) fn binary(span: Span) -> Diagnostic {
    Diagnostic::error(
        codes::WRONG_TAG,
        "a binary value (`!!binary`) cannot be used here",
    )
    .at(span, "not text")
    .help("write the value as text; put bytes into a file and use a config or secret")
}

pub(crate) fn escaped_nul(span: Span) -> Diagnostic {
    Diagnostic::error(codes::CONTROL_CHARACTER, "a NUL (`\\0`) in a text")
        .at(span, "holds a NUL")
        .help("remove it; no program can be given a NUL in its settings")
}

/// The diagnostic for a second document where a caller takes only one.
#[must_use]
pub fn several_documents(second: &Node) -> Diagnostic {
    Diagnostic::error(
        codes::SEVERAL_DOCUMENTS,
        "the file has several documents where one is expected",
    )
    .at(second.span, "the second document begins here")
    .help("remove the line `---`, or put each document into a file of its own")
}
