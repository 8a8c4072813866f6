//! Short forms.

use tranship_yaml::{Diagnostic, Kind, Node, ScalarKind};

use super::Decoded;
use super::mappings::map_of;
use crate::field::{DeviceCount, DeviceMapping, DeviceRequest, HealthTest, Mount, Port};
use crate::file_path;
use crate::project::attribute::Attribute;
use crate::project::decoder::Decoder;
use crate::project::{Build, EnvFile, FileReference, Schedule, SshKey, codes};

/// Types whose short form is a string that stands for one attribute.
macro_rules! short_forms {
    ($($type:ident: $attribute:ident),* $(,)?) => {
        $(impl $type {
            pub(crate) fn decode_short<'t>(node: &'t Node, decoder: &mut Decoder<'t>) -> Option<Self> {
                let text = decoder.string(node)?.to_owned();
                Some(Self { $attribute: Some(text), ..Self::default() })
            }
        })*
    };
}

short_forms! {
    FileReference: source,
    EnvFile: path,
    Build: context,
    Schedule: cron,
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
) -> Decoded<Option<HealthTest>> {
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

/// Requests that must say what the devices are for.
pub(crate) fn reserved_devices<'t>(
    node: &'t Node,
    decoder: &mut Decoder<'t>,
) -> Option<Vec<DeviceRequest>> {
    decoder.list(node, |item, decoder| {
        if item.as_mapping().is_some() && item.get("capabilities").is_none() {
            decoder.missing_key(item, "capabilities");
        }
        DeviceRequest::decode(item, decoder)
    })
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
            decoder.text(value).map(|text| Some(text.into_owned()))
        }
    })?;
    Some(
        paths
            .into_iter()
            .map(|(id, path)| SshKey { id, path })
            .collect(),
    )
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
            *target = file_path::clean(target);
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
