//! What a deployment would do: a pure comparison of what is wanted with what is there.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;
use tranship_backend::deploy::{
    Action, Change, Conflict, Deploy, Difference, Live, Observation, Owner, Place, Role, Step,
    Wanted,
};
use tranship_model::ObjectId;

use crate::event::Counts;
use crate::order::Order;

/// The version of the form plans are written in.
pub(crate) const FORMAT: u32 = 1;

/// What is to be, and what people allow on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// The stack's name.
    pub stack: String,
    /// Everything that is to exist.
    pub wanted: Vec<Wanted>,
    /// In which order.
    pub order: Order,
    /// What for.
    pub goal: Goal,
    /// What may be done beyond that.
    pub consent: Consent,
}

/// What people allow a deployment to do; nothing by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// What becomes of what is ours and no longer wanted.
    pub leftovers: Leftovers,
    /// What becomes of objects that are wanted and not ours.
    pub foreign: Foreign,
    /// Data that may be deleted when it is no longer wanted: the names of those objects, or `*`.
    pub data: BTreeSet<String>,
}

/// What becomes of what is ours and no longer wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Leftovers {
    /// It stays.
    #[default]
    Keep,
    /// It is deleted, unless that would be most of the stack.
    Prune,
    /// It is deleted, however much it is.
    PruneAny,
}

/// What becomes of objects that are wanted and not ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Foreign {
    /// There is no plan.
    #[default]
    Refuse,
    /// They are taken over.
    Adopt,
}

/// What a run is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Goal {
    /// That everything wanted is there.
    #[default]
    Deploy,
    /// That nothing of the stack is there.
    Remove,
}

impl Wish {
    /// The wish that a stack is gone, with the data that is named.
    #[must_use]
    pub fn nothing(stack: &str, data: BTreeSet<String>) -> Self {
        Self {
            stack: stack.to_owned(),
            wanted: Vec::new(),
            order: Order::default(),
            goal: Goal::Remove,
            consent: Consent {
                leftovers: Leftovers::PruneAny,
                foreign: Foreign::Refuse,
                data,
            },
        }
    }
}

/// What a deployment does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of this form.
    pub format: u32,
    /// The stack's name.
    pub stack: String,
    /// Where it holds.
    pub place: Place,
    /// Of what the plan saw: another one means that someone changed something since.
    pub fingerprint: String,
    /// In which order services start.
    pub order: Order,
    /// Each object's part, in the order they are done.
    pub steps: Vec<Step>,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// Objects that are wanted exist and are someone else's.
    #[error("{}; `--adopt` takes over what is not ours", list(.0))]
    Foreign(Vec<Conflict>),
    /// Data would be deleted to make what holds it again.
    #[error("{}", destroyed(.0))]
    DestroysData(Vec<(ObjectId, String)>),
    /// Nothing is wanted at all.
    #[error("the file has no service to deploy; to remove the stack, say `tranship remove`")]
    Empty,
    /// Most of what runs would be deleted.
    #[error(
        "{removed} of {running} services would be deleted, which looks like the wrong file; `--yes` does it"
    )]
    Shrinks {
        /// How many would go.
        removed: usize,
        /// How many run.
        running: usize,
    },
}

fn destroyed(objects: &[(ObjectId, String)]) -> String {
    let texts: Vec<String> = objects
        .iter()
        .map(|(object, reason)| {
            let name = &object.name;
            format!(
                "{object} would be deleted with its data and made again, because {reason}; \
                 `--volumes {name}` does it"
            )
        })
        .collect();
    texts.join("; ")
}

fn list(conflicts: &[Conflict]) -> String {
    let texts: Vec<String> = conflicts.iter().map(ToString::to_string).collect();
    texts.join("; ")
}

/// Compares what is wanted with what is there.
///
/// # Errors
///
/// [`Refusal`] when doing it could harm what people did not name.
pub fn plan(target: &dyn Deploy, wish: &Wish, observed: &Observation) -> Result<Plan, Refusal> {
    refuse_foreign(wish, observed)?;
    refuse_wipe(wish, observed)?;
    let mut steps: Vec<Step> = wish
        .wanted
        .iter()
        .map(|wanted| step(target, wish, wanted, observed.get(&wanted.object.id)))
        .collect();
    refuse_destruction(wish, &steps)?;
    roll_users(&mut steps);
    steps.sort_by_key(|step| step.wave);
    steps.extend(leftovers(wish, observed));
    Ok(Plan {
        format: FORMAT,
        stack: wish.stack.clone(),
        place: target.place(),
        fingerprint: fingerprint(&steps),
        order: wish.order.clone(),
        steps,
    })
}

impl Plan {
    /// How many steps of each kind.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for step in &self.steps {
            counts.add(step.action);
        }
        counts
    }

    /// Whether anything is written.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.steps.iter().any(|step| step.action.writes())
    }

    /// Everything it wants to exist.
    #[must_use]
    pub fn wanted(&self) -> Vec<Wanted> {
        let wanted = self.steps.iter().filter_map(|step| step.wanted.clone());
        wanted.collect()
    }

    /// Whether what is there is still what the plan saw.
    #[must_use]
    pub fn fits(&self, observed: &Observation) -> bool {
        let seen = |step: &Step| {
            observed.get(&step.object).map(|live| live.version.as_str()) == step.version.as_deref()
        };
        let known: BTreeSet<&ObjectId> = self.steps.iter().map(|step| &step.object).collect();
        let is_known = |live: &Live| known.contains(&live.id);
        self.steps.iter().all(seen) && observed.objects.iter().all(is_known)
    }

    /// Whether it is as it was made: nobody changed what it saw in the file.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.fingerprint == fingerprint(&self.steps)
    }
}

fn refuse_foreign(wish: &Wish, observed: &Observation) -> Result<(), Refusal> {
    if wish.consent.foreign == Foreign::Adopt {
        return Ok(());
    }
    let wanted = wish.wanted.iter().map(|wanted| &wanted.object.id);
    let foreign: Vec<Conflict> = wanted.filter_map(|id| foreign(observed.get(id)?)).collect();
    if foreign.is_empty() {
        return Ok(());
    }
    Err(Refusal::Foreign(foreign))
}

fn foreign(live: &Live) -> Option<Conflict> {
    match &live.owner {
        Owner::Stack => None,
        Owner::Foreign(owner) => Some(Conflict {
            object: live.id.clone(),
            field: None,
            owner: owner.clone(),
        }),
    }
}

/// An emptied or wrong file must not take a running stack away.
fn refuse_wipe(wish: &Wish, observed: &Observation) -> Result<(), Refusal> {
    if wish.goal == Goal::Remove {
        return Ok(());
    }
    let wanted: BTreeSet<&str> = wish.wanted.iter().filter_map(service).collect();
    if wanted.is_empty() {
        return Err(Refusal::Empty);
    }
    let ours = observed
        .objects
        .iter()
        .filter(|live| live.owner == Owner::Stack);
    let running: BTreeSet<&str> = ours.filter_map(|live| service_of(&live.role)).collect();
    let removed = running.difference(&wanted).count();
    if wish.consent.leftovers == Leftovers::Prune && removed * 2 > running.len() {
        return Err(Refusal::Shrinks {
            removed,
            running: running.len(),
        });
    }
    Ok(())
}

fn service(wanted: &Wanted) -> Option<&str> {
    service_of(&wanted.role)
}

/// The service whose tasks an object runs.
pub(crate) fn service_of(role: &Role) -> Option<&str> {
    match role {
        Role::Workload { service } => Some(service),
        Role::Foundation | Role::Content | Role::Secret { .. } | Role::Storage => None,
    }
}

fn step(target: &dyn Deploy, wish: &Wish, wanted: &Wanted, live: Option<&Live>) -> Step {
    let (action, changes, reason) = match live {
        None => (Action::Create, Vec::new(), None),
        Some(live) => decide(target.compare(wanted, live), live),
    };
    Step {
        action,
        object: wanted.object.id.clone(),
        wave: service(wanted).map_or(0, |service| wish.order.wave(service)),
        wanted: Some(wanted.clone()),
        changes,
        reason,
        version: live.map(|live| live.version.clone()),
    }
}

type Decision = (Action, Vec<Change>, Option<String>);

fn decide(difference: Difference, live: &Live) -> Decision {
    match difference {
        Difference::Recreate { changes, reason } => (Action::Replace, changes, Some(reason)),
        Difference::InPlace(changes) => (Action::Update, changes, None),
        Difference::Same if !live.secret_is_current => (
            Action::Update,
            Vec::new(),
            Some("its value changed".to_owned()),
        ),
        Difference::Same if live.owner != Owner::Stack => (
            Action::Update,
            Vec::new(),
            Some("it is taken over".to_owned()),
        ),
        Difference::Same => (Action::Keep, Vec::new(), None),
    }
}

/// Data must not go because something about its object changed.
fn refuse_destruction(wish: &Wish, steps: &[Step]) -> Result<(), Refusal> {
    let is_lost = |step: &&Step| {
        let is_storage = step
            .wanted
            .as_ref()
            .is_some_and(|one| one.role == Role::Storage);
        step.action == Action::Replace && is_storage && !names_data(&wish.consent, &step.object)
    };
    let lost: Vec<(ObjectId, String)> = steps
        .iter()
        .filter(is_lost)
        .map(|step| (step.object.clone(), step.reason.clone().unwrap_or_default()))
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    Err(Refusal::DestroysData(lost))
}

/// What uses something that changes has to start again to see it.
fn roll_users(steps: &mut [Step]) {
    let changed: BTreeSet<ObjectId> = steps
        .iter()
        .filter(|step| matches!(step.action, Action::Update | Action::Replace))
        .map(|step| step.object.clone())
        .collect();
    for step in steps.iter_mut().filter(|step| step.action == Action::Keep) {
        let uses = step.wanted.iter().flat_map(|wanted| &wanted.uses);
        if let Some(used) = uses.into_iter().find(|used| changed.contains(used)) {
            step.reason = Some(format!("{used} changes"));
            step.action = Action::Update;
        }
    }
}

/// What is ours and no longer wanted: tasks first, then what they needed, data last.
fn leftovers(wish: &Wish, observed: &Observation) -> Vec<Step> {
    let wanted: BTreeSet<&ObjectId> = wish.wanted.iter().map(|one| &one.object.id).collect();
    let is_left = |live: &&Live| live.owner == Owner::Stack && !wanted.contains(&live.id);
    let mut left: Vec<&Live> = observed.objects.iter().filter(is_left).collect();
    left.sort_by_key(|live| rank(&live.role));
    let orphans_stay = wish.consent.leftovers == Leftovers::Keep
        && left.iter().any(|live| service_of(&live.role).is_some());
    left.into_iter()
        .map(|live| leftover(&wish.consent, live, orphans_stay))
        .collect()
}

/// Its place among what is deleted.
const fn rank(role: &Role) -> usize {
    match role {
        Role::Workload { .. } => 0,
        Role::Content | Role::Secret { .. } => 1,
        Role::Foundation => 2,
        Role::Storage => 3,
    }
}

fn leftover(consent: &Consent, live: &Live, orphans_stay: bool) -> Step {
    let kept = match &live.role {
        Role::Storage if !names_data(consent, &live.id) => {
            Some("it holds data; name it to delete it")
        }
        Role::Storage => None,
        Role::Content | Role::Secret { .. } if !orphans_stay => None,
        Role::Workload { .. } | Role::Content | Role::Secret { .. } | Role::Foundation => {
            (consent.leftovers == Leftovers::Keep)
                .then_some("it is no longer in the file; `--prune` deletes it")
        }
    };
    Step {
        action: if kept.is_some() {
            Action::Keep
        } else {
            Action::Delete
        },
        object: live.id.clone(),
        wanted: None,
        changes: Vec::new(),
        reason: kept.map(str::to_owned),
        version: Some(live.version.clone()),
        wave: rank(&live.role),
    }
}

fn names_data(consent: &Consent, object: &ObjectId) -> bool {
    consent.data.contains("*") || consent.data.contains(object.name.as_ref())
}

/// Of every object's identity and version, in an order of its own.
fn fingerprint(steps: &[Step]) -> String {
    let mut seen: Vec<String> = steps
        .iter()
        .map(|step| format!("{} {}", step.object, step.version.as_deref().unwrap_or("-")))
        .collect();
    seen.sort();
    let digest = Sha256::digest(seen.join("\n"));
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
