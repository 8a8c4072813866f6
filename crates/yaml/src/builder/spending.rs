//! What was spent of the budget, and when reading ends.

use super::{Builder, Flow};
use crate::anchors::Extent;
use crate::{Diagnostic, Label, Span, problems};

impl Builder<'_> {
    /// Keeps a problem, and stops when there are too many.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) -> Flow {
        let place = diagnostic.labels.first().map(|label| label.span);
        self.diagnostics.push(diagnostic);
        if self.diagnostics.len() < self.budget.problems {
            return Flow::Continue(());
        }
        self.diagnostics
            .push(problems::too_many_problems(self.budget, place));
        self.stopped = true;
        Flow::Break(())
    }

    pub(super) fn stop(&mut self, diagnostic: Diagnostic) -> Flow {
        self.stopped = true;
        self.diagnostics.push(diagnostic);
        Flow::Break(())
    }

    pub(super) fn spend(&mut self, cost: Extent, span: Span) -> Flow {
        self.spent = self.spent.plus(cost);
        if self.spent.nodes > self.budget.nodes {
            return self.stop(problems::too_many_nodes(self.budget, span));
        }
        if self.spent.bytes > self.budget.scalar_bytes {
            return self.stop(problems::too_many_bytes(self.budget, span));
        }
        Flow::Continue(())
    }

    pub(super) fn check_depth(&mut self, more: usize, span: Span) -> Flow {
        if self.frames.len() + more <= self.budget.depth {
            return Flow::Continue(());
        }
        self.stop(problems::too_deep(self.budget, span))
    }

    /// Whether the last problem is the same, inside the place of this one: `{{ name }}` is a
    /// mapping as key of a mapping as key.
    pub(super) fn is_echo(&self, diagnostic: &Diagnostic) -> bool {
        let (Some(last), Some(label)) = (self.diagnostics.iter().last(), diagnostic.labels.first())
        else {
            return false;
        };
        let inside = |inner: &Label| {
            label.span.start <= inner.span.start && inner.span.end <= label.span.end
        };
        last.code == diagnostic.code && last.labels.first().is_some_and(inside)
    }
}
