//! Which known word a mistyped one probably is.

/// The known word nearest to `word`, if one is near.
pub(crate) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let limit = (word.chars().count() / 3).clamp(1, 3);
    known
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be added, taken away, changed or swapped with their neighbour.
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.chars().map(fold).collect();
    let to: Vec<char> = to.chars().map(fold).collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let get = |list: &[usize], at: usize| list.get(at).copied().unwrap_or(usize::MAX / 2);
            let changed = get(&last, column) + usize::from(letter != other);
            let mut best = changed
                .min(get(&last, column + 1) + 1)
                .min(get(&current, column) + 1);
            if row > 0
                && column > 0
                && from.get(row - 1) == Some(other)
                && to.get(column - 1) == Some(letter)
            {
                best = best.min(get(&before_last, column - 1) + 1);
            }
            current.push(best);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

/// `-` and `_` are easily mixed up, and so is case.
fn fold(letter: char) -> char {
    if letter == '-' {
        '_'
    } else {
        letter.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let known = ["image", "ports", "depends_on", "environment"];
        assert_eq!(nearest("imagee", &known), Some("image"));
        assert_eq!(nearest("depends-on", &known), Some("depends_on"));
        assert_eq!(nearest("enviroment", &known), Some("environment"));
        assert_eq!(nearest("prots", &known), Some("ports"));
        assert_eq!(nearest("volumes", &known), None);
    }
}
