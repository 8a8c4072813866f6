//! What a rollout is called: which object, which of its generations, and what tasks it asks for.

use serde_json::Value;

use super::kinds::Kind;
use super::version;

/// A rollout as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rollout {
    uid: String,
    generation: i64,
    /// A digest of what the tasks are; others may change their number without taking our place.
    tasks: String,
}

/// How a workload stands to a rollout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is what was asked for, or newer in what does not matter.
    Ours,
    /// What we see is from before.
    Earlier,
    /// Someone asked for other tasks since, or made the object anew.
    Superseded,
}

impl Rollout {
    /// The present rollout of a workload; none for what runs no tasks of its own.
    pub(super) fn of(kind: Kind, body: &Value) -> Option<Self> {
        let template = match kind {
            Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Job => {
                body.pointer("/spec/template")?
            }
            Kind::CronJob
            | Kind::NetworkPolicy
            | Kind::PersistentVolumeClaim
            | Kind::ConfigMap
            | Kind::Secret
            | Kind::Service
            | Kind::Ingress => return None,
        };
        Some(Self {
            uid: body.pointer("/metadata/uid")?.as_str()?.to_owned(),
            generation: body.pointer("/metadata/generation")?.as_i64()?,
            tasks: format!("{:016x}", version::digest(template)),
        })
    }

    /// Reads what [`name`] wrote.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let mut parts = name.splitn(3, '/');
        Some(Self {
            uid: parts.next()?.to_owned(),
            generation: parts.next()?.parse().ok()?,
            tasks: parts.next()?.to_owned(),
        })
    }

    /// How a workload whose present rollout is `now` stands to this one.
    pub(super) fn standing(&self, now: &Self) -> Standing {
        if self.uid != now.uid {
            Standing::Superseded
        } else if now.generation < self.generation {
            Standing::Earlier
        } else if self.tasks == now.tasks {
            Standing::Ours
        } else {
            Standing::Superseded
        }
    }
}

/// The name of the present rollout of a workload; empty where nothing is to be waited for.
pub(super) fn name(kind: Kind, body: &Value) -> String {
    Rollout::of(kind, body).map_or_else(String::new, |rollout| {
        let Rollout {
            uid,
            generation,
            tasks,
        } = rollout;
        format!("{uid}/{generation}/{tasks}")
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rollout(generation: i64, image: &str) -> Option<Rollout> {
        let body = json!({
            "metadata": {"uid": "u", "generation": generation},
            "spec": {"template": {"image": image}},
        });
        let name = name(Kind::Deployment, &body);
        Rollout::parse(&name)
    }

    fn standing(asked: (i64, &str), now: (i64, &str)) -> Option<Standing> {
        Some(rollout(asked.0, asked.1)?.standing(&rollout(now.0, now.1)?))
    }

    #[test]
    fn other_tasks_supersede_a_rollout_and_another_number_does_not() {
        assert_eq!(standing((2, "a"), (2, "a")), Some(Standing::Ours));
        assert_eq!(standing((2, "a"), (3, "a")), Some(Standing::Ours));
        assert_eq!(standing((2, "a"), (3, "b")), Some(Standing::Superseded));
        assert_eq!(standing((2, "b"), (1, "a")), Some(Standing::Earlier));
    }

    #[test]
    fn what_runs_no_tasks_has_no_rollout() {
        assert_eq!(name(Kind::Service, &json!({"metadata": {"uid": "u"}})), "");
    }
}
