//! A target in memory: it keeps objects and notes, and does what it is told to.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use serde_json::Value;
use tokio::sync::mpsc;
use tranship_backend::Translation;
use tranship_backend::deploy::{
    Action, Change, Convergence, Deploy, Difference, Fault, Live, LogLine, LogQuery, Note,
    Observation, Owner, Place, Role, Secrets, ServiceStatus, Step, Store, Stored, Wanted, Watched,
    Written,
};
use tranship_model::{ObjectId, Stack};

/// The kind of objects whose content cannot be changed in place.
pub const FIXED_KIND: &str = "fixed";

/// A target in memory.
#[derive(Debug, Default)]
pub struct Fake {
    world: Mutex<World>,
}

/// What is in it.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// Objects by identity, in the text form of [`ObjectId`].
    pub objects: BTreeMap<String, Kept>,
    /// Notes by stack and name.
    pub notes: BTreeMap<(String, &'static str), Stored>,
    /// Writing calls so far, notes included.
    pub writes: Vec<String>,
    /// How each service comes up; converged when it is not named.
    pub rollouts: BTreeMap<String, Convergence>,
    /// Each write from this number on fails.
    pub breaks_at: Option<usize>,
    clock: u64,
}

/// An object in the target.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What it was asked to be.
    pub wanted: Wanted,
    /// The stack it belongs to; none when it is foreign.
    pub stack: Option<String>,
    /// When it was last written.
    pub version: u64,
}

impl Fake {
    /// What is in it, to look at and to change.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    fn write(&mut self, what: String) -> Result<u64, Fault> {
        if self
            .breaks_at
            .is_some_and(|limit| self.writes.len() >= limit)
        {
            return Err(Fault::Unreachable {
                place: "the fake".to_owned(),
                reason: "it was broken on purpose".to_owned(),
            });
        }
        self.writes.push(what);
        self.clock += 1;
        Ok(self.clock)
    }

    fn live(id: &ObjectId, kept: &Kept, stack: &str) -> Live {
        let is_ours = kept.stack.as_deref() == Some(stack);
        Live {
            id: id.clone(),
            body: kept.wanted.object.body.clone(),
            version: kept.version.to_string(),
            owner: if is_ours {
                Owner::Stack
            } else {
                Owner::Foreign(kept.stack.clone())
            },
            role: kept.wanted.role.clone(),
            secret_is_current: true,
        }
    }

    fn put(&mut self, stack: &str, step: &Step) -> Result<(), Fault> {
        let version = self.write(format!("{} {}", step.action.as_str(), step.object))?;
        let key = step.object.to_string();
        match &step.wanted {
            Some(wanted) if step.action != Action::Delete => {
                let kept = Kept {
                    wanted: wanted.clone(),
                    stack: Some(stack.to_owned()),
                    version,
                };
                self.objects.insert(key, kept);
            }
            Some(_) | None => {
                self.objects.remove(&key);
            }
        }
        Ok(())
    }
}

#[async_trait]
impl Deploy for Fake {
    fn place(&self) -> Place {
        Place {
            backend: "fake".to_owned(),
            endpoint: "memory".to_owned(),
            scope: String::new(),
        }
    }

    /// Every object of the translation; the one named like a service runs it.
    fn wanted(&self, stack: &Stack, translation: &Translation) -> Vec<Wanted> {
        let objects = translation.objects.iter();
        objects
            .map(|object| {
                let name = object.id.name.as_ref();
                let service = stack.services.contains_key(name).then(|| name.to_owned());
                Wanted {
                    object: object.clone(),
                    role: service.map_or(Role::Foundation, |service| Role::Workload { service }),
                    uses: Vec::new(),
                }
            })
            .collect()
    }

    async fn check(&self, _stack: &str, _steps: &[Step]) -> Result<(), Fault> {
        Ok(())
    }

    async fn observe(
        &self,
        stack: &str,
        wanted: &[Wanted],
        _secrets: &Secrets,
    ) -> Result<Observation, Fault> {
        let world = self.world();
        let is_wanted = |id: &ObjectId| wanted.iter().any(|one| one.object.id == *id);
        let objects = world.objects.values();
        let objects = objects.map(|kept| World::live(&kept.wanted.object.id, kept, stack));
        let objects = objects.filter(|live| live.owner == Owner::Stack || is_wanted(&live.id));
        Ok(Observation {
            objects: objects.collect(),
        })
    }

    fn compare(&self, wanted: &Wanted, live: &Live) -> Difference {
        let (from, to) = (&live.body, &wanted.object.body);
        if from == to {
            return Difference::Same;
        }
        let changes = vec![Change {
            field: "body".to_owned(),
            from: Some(from.clone()),
            to: Some(to.clone()),
        }];
        if wanted.object.id.kind == FIXED_KIND {
            let reason = "it cannot be changed in place".to_owned();
            return Difference::Recreate { changes, reason };
        }
        Difference::InPlace(changes)
    }

    async fn apply(&self, stack: &str, step: &Step, _secrets: &Secrets) -> Result<String, Fault> {
        let mut world = self.world();
        world.put(stack, step)?;
        Ok(world.clock.to_string())
    }

    async fn rollouts(&self, _stack: &str, workloads: &[ObjectId]) -> Result<Vec<String>, Fault> {
        let world = self.world();
        let version = |id: &ObjectId| {
            let kept = world.objects.get(&id.to_string());
            kept.map_or_else(String::new, |kept| kept.version.to_string())
        };
        Ok(workloads.iter().map(version).collect())
    }

    async fn progress(&self, _stack: &str, watched: &[Watched]) -> Result<Vec<Convergence>, Fault> {
        let world = self.world();
        let state = |watched: &Watched| world.rollouts.get(&watched.service).cloned();
        let states = watched.iter().map(state);
        Ok(states
            .map(|state| state.unwrap_or(Convergence::Converged))
            .collect())
    }

    fn store(&self) -> &dyn Store {
        self
    }

    async fn status(&self, _stack: &str) -> Result<Vec<ServiceStatus>, Fault> {
        Ok(Vec::new())
    }

    async fn logs(
        &self,
        _stack: &str,
        _query: &LogQuery,
        _lines: mpsc::Sender<LogLine>,
    ) -> Result<(), Fault> {
        Ok(())
    }
}

#[async_trait]
impl Store for Fake {
    async fn read(&self, stack: &str, note: Note) -> Result<Option<Stored>, Fault> {
        let key = (stack.to_owned(), note.as_str());
        Ok(self.world().notes.get(&key).cloned())
    }

    async fn write(
        &self,
        stack: &str,
        note: Note,
        text: &str,
        expected: Option<&str>,
    ) -> Result<Written, Fault> {
        let mut world = self.world();
        let key = (stack.to_owned(), note.as_str());
        if world.notes.get(&key).map(|stored| stored.version.as_str()) != expected {
            return Ok(Written::Lost);
        }
        let version = world.write(format!("note {}", note.as_str()))?.to_string();
        let stored = Stored {
            text: text.to_owned(),
            version: version.clone(),
        };
        world.notes.insert(key, stored);
        Ok(Written::Done { version })
    }

    async fn delete(&self, stack: &str, note: Note, expected: &str) -> Result<(), Fault> {
        let mut world = self.world();
        let key = (stack.to_owned(), note.as_str());
        if world
            .notes
            .get(&key)
            .is_some_and(|stored| stored.version == expected)
        {
            world.write(format!("forget {}", note.as_str()))?;
            world.notes.remove(&key);
        }
        Ok(())
    }
}

/// An object to want: of a kind, with a name and one value in it.
#[must_use]
pub fn object(kind: &'static str, name: &str, value: &str, role: Role) -> Wanted {
    Wanted {
        object: tranship_backend::Object {
            id: ObjectId::new(kind, name),
            body: Value::from(value),
        },
        role,
        uses: Vec::new(),
    }
}
