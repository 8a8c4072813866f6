//! What would stop a run, found before its first write.

use std::collections::BTreeSet;

use tranship_backend::deploy::{Fault, Step};

use super::inventory::{Inventory, Kind};
use super::references;
use super::transport::Engine;

/// Finds it: the engine manages a swarm, and what is not ours is there.
pub(super) async fn check(engine: &Engine, stack: &str, steps: &[Step]) -> Result<(), Fault> {
    let (info, inventory) = tokio::try_join!(
        engine.read(|| engine.docker.info()),
        Inventory::read_referenced(engine),
    )?;
    let swarm = info.swarm.unwrap_or_default();
    if swarm.control_available != Some(true) {
        let reason = "is no manager of a swarm: `docker swarm init` makes one";
        return Err(Fault::Other(format!("{} {reason}", engine.host)));
    }
    let missing = missing(stack, steps, &inventory);
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<String> = missing.into_iter().collect();
    Err(Fault::Other(format!(
        "the stack uses what is not in the swarm: {}",
        missing.join(", ")
    )))
}

/// What services use that is neither there nor made by the same steps.
fn missing(stack: &str, steps: &[Step], inventory: &Inventory) -> BTreeSet<String> {
    let made: BTreeSet<_> = steps.iter().map(|step| &step.object).collect();
    let wanted = steps.iter().filter_map(|step| step.wanted.as_ref());
    let used = wanted.flat_map(|wanted| references::used(&wanted.object.body));
    used.filter(|used| !made.contains(used))
        .filter(|used| {
            let kind = Kind::of(used);
            let found = kind.and_then(|kind| inventory.current(kind, stack, &used.name));
            found.is_none()
                && !(kind == Some(Kind::Network) && references::is_predefined(&used.name))
        })
        .map(|used| format!("{} `{}`", used.kind, used.name))
        .collect()
}
