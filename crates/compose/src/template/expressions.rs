//! The expressions of a text, without their values.

use super::{Line, NESTING, Operator, OperatorKind, split_expression, split_name};

/// What is done with each expression: its name, and its operator with what follows it.
type Visit<'v> = dyn FnMut(&str, Option<(OperatorKind, &str)>) + 'v;

/// Shows every expression of a text to `visit`, those inside defaults and alternatives too.
/// What is no expression is passed over.
pub(crate) fn expressions(text: &str, visit: &mut Visit<'_>) {
    expressions_below(text, 0, visit);
}

fn expressions_below(text: &str, depth: usize, visit: &mut Visit<'_>) {
    let mut rest = text;
    let mut line = None;
    while let Some((_, after)) = rest.split_once('$') {
        rest = match (after.strip_prefix('$'), after.strip_prefix('{')) {
            (Some(behind), _) => behind,
            (None, Some(inner)) => braced_expression(inner, depth, &mut line, visit),
            (None, None) => {
                let (name, behind) = split_name(after);
                if !name.is_empty() {
                    visit(name, None);
                }
                behind
            }
        };
    }
}

/// Shows the expression that follows a `${`, and returns what is left behind it.
fn braced_expression<'t>(
    inner: &'t str,
    depth: usize,
    line: &mut Option<Line>,
    visit: &mut Visit<'_>,
) -> &'t str {
    let (name, tail) = split_name(inner);
    if name.is_empty() {
        return inner;
    }
    if let Some(behind) = tail.strip_prefix('}') {
        visit(name, None);
        return behind;
    }
    let Some((operator, _)) = Operator::read(tail) else {
        return inner;
    };
    let Some((expression, behind)) = split_expression(inner, line) else {
        return inner;
    };
    let word = expression.get(name.len() + operator.len()..);
    let word = word.unwrap_or_default();
    visit(name, Some((operator.kind, word)));
    let is_value = matches!(
        operator.kind,
        OperatorKind::Default | OperatorKind::Alternative
    );
    if is_value && depth < NESTING {
        expressions_below(word, depth + 1, visit);
    }
    behind
}
