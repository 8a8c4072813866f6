//! How each kind of value is read.

use std::net::IpAddr;

use tranship_yaml::{Diagnostic, Kind, Node, ScalarKind};

use super::attribute::Attribute;
use super::codes;
use super::decoder::Decoder;
use super::service::{Condition, Dependency};
use super::{Build, EnvFile, FileReference, Schedule, SshKey};
use crate::field::{
    ByteSize, Decimal, DeviceCount, DeviceMapping, DeviceRequest, Duration, Environment,
    ExtraHosts, FileMode, HealthTest, ImageReference, Labels, Map, Mount, MultiOptions, Namespace,
    OptOut, Options, Port, PortRange, PullPolicy, Required, Restart, ShellCommand, Ulimit,
};

impl<T: Attribute + Clone> Attribute for Option<T> {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        T::decode(node, decoder).map(filled)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn inherit(&mut self, base: &Self) {
        match (self, base) {
            (own @ None, Some(base)) => *own = Some(base.clone()),
            (Some(own), Some(base)) => own.inherit(base),
            (Some(_) | None, None) => {}
        }
    }
}

impl<T: Attribute + Clone + PartialEq> Attribute for Vec<T> {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        decoder.list(node, T::decode)
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn inherit(&mut self, base: &Self) {
        let own = std::mem::replace(self, base.clone());
        let own = own.into_iter().filter(|item| !base.contains(item));
        self.extend(own);
    }
}

impl<T: Attribute + Clone> Attribute for Map<T> {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        map_of(node, decoder, T::decode)
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn inherit(&mut self, base: &Self) {
        let own = std::mem::replace(self, base.clone());
        for (key, mut value) in own {
            if let Some(base) = self.get(&key) {
                value.inherit(base);
            }
            self.insert(key, value);
        }
    }
}

impl Attribute for bool {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        decoder.boolean(node)
    }

    fn is_absent(&self) -> bool {
        !self
    }

    fn inherit(&mut self, base: &Self) {
        *self |= *base;
    }
}

impl Attribute for OptOut {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        decoder.boolean(node).map(Self)
    }

    fn is_absent(&self) -> bool {
        self.0
    }
}

impl Attribute for Required {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        decoder.boolean(node).map(Self)
    }
}

impl Attribute for String {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        decoder.string(node).map(str::to_owned)
    }

    fn is_void(&self) -> bool {
        self.is_empty()
    }
}

/// Whole numbers of one type each.
macro_rules! integers {
    ($($type:ty),*) => {
        $(impl Attribute for $type {
            fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
                let value = decoder.integer(node)?;
                let refused = format_args!("{value} is not between {} and {}", Self::MIN, Self::MAX);
                Self::try_from(value).ok().or_else(|| decoder.invalid(node, &refused, ""))
            }
        })*
    };
}

integers!(i64, u64, u32, u16);

/// Types that are read from a string by their own `FromStr`.
macro_rules! parsed {
    ($($type:ty: $help:literal),* $(,)?) => {
        $(impl Attribute for $type {
            fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
                let text = decoder.string(node)?;
                decoder.parse(node, text, $help)
            }
        })*
    };
}

parsed! {
    Duration: "write a number and a unit, such as 30s, 1m30s or 1h",
    PullPolicy: "use always, never, build, missing, refresh, daily, weekly or every_ with a duration such as every_12h",
}

impl Attribute for ByteSize {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        if node
            .as_scalar()
            .is_some_and(|scalar| scalar.kind != ScalarKind::String)
        {
            return i64::decode(node, decoder).map(Self);
        }
        let text = decoder.string(node)?;
        decoder.parse(node, text, "write bytes or an amount such as 512m or 1.5g")
    }

    fn is_absent(&self) -> bool {
        self.0 == 0
    }

    fn is_void(&self) -> bool {
        self.0 == 0
    }
}

impl Attribute for Decimal {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let text = decoder.string_or_number(node)?;
        decoder.parse(node, &text, "give a number such as 0.5")
    }

    fn is_void(&self) -> bool {
        self.0 == 0.0
    }
}

impl Attribute for FileMode {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        if node
            .as_scalar()
            .is_some_and(|scalar| scalar.kind != ScalarKind::String)
        {
            return i64::decode(node, decoder).map(Self);
        }
        let text = decoder.string(node)?;
        decoder.parse(node, text, "give octal permissions such as \"0440\"")
    }
}

impl Attribute for DeviceCount {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let text = decoder.string_or_number(node)?;
        decoder.parse(node, &text, "give a number, or all")
    }

    fn is_void(&self) -> bool {
        *self == Self::Exactly(0)
    }
}

impl Attribute for ImageReference {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        decoder.string(node).map(Self::from)
    }

    fn is_void(&self) -> bool {
        *self == Self::default()
    }
}

impl Attribute for Namespace {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        decoder.string(node).map(Self::from)
    }

    fn is_void(&self) -> bool {
        matches!(self, Self::Named(text) if text.is_empty())
    }
}

impl Attribute for Restart {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let restart = Self::from(decoder.string(node)?);
        if let Self::Other(text) = &restart {
            decoder.odd_word(
                node,
                text,
                &[
                    "no",
                    "always",
                    "on-failure",
                    "on-failure:5",
                    "unless-stopped",
                ],
            );
        }
        Some(restart)
    }

    fn is_void(&self) -> bool {
        matches!(self, Self::Other(text) if text.is_empty())
    }
}

impl Attribute for ShellCommand {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        match &node.kind {
            Kind::Sequence(_) => decoder.list(node, String::decode).map(Self),
            Kind::Scalar(scalar) if scalar.kind == ScalarKind::String => {
                split_command(node, &scalar.text, decoder)
            }
            Kind::Scalar(_) | Kind::Mapping(_) => decoder.wrong_type(node, "a string or a list"),
        }
    }
}

fn split_command(node: &Node, line: &str, decoder: &mut Decoder<'_>) -> Option<ShellCommand> {
    match ShellCommand::split(line) {
        Ok(split) => {
            if let Some(cut) = split.cut {
                warn_of_cut(node, &cut, decoder);
            }
            Some(ShellCommand(split.words))
        }
        Err(error) => decoder.invalid(
            node,
            &error,
            "write the command as a list, one item per word",
        ),
    }
}

fn warn_of_cut(node: &Node, cut: &str, decoder: &mut Decoder<'_>) {
    let message = format!(
        "{}: `{cut}` is cut off, because no shell runs this command",
        decoder.place()
    );
    decoder.warn(
        Diagnostic::warning(codes::COMMAND_CUT, message)
            .at(node.span, "")
            .help("for a shell, write [\"sh\", \"-c\", \"…\"]; for a plain word, put it in quotes"),
    );
}

impl Attribute for HealthTest {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        health_test(node, decoder)?
    }
}

impl Attribute for Ulimit {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        if node.as_mapping().is_none() {
            return i64::decode(node, decoder).map(Self::Single);
        }
        decoder.mapping(node).map(Self::Range)
    }
}

impl Attribute for IpAddr {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let text = decoder.string(node)?;
        decoder.parse(node, text, "give an IP address")
    }
}

impl Attribute for PortRange {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let text = decoder.string_or_number(node)?;
        decoder.parse(node, &text, "give a port, or a range such as 8080-8090")
    }
}

impl Attribute for SshKey {
    fn decode<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let text = decoder.string(node)?;
        match text.split_once('=') {
            Some((id, path)) => Some(Self {
                id: id.to_owned(),
                path: Some(path.to_owned()),
            }),
            None if text == "default" => Some(Self {
                id: text.to_owned(),
                path: None,
            }),
            None => decoder.invalid(
                node,
                &format_args!("`{text}` names no key"),
                "write id=path; only `default` goes without a path",
            ),
        }
    }
}

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
        map_of(node, decoder, |value, decoder| match &value.kind {
            Kind::Sequence(_) => {
                decoder.list(value, |item, decoder| decoder.text(item).map(Into::into))
            }
            Kind::Scalar(_) | Kind::Mapping(_) => {
                decoder.text(value).map(|text| vec![text.into_owned()])
            }
        })
        .map(Self)
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

impl FileReference {
    pub(crate) fn decode_short<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let source = decoder.string(node)?.to_owned();
        Some(Self {
            source: Some(source),
            ..Self::default()
        })
    }
}

impl EnvFile {
    pub(crate) fn decode_short<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let path = decoder.string(node)?.to_owned();
        Some(Self {
            path: Some(path),
            ..Self::default()
        })
    }
}

impl Build {
    pub(crate) fn decode_short<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let context = decoder.string(node)?.to_owned();
        Some(Self {
            context: Some(context),
            ..Self::default()
        })
    }
}

impl Schedule {
    pub(crate) fn decode_short<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let cron = decoder.string(node)?.to_owned();
        Some(Self {
            cron: Some(cron),
            ..Self::default()
        })
    }
}

impl DeviceMapping {
    pub(crate) fn decode_short<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let text = decoder.string(node)?;
        decoder.parse(
            node,
            text,
            "use the long syntax, with source, target and permissions",
        )
    }
}

/// A value, unless it says no more than a missing one.
fn filled<T: Attribute>(value: T) -> Option<T> {
    (!value.is_void()).then_some(value)
}

/// Null stands for "not given".
pub(crate) fn nullable<'t, T: Attribute>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Option<Option<T>> {
    if node.is_null() {
        Some(None)
    } else {
        T::decode(node, decoder).map(filled)
    }
}

/// Zero stands for "not given", as for everything Go leaves out when it is zero.
pub(crate) fn nonzero<'t, T: Attribute + Default + PartialEq>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Option<Option<T>> {
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
) -> Option<Option<String>> {
    decoder.text(node).map(|text| filled(text.into_owned()))
}

/// A port of the long form; nothing counts as none.
pub(crate) fn published<'t>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Option<Option<PortRange>> {
    if is_empty_string(node) {
        Some(None)
    } else {
        PortRange::decode(node, decoder).map(Some)
    }
}

/// An address; nothing counts as none.
pub(crate) fn address_text<'t>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Option<Option<IpAddr>> {
    if is_empty_string(node) {
        Some(None)
    } else {
        IpAddr::decode(node, decoder).map(Some)
    }
}

fn is_empty_string(node: &Node) -> bool {
    node.as_scalar()
        .is_some_and(|scalar| scalar.kind == ScalarKind::String && scalar.text.is_empty())
}

/// Permission bits, where the prefix gives the base: `0o22`, `022`, `0x12`, `18`.
pub(crate) fn umask<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Option<u32>> {
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
fn map_of<'t, T>(
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
        .flat_map(|mapping| mapping.keys())
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
        return map_of(node, decoder, nullable);
    }
    let names = decoder.list(node, String::decode)?;
    Some(names.into_iter().map(|name| (name, None)).collect())
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

/// Ports; one short entry can give several.
pub(crate) fn ports<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Vec<Port>> {
    let lists = decoder.list(node, |item, decoder| {
        if item.as_mapping().is_some() {
            return Port::decode(item, decoder).map(|port| vec![port]);
        }
        let text = decoder.string_or_number(item)?;
        let help = "write [address:][host port:]container port[/protocol]";
        Port::parse_short(&text).map_or_else(|error| decoder.invalid(item, &error, help), Some)
    })?;
    Some(lists.into_iter().flatten().collect())
}

/// A line for the shell, or a list that starts with its kind.
pub(crate) fn health_test<'t>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Option<Option<HealthTest>> {
    match &node.kind {
        Kind::Scalar(scalar) if scalar.kind == ScalarKind::String => {
            Some(Some(HealthTest::shell(&scalar.text)))
        }
        Kind::Sequence(_) => {
            let items = decoder.list(node, String::decode)?;
            HealthTest::from_list(items).map_or_else(
                |error| {
                    decoder.invalid(node, &error, "start the list with \"CMD\" or \"CMD-SHELL\"")
                },
                Some,
            )
        }
        Kind::Scalar(_) | Kind::Mapping(_) => decoder.wrong_type(node, "a string or a list"),
    }
}

/// `all`, or a list of requests.
pub(crate) fn gpus<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Vec<DeviceRequest>> {
    match node.as_scalar() {
        Some(scalar) if &*scalar.text == "all" => Some(vec![DeviceRequest {
            count: Some(DeviceCount::All),
            ..DeviceRequest::default()
        }]),
        Some(_) => decoder.wrong_type(node, "a list or the word `all`"),
        None => decoder.list(node, DeviceRequest::decode),
    }
}

/// A list of `id=path`, or a mapping.
pub(crate) fn ssh_keys<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Vec<SshKey>> {
    if node.as_mapping().is_none() {
        return decoder.list(node, SshKey::decode);
    }
    let paths = map_of(node, decoder, |value, decoder| {
        if value.is_null() {
            Some(None)
        } else {
            decoder.text(value).map(|text| filled(text.into_owned()))
        }
    })?;
    Some(
        paths
            .into_iter()
            .map(|(id, path)| SshKey { id, path })
            .collect(),
    )
}

/// A boolean, or the former `{name: …}`.
pub(crate) fn external<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<bool> {
    if node.as_mapping().is_some() {
        Some(true)
    } else {
        decoder.boolean(node)
    }
}

impl Mount {
    pub(crate) fn decode_short<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
        let text = decoder.string(node)?;
        let help = "write [source:]target[:options]";
        let (mut mount, unknown) = Self::parse_short(text)
            .map_or_else(|error| decoder.invalid(node, &error, help), Some)?;
        for option in unknown {
            warn_of_option(node, &option, decoder);
        }
        if let Some(target) = mount.target.as_mut() {
            if mount.source.is_none() && target.get(1..2) == Some(":") {
                warn_of_drive(node, target, decoder);
            }
            *target = crate::file_path::clean(target);
        }
        Some(mount)
    }
}

fn warn_of_option(node: &Node, option: &str, decoder: &mut Decoder<'_>) {
    let message = format!(
        "{}: the unknown option `{option}` has no effect",
        decoder.place()
    );
    decoder.warn(
        Diagnostic::warning(codes::MOUNT_OPTION, message)
            .at(node.span, "")
            .help("remove it"),
    );
}

fn warn_of_drive(node: &Node, text: &str, decoder: &mut Decoder<'_>) {
    let message = format!(
        "{}: `{text}` is read as a path on a Windows drive",
        decoder.place()
    );
    decoder.warn(
        Diagnostic::warning(codes::DRIVE_LETTER, message)
            .at(node.span, "")
            .help("give the volume a name of two letters or more"),
    );
}
