//! Scalars with a meaning of their own.

use std::net::IpAddr;

use tranship_yaml::{Diagnostic, Kind, Node, ScalarKind};

use super::health_test;
use crate::field::{
    ByteSize, Decimal, DeviceCount, FileMode, HealthTest, ImageReference, Namespace, PortRange,
    Restart, ShellCommand, Ulimit,
};
use crate::project::attribute::Attribute;
use crate::project::decoder::Decoder;
use crate::project::{SshKey, codes};

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
