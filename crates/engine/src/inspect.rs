//! What was deployed, and what has become of it since.

use tranship_backend::deploy::{Deploy, Secrets, Step};

use crate::outcome::RunError;
use crate::plan::{Consent, Foreign, plan};
use crate::record::Record;

/// What the record of a stack says, beside what is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// When the deployment began that runs now, RFC 3339; none when none ever came up.
    pub deployed_at: Option<String>,
    /// When a deployment began that has not come up.
    pub unfinished_since: Option<String>,
    /// What would have to be done to have again what was deployed.
    pub drift: Vec<Step>,
}

/// Compares what is there with what was deployed last; writes nothing.
///
/// # Errors
///
/// What the target said, or [`RunError::Record`].
pub async fn inspect(
    target: &dyn Deploy,
    stack: &str,
    secrets: &Secrets,
) -> Result<Inspection, RunError> {
    let record = Record::read(target, stack).await?.record;
    let Some(current) = record.current else {
        return Ok(Inspection {
            unfinished_since: record.pending.map(|pending| pending.at),
            ..Inspection::default()
        });
    };
    let deployed_at = Some(current.at.clone());
    let mut wish = current.wish(stack);
    wish.consent = Consent {
        foreign: Foreign::Adopt,
        ..Consent::default()
    };
    let observed = target.observe(stack, &wish.wanted, secrets).await?;
    let steps = plan(target, &wish, &observed)?.steps;
    Ok(Inspection {
        deployed_at,
        unfinished_since: record.pending.map(|pending| pending.at),
        drift: steps
            .into_iter()
            .filter(|step| step.action.writes())
            .collect(),
    })
}
