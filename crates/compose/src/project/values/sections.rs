//! Mappings whose keys are names: of services, networks and the like.

use tranship_yaml::Node;

use super::mappings::map_of;
use super::nullable;
use crate::field::Map;
use crate::project::attribute::Attribute;
use crate::project::decoder::Decoder;
use crate::project::{Condition, Dependency};

/// A section of the file: every key is a legal name.
pub(crate) fn named<'t, T: Attribute>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Map<T>> {
    check_names(node, decoder);
    map_of(node, decoder, T::decode)
}

/// A section of the file where a name alone is enough.
pub(crate) fn named_or_null<'t, T: Attribute + Default>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Option<Map<T>> {
    check_names(node, decoder);
    map_of(node, decoder, |value, decoder| {
        if value.is_null() {
            Some(T::default())
        } else {
            T::decode(value, decoder)
        }
    })
}

fn check_names(node: &Node, decoder: &mut Decoder<'_>) {
    for key in node
        .as_mapping()
        .into_iter()
        .flat_map(tranship_yaml::Mapping::keys)
    {
        if !is_name(&key.text) {
            decoder.bad_name(key);
        }
    }
}

/// `[a-zA-Z0-9._-]+`
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// A list of names, or a mapping of names to settings.
pub(crate) fn names_or_map<'t, T: Attribute>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Option<Map<Option<T>>> {
    if node.as_sequence().is_none() {
        check_names(node, decoder);
        return map_of(node, decoder, nullable);
    }
    let names = decoder.list(node, filled_name)?;
    Some(names.into_iter().map(|name| (name, None)).collect())
}

fn filled_name<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<String> {
    let name = decoder.string(node)?;
    if name.is_empty() {
        let help = "give one; an unset variable leaves nothing here";
        return decoder.invalid(node, &"a name is empty", help);
    }
    Some(name.to_owned())
}

/// A list of names, or a mapping of names to conditions.
pub(crate) fn dependencies<'t>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Option<Map<Dependency>> {
    if node.as_sequence().is_none() {
        return Map::decode(node, decoder);
    }
    let names = decoder.list(node, String::decode)?;
    Some(
        names
            .into_iter()
            .map(|name| (name, Dependency::on_start()))
            .collect(),
    )
}

impl Dependency {
    /// What the short form means.
    pub(crate) fn on_start() -> Self {
        Self {
            condition: Some(Condition::Started),
            ..Self::default()
        }
    }
}

/// A boolean, or the former `{name: …}`.
pub(crate) fn external<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<bool> {
    if let Some(mapping) = node.as_mapping() {
        for key in mapping
            .keys()
            .filter(|key| &*key.text != "name" && !key.text.starts_with("x-"))
        {
            decoder.at_key(&key.text, |decoder| decoder.unknown_key(key, &["name"]));
        }
        Some(true)
    } else {
        decoder.boolean(node)
    }
}
