//! What a running stack answers, from the `expected.yaml` beside its compose file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

/// All that is expected of a stack.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    /// Variables its file needs.
    #[serde(default)]
    pub(super) environment: BTreeMap<String, String>,
    /// Where it is asked from outside, by name.
    pub(super) doors: BTreeMap<String, Door>,
    /// What it is asked when it has come up, in order.
    pub(super) asks: Vec<Ask>,
    /// Another deployment over the first.
    #[serde(default)]
    pub(super) again: Option<Again>,
}

/// A deployment with other variables, and what is asked then.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Again {
    /// Variables that differ.
    pub(super) environment: BTreeMap<String, String>,
    /// What the stack is asked.
    pub(super) asks: Vec<Ask>,
}

/// A published port.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Door {
    /// Whose it is.
    pub(crate) service: String,
    /// The port inside.
    pub(crate) target: u16,
    /// The port outside; none when the target chooses it.
    pub(crate) published: Option<u16>,
    /// How it is asked.
    #[serde(default)]
    pub(crate) protocol: Protocol,
}

/// How a port is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Protocol {
    /// By HTTP.
    #[default]
    Tcp,
    /// By a datagram, which comes back.
    Udp,
}

/// A question from outside.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ask {
    /// The door it is asked at.
    pub(super) at: String,
    /// Services that pass it on to each other, by the names they use, at port 8080 unless said.
    #[serde(default)]
    pub(super) through: Vec<String>,
    /// What the last one is asked: a path, or the text of a datagram.
    pub(super) path: String,
    /// What it answers; nothing when it must not answer, or refuse.
    #[serde(default)]
    pub(super) answer: Option<String>,
    /// Codes of the account that say why it is otherwise, by target.
    #[serde(default)]
    pub(super) told: BTreeMap<String, String>,
    /// Why the laboratory cannot show it, by target.
    #[serde(default)]
    pub(super) hidden: BTreeMap<String, String>,
}

impl Protocol {
    /// Its name where ports are named.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

impl Expected {
    /// Reads it.
    pub(super) fn of(folder: &Path) -> Result<Self> {
        let path = folder.join("expected.yaml");
        let text = fs::read_to_string(&path)?;
        serde_saphyr::from_str(&text).with_context(|| path.display().to_string())
    }
}

impl Ask {
    /// The path that the server behind the door is asked for.
    pub(super) fn whole_path(&self) -> String {
        let hops = self.through.iter().rev();
        hops.fold(self.path.clone(), |path, hop| {
            let port = if hop.contains(':') { "" } else { ":8080" };
            format!("get?url={}", escaped(&format!("http://{hop}{port}/{path}")))
        })
    }
}

/// A text as the value of a field of a query.
fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'%' | b'&' | b'?' | b'=' | b'#' | b'+' => format!("%{byte:02X}"),
        _ => char::from(byte).to_string(),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_passed_on_from_service_to_service() -> Result<()> {
        let ask: Ask = serde_saphyr::from_str("{ at: a, through: [b, 'c:1'], path: version }")?;
        let path = "get?url=http://b:8080/get%3Furl%3Dhttp://c:1/version";
        assert_eq!(ask.whole_path(), path);
        Ok(())
    }
}
