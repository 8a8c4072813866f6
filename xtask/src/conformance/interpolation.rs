//! Scalars written with variables.

use super::draft::Draft;
use super::random::Random;

/// Writes some scalars of a document with variables that stand for the same value.
pub(super) fn interpolate(
    document: &mut Draft,
    random: &mut Random,
    variables: &mut Vec<(String, String)>,
) {
    if !random.percent(35) {
        return;
    }
    for scalar in document.scalars() {
        if random.percent(12) && is_plain(scalar) {
            *scalar = variable(scalar, random, variables);
        }
    }
}

/// Whether a scalar can be written inside `${…}` as it stands.
fn is_plain(scalar: &str) -> bool {
    let content = scalar.trim_matches(['"', '\'']);
    let plain = |character: char| character.is_ascii_alphanumeric() || "._/:=-".contains(character);
    !content.is_empty() && content.chars().all(plain)
}

fn variable(scalar: &str, random: &mut Random, variables: &mut Vec<(String, String)>) -> String {
    let content = scalar.trim_matches(['"', '\'']);
    let name = format!("V{}", variables.len());
    let text = match random.below(15) {
        0 => format!("${{UNSET:-{content}}}"),
        1 => format!("${{UNSET-{content}}}"),
        2 => format!("${{EMPTY:-{content}}}"),
        3 => format!("${{EMPTY-{content}}}"),
        4 => format!("${{SET:+{content}}}"),
        5 => format!("${{SET+{content}}}"),
        6 => format!("${{EMPTY:+{content}}}"),
        7 => format!("${{UNSET:-${{EMPTY:-{content}}}}}"),
        8 => format!("${name}"),
        9 => format!("${{{name}:?must be set}}"),
        10 => format!("${{{name}?}}"),
        11 => format!("${{{name}:-other}}"),
        12 => format!("{content}${{UNSET}}${{EMPTY}}"),
        13 => random
            .word(&[
                "${UNSET}",
                "${SET}",
                "${NUMBER}",
                "$FLAG",
                "$$SET",
                "${SET:?}",
                "${UNSET:?no}",
                "${FLAG}x",
            ])
            .to_owned(),
        _ => format!("${{{name}}}"),
    };
    if text.contains(&name) {
        variables.push((name, content.to_owned()));
    }
    if random.percent(50) || text.contains(": ") {
        format!("\"{text}\"")
    } else {
        text
    }
}
