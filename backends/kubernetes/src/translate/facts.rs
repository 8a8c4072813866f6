//! What a deployment has to know beside the objects.

use std::collections::HashMap;

use tranship_model::{RestartCondition, Scheduling, SecretSource, Service, Stack};

use super::world::{Member, World};
use super::{files, jobs};
use crate::Kubernetes;

/// A secret whose value comes from the stack.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OwnSecret {
    /// Its key in the stack.
    pub(crate) key: String,
    /// The name workloads mount it by.
    pub(crate) object: String,
    /// The key of the one file in it.
    pub(crate) file: String,
}

/// The service or job behind the name of a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// Its name in the stack.
    pub(crate) service: String,
    /// Whether its tasks, although kept by a job, may go on without end: they are only not to be
    /// started again when they end well, and nobody waits for that.
    pub(crate) runs_on: bool,
}

/// The mounted secrets of a stack whose values it brings along.
pub(crate) fn own_secrets(stack: &Stack) -> Vec<OwnSecret> {
    let mut mounted = files::secrets(stack);
    let ours = |source: &SecretSource| match source {
        SecretSource::File(_) | SecretSource::Environment(_) => true,
        SecretSource::External
        | SecretSource::Driver {
            driver: _,
            options: _,
        } => false,
    };
    let secrets = stack.secrets.iter().filter(|entry| ours(&entry.1.source));
    secrets
        .filter_map(|(key, _)| {
            let file = mounted.remove(key.as_str()).filter(|file| file.granted)?;
            Some(OwnSecret {
                key: key.clone(),
                object: file.object,
                file: file.key,
            })
        })
        .collect()
}

/// The service or job behind each name in the label [`crate::labels::NAME`].
pub(crate) fn origins(target: &Kubernetes, stack: &Stack) -> HashMap<String, Origin> {
    let world = World::survey(target, stack);
    let services = stack.services.iter().filter_map(|(key, service)| {
        let member = world.member(key)?;
        let origin = Origin {
            service: key.clone(),
            runs_on: runs_on(service, member),
        };
        Some((member.name.clone(), origin))
    });
    let jobs = stack.jobs.keys().map(|key| {
        let origin = Origin {
            service: key.clone(),
            runs_on: false,
        };
        (jobs::name(key, &world), origin)
    });
    services.chain(jobs).collect()
}

fn runs_on(service: &Service, member: &Member) -> bool {
    let restart = service.task.lifecycle.restart.as_ref();
    let on_failure =
        restart.is_some_and(|restart| restart.condition == RestartCondition::OnFailure);
    let counts = matches!(service.scheduling, Scheduling::Replicated { replicas: _ });
    on_failure && counts && !member.awaited
}
