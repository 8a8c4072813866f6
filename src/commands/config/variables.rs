//! The variables the files speak of.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use tranship_compose::{Mention, mentions};
use tranship_yaml::Node;

use super::{Format, written};
use crate::escape;
use crate::exit::Failure;

/// The variables in one of the forms docker compose has for them; a table without a form.
pub(super) fn text(format: Option<Format>, tree: &Node) -> Result<String, Failure> {
    let mentions = mentions(tree);
    match format {
        None => Ok(table(&mentions)),
        Some(Format::Yaml) => {
            let keys = ["name", "defaultvalue", "presencevalue", "required"];
            written(Format::Yaml, &object(&mentions, keys))
        }
        Some(Format::Json) => {
            let keys = ["Name", "DefaultValue", "PresenceValue", "Required"];
            written(Format::Json, &object(&mentions, keys))
        }
    }
}

/// The keys differ between JSON and YAML in docker compose.
fn object(mentions: &BTreeMap<String, Mention>, keys: [&str; 4]) -> Value {
    let entries = mentions.iter().map(|(name, mention)| {
        let Mention {
            default,
            alternative,
            is_required,
        } = mention;
        let values = [
            json!(name),
            json!(default),
            json!(alternative),
            json!(is_required),
        ];
        let keys = keys.iter().map(|key| (*key).to_owned());
        let entry: Map<String, Value> = keys.zip(values).collect();
        (name.clone(), Value::Object(entry))
    });
    Value::Object(entries.collect())
}

/// Columns as docker compose lays them out: 20 letters wide or more, with three between them.
fn table(mentions: &BTreeMap<String, Mention>) -> String {
    let header = ["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"];
    let mut rows = vec![header.map(str::to_owned)];
    for (name, mention) in mentions {
        rows.push([
            escape::line(name).into_owned(),
            mention.is_required.to_string(),
            escape::line(&mention.default).into_owned(),
            escape::line(&mention.alternative).into_owned(),
        ]);
    }
    let width = |column: usize| {
        let widths = rows.iter().filter_map(|row| row.get(column));
        let widest = widths.map(|cell| cell.chars().count() + 3).max();
        widest.unwrap_or_default().max(20)
    };
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for [name, required, default, alternative] in &rows {
        let [first, second, third] = widths;
        let line = format!("{name:first$}{required:second$}{default:third$}{alternative}");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
