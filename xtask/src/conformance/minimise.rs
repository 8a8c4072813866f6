//! Makes a case that differs as small as it can be and still differ.

use anyhow::Result;

use super::case::Case;

/// Drops lines, with the more indented ones below them, and whole files as long as `differs`.
pub(super) fn minimise(
    case: &Case,
    mut differs: impl FnMut(&Case) -> Result<bool>,
) -> Result<Case> {
    let mut smallest = case.clone();
    for index in (1..smallest.files.len()).rev() {
        let mut smaller = smallest.clone();
        smaller.files.remove(index);
        if differs(&smaller)? {
            smallest = smaller;
        }
    }
    for text in 0..smallest.texts.len() {
        while let Some(smaller) = smaller(&smallest, text, &mut differs)? {
            smallest = smaller;
        }
    }
    let named = smallest.files.clone();
    smallest.texts.retain(|(name, _)| named.contains(name));
    Ok(smallest)
}

/// The case after every block that can go has gone, if any could.
fn smaller(
    case: &Case,
    text: usize,
    differs: &mut impl FnMut(&Case) -> Result<bool>,
) -> Result<Option<Case>> {
    let mut smallest = case.clone();
    let mut changed = false;
    let mut line = 0;
    while let Some(shorter) = without_block(&smallest, text, line) {
        if differs(&shorter)? {
            smallest = shorter;
            changed = true;
        } else {
            line += 1;
        }
    }
    Ok(changed.then_some(smallest))
}

/// The case without a line and the block below it; `None` after the last line.
fn without_block(case: &Case, text: usize, line: usize) -> Option<Case> {
    let mut smaller = case.clone();
    let (_, content) = smaller.texts.get_mut(text)?;
    let lines: Vec<&str> = content.lines().collect();
    let first = lines.get(line)?;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let below = lines.iter().skip(line + 1);
    let block = below.take_while(|next| next.trim().is_empty() || indent(next) > indent(first));
    let end = line + 1 + block.count();
    let kept = lines.iter().take(line).chain(lines.iter().skip(end));
    let kept: Vec<&str> = kept.copied().collect();
    if kept.is_empty() {
        return None;
    }
    *content = kept.join("\n") + "\n";
    Some(smaller)
}
