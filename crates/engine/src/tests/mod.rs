//! The engine's promises, on a target in memory.

mod locking;
mod planning;
mod running;

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tranship_backend::deploy::{Role, Secrets, Wanted};

use crate::fake::{Fake, object};
use crate::{
    Consent, DeployEvent, Goal, Holder, Leftovers, Order, Plan, Refusal, Run, RunError, RunOptions,
    Wish, plan,
};

/// A service and what it needs, all with one value in them.
pub(super) fn service(name: &str, value: &str) -> Vec<Wanted> {
    let role = Role::Workload {
        service: name.to_owned(),
    };
    vec![
        object("name", name, "same", Role::Foundation),
        object("service", name, value, role),
    ]
}

pub(super) fn wish(services: &[(&str, &str)]) -> Wish {
    Wish {
        stack: "shop".to_owned(),
        wanted: services
            .iter()
            .flat_map(|(name, value)| service(name, value))
            .collect(),
        order: Order::default(),
        goal: Goal::Deploy,
        consent: Consent::default(),
    }
}

pub(super) fn pruning(mut wish: Wish, leftovers: Leftovers) -> Wish {
    wish.consent.leftovers = leftovers;
    wish
}

pub(super) fn holder(token: &str) -> Holder {
    Holder {
        host: "here".to_owned(),
        pid: 7,
        started: "2026-01-01T00:00:00Z".to_owned(),
        job: None,
        token: token.to_owned(),
    }
}

/// A target, and what was told about runs against it.
pub(super) struct Bench {
    pub(super) target: Fake,
    secrets: Secrets,
    events: Arc<Mutex<Vec<DeployEvent>>>,
    tell: Box<dyn Fn(DeployEvent) + Send + Sync>,
}

impl Bench {
    pub(super) fn new() -> Self {
        let events: Arc<Mutex<Vec<DeployEvent>>> = Arc::default();
        let told = events.clone();
        Self {
            target: Fake::default(),
            secrets: Secrets::new(),
            events,
            tell: Box::new(move |event| told.lock().unwrap().push(event)),
        }
    }

    /// A run of someone, who gives up at once when another one deploys.
    pub(super) fn run(&self, token: &str) -> Run<'_> {
        Run {
            target: &self.target,
            holder: holder(token),
            secrets: &self.secrets,
            options: RunOptions {
                timeout: Duration::from_mins(10),
                lock_wait: Duration::ZERO,
                is_gone: |_| false,
            },
            tell: &*self.tell,
        }
    }

    pub(super) async fn deploy(&self, wish: &Wish) -> Result<(), RunError> {
        self.run("us").deploy(wish, pending()).await.1
    }

    pub(super) fn events(&self) -> Vec<DeployEvent> {
        self.events.lock().unwrap().clone()
    }

    pub(super) async fn plan(&self, wish: &Wish) -> Result<Plan, Refusal> {
        use tranship_backend::deploy::Deploy;
        let observed = self
            .target
            .observe("shop", &wish.wanted, &Secrets::new())
            .await;
        plan(&self.target, wish, &observed.unwrap())
    }
}
