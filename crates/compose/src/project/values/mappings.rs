//! Free mappings from names to texts.

use tranship_yaml::{Kind, Node};

use crate::field::{Environment, ExtraHosts, Labels, Map, MultiOptions, Options};
use crate::project::attribute::Attribute;
use crate::project::decoder::Decoder;

impl Attribute for Labels {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        if node.as_sequence().is_none() {
            return texts(node, decoder, "a mapping or a list").map(Self);
        }
        let mut labels = Map::default();
        decoder.list(node, |item, decoder| {
            let text = decoder.string(item)?;
            let (key, value) = text.split_once('=').unwrap_or((text, ""));
            labels.insert(key.to_owned(), value.to_owned());
            Some(())
        })?;
        Some(Self(labels))
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn inherit(&mut self, base: &Self) {
        let own = std::mem::replace(self, base.clone());
        self.extend(own.0);
    }
}

impl Attribute for Options {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        texts(node, decoder, "a mapping").map(Self)
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn inherit(&mut self, base: &Self) {
        let own = std::mem::replace(self, base.clone());
        self.extend(own.0);
    }
}

impl Attribute for MultiOptions {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let mut options = map_of(node, decoder, |value, decoder| match &value.kind {
            Kind::Sequence(_) => {
                decoder.list(value, |item, decoder| decoder.text(item).map(Into::into))
            }
            Kind::Scalar(_) | Kind::Mapping(_) => {
                decoder.text(value).map(|text| vec![text.into_owned()])
            }
        })?;
        // Given no times, an option is not given.
        options.retain(|_, values: &mut Vec<String>| !values.is_empty());
        Some(Self(options))
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Attribute for Environment {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        if node.as_sequence().is_none() {
            return map_of(node, decoder, |value, decoder| {
                if value.is_null() {
                    Some(None)
                } else {
                    decoder.text(value).map(|text| Some(text.into_owned()))
                }
            })
            .map(Self);
        }
        let mut variables = Map::default();
        decoder.list(node, |item, decoder| {
            let (name, value) = variable(item, decoder)?;
            variables.insert(name.to_owned(), value.map(str::to_owned));
            Some(())
        })?;
        Some(Self(variables))
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn inherit(&mut self, base: &Self) {
        let own = std::mem::replace(self, base.clone());
        self.extend(own.0);
    }
}

/// `NAME=value`, or `NAME` alone.
fn variable<'t>(item: &'t Node, decoder: &mut Decoder<'t>) -> Option<(&'t str, Option<&'t str>)> {
    let text = decoder.string(item)?;
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    if name.ends_with(char::is_whitespace) {
        let what = format_args!("the name of `{}` ends in a space", name.trim_end());
        return decoder.invalid(item, &what, "remove the space before `=`");
    }
    Some((name, value))
}

impl Attribute for ExtraHosts {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let mut hosts = Self::default();
        if node.as_sequence().is_some() {
            decoder.list(node, |item, decoder| {
                let entry = decoder.string(item)?;
                hosts
                    .add_entry(entry)
                    .or_else(|error| {
                        decoder
                            .invalid(item, &error, "write host=address")
                            .ok_or(())
                    })
                    .ok()
            })?;
            return Some(hosts);
        }
        for (host, value) in decoder.entries(node)? {
            let addresses = decoder.at_key(&host.text, |decoder| addresses(value, decoder));
            if let Err(error) = hosts.add(&host.text, addresses.iter().map(String::as_str)) {
                decoder.invalid::<()>(value, &error, "");
            }
        }
        Some(hosts)
    }

    fn is_absent(&self) -> bool {
        self.0.is_empty()
    }

    fn inherit(&mut self, base: &Self) {
        let own = std::mem::replace(self, base.clone());
        for (host, addresses) in own.0 {
            let known = self.0.entry(host).or_default();
            let new = addresses
                .into_iter()
                .filter(|address| !known.contains(address))
                .collect::<Vec<_>>();
            known.extend(new);
        }
    }
}

fn addresses<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Vec<String> {
    let addresses = match &node.kind {
        Kind::Sequence(_) => decoder.list(node, String::decode),
        Kind::Scalar(_) | Kind::Mapping(_) => {
            decoder.string(node).map(|text| vec![text.to_owned()])
        }
    };
    addresses.unwrap_or_default()
}

/// A mapping of names to texts; null is an empty text.
fn texts<'t>(node: &'t Node, decoder: &mut Decoder<'t>, wanted: &str) -> Option<Map<String>> {
    if node.as_mapping().is_none() {
        return decoder.wrong_type(node, wanted);
    }
    map_of(node, decoder, |value, decoder| {
        if value.is_null() {
            Some(String::new())
        } else {
            decoder.text(value).map(Into::into)
        }
    })
}

/// Names and texts that must both be there.
pub(crate) fn key_value_pairs<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Labels> {
    for item in node.as_sequence().unwrap_or_default() {
        let text = item.as_scalar().map_or("", |scalar| &scalar.text);
        if !text.contains('=') {
            decoder.invalid::<()>(
                item,
                &format_args!("`{text}` has no value"),
                "write name=value",
            );
        }
    }
    Labels::decode(node, decoder)
}

/// A mapping of free keys.
pub(super) fn map_of<'t, T>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
    mut read: impl FnMut(&'t Node, &mut Decoder<'t>) -> Option<T>,
) -> Option<Map<T>> {
    let entries = decoder.entries(node)?;
    let mut map =
        Map::with_capacity_and_hasher(entries.len(), foldhash::fast::RandomState::default());
    for (key, value) in entries {
        if let Some(value) = decoder.at_key(&key.text, |decoder| read(value, decoder)) {
            map.insert(key.text.to_string(), value);
        }
    }
    Some(map)
}
