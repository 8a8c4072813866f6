//! Small changes to the files of real projects.

use super::random::Random;
use super::values;

/// A text with one to three lines deleted, doubled or given another value.
pub(super) fn mutate(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=random.below(3) {
        let at = random.below(lines.len());
        match random.below(4) {
            0 if at < lines.len() => drop(lines.remove(at)),
            1 => {
                let line = lines.get(at).cloned().unwrap_or_default();
                lines.insert(at, line);
            }
            _ => {
                if let Some(line) = lines.get_mut(at) {
                    *line = with_another_value(line, random);
                }
            }
        }
    }
    lines.join("\n") + "\n"
}

/// The line with another scalar behind its colon or dash.
fn with_another_value(line: &str, random: &mut Random) -> String {
    let start = line
        .find(": ")
        .map(|at| at + 2)
        .or_else(|| line.find("- ").map(|at| at + 2));
    let Some((before, value)) = start.and_then(|start| line.split_at_checked(start)) else {
        return line.to_owned();
    };
    let value = match random.below(6) {
        0 => String::new(),
        1 => format!("\"{}\"", value.trim().trim_matches(['"', '\''])),
        2 => value.trim_matches(['"', '\'']).to_owned(),
        3 => value.chars().rev().collect(),
        _ => random.word(values::ODD).to_owned(),
    };
    format!("{before}{value}")
}
