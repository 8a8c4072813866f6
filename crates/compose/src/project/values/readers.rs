//! Ways to read an attribute that differ from its type's own.

use tranship_yaml::{Kind, Node, ScalarKind};

use super::{Decoded, filled};
use crate::field::{ByteSize, Decimal, PortRange};
use crate::project::Resource;
use crate::project::attribute::Attribute;
use crate::project::decoder::Decoder;

/// Null stands for "not given".
pub(crate) fn nullable<'t, T: Attribute>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Decoded<Option<T>> {
    if node.is_null() {
        Some(None)
    } else {
        T::decode(node, decoder).map(filled)
    }
}

/// A value that counts as given even when it is empty, as an unset variable leaves it.
pub(crate) fn given<'t, T: Attribute>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Decoded<Option<T>> {
    T::decode(node, decoder).map(Some)
}

/// An amount of memory that must be written as a string.
pub(crate) fn byte_text<'t>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Decoded<Option<ByteSize>> {
    decoder.string_like(
        node,
        "write an amount such as 512M, in quotes if it is a plain number",
    )?;
    Option::decode(node, decoder)
}

/// A name engines take: a letter or digit with more letters, digits, `_`, `.` or `-` behind it.
pub(crate) fn container_name<'t>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Decoded<Option<String>> {
    let name = decoder.string(node)?;
    let is_inner =
        |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'.' | b'-');
    let has_legal_part = name.as_bytes().windows(2).any(|pair| match pair {
        [first, second] => first.is_ascii_alphanumeric() && is_inner(*second),
        _ => false,
    });
    if !has_legal_part {
        let help = "use at least two letters, digits, `_`, `.` or `-`";
        return decoder.invalid(
            node,
            &format_args!("`{name}` is not a container name"),
            help,
        );
    }
    Some(Some(name.to_owned()))
}

/// A whole number within bounds; zero stands for "not given".
fn bounded<'t, const LEAST: i64, const MOST: i64>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Decoded<Option<i64>> {
    let value = i64::decode(node, decoder)?;
    if (LEAST..=MOST).contains(&value) {
        return Some((value != 0).then_some(value));
    }
    let what = format_args!("{value} is not between {LEAST} and {MOST}");
    decoder.invalid(node, &what, "")
}

/// A count; zero stands for "not given".
pub(crate) fn count<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Decoded<Option<i64>> {
    bounded::<0, { i64::MAX }>(node, decoder)
}

/// How soon a container is stopped when memory runs out.
pub(crate) fn oom_score<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Decoded<Option<i64>> {
    bounded::<-1000, 1000>(node, decoder)
}

/// An amount that cannot be negative.
pub(crate) fn amount<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Decoded<Option<ByteSize>> {
    let size = ByteSize::decode(node, decoder)?;
    if size.0 < 0 {
        return decoder.invalid(node, &format_args!("{size} is negative"), "give 0 or more");
    }
    Some(filled(size))
}

/// A share in percent.
pub(crate) fn percent<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Decoded<Option<Decimal>> {
    let share = Decimal::decode(node, decoder)?;
    if !(0.0..=100.0).contains(&share.0) {
        return decoder.invalid(node, &format_args!("{share} is not between 0 and 100"), "");
    }
    if share.0.fract() != 0.0 {
        let help = "give a whole number";
        return decoder.invalid(node, &format_args!("{share} is not a whole number"), help);
    }
    Some(filled(share))
}

/// Zero stands for "not given", as for everything Go leaves out when it is zero.
pub(crate) fn nonzero<'t, T: Attribute + Default + PartialEq>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Decoded<Option<T>> {
    let value = T::decode(node, decoder)?;
    Some((value != T::default()).then_some(value))
}

/// A string, or a list of them.
pub(crate) fn string_or_list<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Vec<String>> {
    match &node.kind {
        Kind::Sequence(_) => decoder.list(node, String::decode),
        Kind::Scalar(scalar) if scalar.kind == ScalarKind::String => {
            Some(vec![scalar.text.to_string()])
        }
        Kind::Scalar(_) | Kind::Mapping(_) => {
            decoder.wrong_type(node, "a string or a list of strings")
        }
    }
}

/// The same, without empty strings.
pub(crate) fn filled_string_or_list<'t>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Option<Vec<String>> {
    let mut list = string_or_list(node, decoder)?;
    list.retain(|text| !text.is_empty());
    Some(list)
}

/// One value in short form, or a list of them.
pub(crate) fn one_or_list<'t, T: Attribute>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Option<Vec<T>> {
    match &node.kind {
        Kind::Sequence(_) => decoder.list(node, T::decode),
        Kind::Scalar(scalar) if scalar.kind == ScalarKind::String => {
            T::decode(node, decoder).map(|value| vec![value])
        }
        Kind::Scalar(_) | Kind::Mapping(_) => decoder.wrong_type(node, "a string or a list"),
    }
}

/// A list of strings and numbers.
pub(crate) fn strings_or_numbers<'t>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Option<Vec<String>> {
    decoder.list(node, |item, decoder| {
        decoder.string_or_number(item).map(Into::into)
    })
}

/// A string, or a boolean as a word.
pub(crate) fn text_or_boolean<'t>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Decoded<Option<String>> {
    decoder.text(node).map(|text| filled(text.into_owned()))
}

/// A port of the long form; nothing counts as none.
pub(crate) fn published<'t>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Decoded<Option<PortRange>> {
    if is_empty_string(node) {
        Some(None)
    } else {
        PortRange::decode(node, decoder).map(Some)
    }
}

fn is_empty_string(node: &Node) -> bool {
    node.as_scalar()
        .is_some_and(|scalar| scalar.kind == ScalarKind::String && scalar.text.is_empty())
}

/// Permission bits, where the prefix gives the base: `0o22`, `022`, `0x12`, `18`.
pub(crate) fn umask<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Decoded<Option<u32>> {
    if node.is_null() {
        return Some(None);
    }
    let text = match node.as_scalar() {
        Some(scalar) if scalar.kind == ScalarKind::String => &*scalar.text,
        Some(_) | None => return u32::decode(node, decoder).map(Some),
    };
    let (digits, radix) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (text.get(2..), 16),
        [b'0', b'o' | b'O', ..] => (text.get(2..), 8),
        [b'0', b'b' | b'B', ..] => (text.get(2..), 2),
        [b'0', _, ..] => (text.get(1..), 8),
        _ => (Some(text), 10),
    };
    match u32::from_str_radix(digits.unwrap_or_default(), radix) {
        Ok(bits) => Some(Some(bits)),
        Err(_) => decoder.invalid(
            node,
            &format_args!("`{text}` is not a umask"),
            "write one such as \"0022\"",
        ),
    }
}

/// What a task may use at most; devices are set aside, not limited.
pub(crate) fn limits<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Decoded<Option<Resource>> {
    without(node, &["devices", "generic_resources"], decoder);
    Option::decode(node, decoder)
}

/// What is set aside for a task; processes are limited, not set aside.
pub(crate) fn reservations<'t>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Decoded<Option<Resource>> {
    without(node, &["pids"], decoder);
    Option::decode(node, decoder)
}

/// Reports keys that mean something in a mapping of this kind, but not here.
fn without<'t>(node: &'t Node, keys: &[&str], decoder: &mut Decoder<'t>) {
    for (key, _) in node.as_mapping().into_iter().flatten() {
        if keys.contains(&&*key.text) {
            decoder.at_key(&key.text, |decoder| decoder.unknown_key(key, &[]));
        }
    }
}
