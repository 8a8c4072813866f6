//! One task definition while it is written.

use std::sync::Arc;

use tranship_model::{NetworkMode, ObjectId};

use crate::api::{ContainerDefinition, RuntimePlatform, Volume};
use crate::late::Late;
use crate::survey::Unit;
use crate::translate::edge::{self, Front, Published};
use crate::translate::file::Files;
use crate::{LaunchType, names};

/// How tasks of a definition are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wiring {
    /// Each has an interface of its own.
    Own,
    /// They share the instance's.
    Host,
    /// They sit behind the instance's bridge.
    Bridge,
    /// Not at all.
    None,
}

/// One task definition while it is written.
#[derive(Debug)]
pub(crate) struct TaskDraft {
    /// On what it runs.
    pub(crate) launch: LaunchType,
    /// How it is connected.
    pub(crate) wiring: Wiring,
    /// What stands in front of its published ports.
    pub(crate) front: Front,
    /// The member the others join.
    pub(crate) main: String,
    /// Further names, and the main member each leads to.
    pub(crate) aliases: Vec<(String, String)>,
    /// Domains tried behind short names, beside the stack's own.
    pub(crate) search: Vec<String>,
    /// Options of the resolver.
    pub(crate) resolver_options: Vec<String>,
    /// Containers written so far.
    pub(crate) containers: Vec<ContainerDefinition>,
    /// Volumes written so far, names unique.
    pub(crate) volumes: Vec<Volume>,
    /// The platform the first image that says so must be for.
    pub(crate) platform: Option<RuntimePlatform>,
    /// Security groups its interface is in.
    pub(crate) groups: Vec<Late>,
    /// Secrets its execution role reads.
    pub(crate) secrets: Vec<Late>,
    /// File systems its task role mounts.
    pub(crate) file_systems: Vec<Late>,
    /// Whether one of them is the stack's own, which is reached from two subnets only.
    pub(crate) mounts_own_file_system: bool,
    /// Files put in place before it starts.
    pub(crate) files: Files,
    /// Ports outsiders reach.
    pub(crate) published: Vec<Published>,
    /// Whose process numbers it shares.
    pub(crate) pid_mode: Option<&'static str>,
    /// Whose shared memory it shares.
    pub(crate) ipc_mode: Option<&'static str>,
}

impl TaskDraft {
    /// An empty definition for a unit.
    pub(crate) fn new(launch: LaunchType, unit: &Unit<'_>) -> Self {
        let wiring = wiring(launch, unit);
        Self {
            launch,
            wiring,
            front: edge::front(unit, wiring),
            main: unit
                .main()
                .map(|main| main.name.to_owned())
                .unwrap_or_default(),
            aliases: Vec::new(),
            search: Vec::new(),
            resolver_options: Vec::new(),
            containers: Vec::with_capacity(unit.members.len() + 2),
            volumes: Vec::new(),
            platform: None,
            groups: Vec::new(),
            secrets: Vec::new(),
            file_systems: Vec::new(),
            mounts_own_file_system: false,
            files: Files::default(),
            published: Vec::new(),
            pid_mode: None,
            ipc_mode: None,
        }
    }

    /// Whether it runs on machines of AWS.
    pub(crate) fn is_fargate(&self) -> bool {
        self.launch == LaunchType::Fargate
    }

    /// The network mode's word in the API.
    pub(crate) fn network_mode(&self) -> &'static str {
        match self.wiring {
            Wiring::Own => "awsvpc",
            Wiring::Host => "host",
            Wiring::Bridge => "bridge",
            Wiring::None => "none",
        }
    }

    /// Adds a volume unless one of its name is there.
    pub(crate) fn volume(&mut self, volume: Volume) {
        if self.volumes.iter().all(|known| known.name != volume.name) {
            self.volumes.push(volume);
        }
    }

    /// Puts its interface into a group.
    pub(crate) fn join(&mut self, group: Late) {
        if !self.groups.contains(&group) {
            self.groups.push(group);
        }
    }
}

fn wiring(launch: LaunchType, unit: &Unit<'_>) -> Wiring {
    let mode = unit.main().map(|main| &main.run.task().networking.mode);
    match (launch, mode) {
        (LaunchType::Ec2, Some(NetworkMode::Host)) => Wiring::Host,
        (LaunchType::Ec2, Some(NetworkMode::Bridge)) => Wiring::Bridge,
        (LaunchType::Ec2, Some(NetworkMode::None)) => Wiring::None,
        (LaunchType::Fargate | LaunchType::Ec2, _) => Wiring::Own,
    }
}

/// The logical ids of what becomes of a unit.
#[derive(Clone, Debug)]
pub(crate) struct UnitIds {
    /// Its task definition.
    pub(crate) definition: Arc<str>,
    /// Its ECS service, if it gets one.
    pub(crate) service: Arc<str>,
    /// The name of its family.
    pub(crate) family: String,
    /// The name of its service and of its files.
    pub(crate) name: String,
}

impl UnitIds {
    /// The ids of the unit with this main member.
    pub(crate) fn new(stack: &str, main: &str) -> Self {
        Self {
            definition: names::logical_id(main, "TaskDefinition"),
            service: names::logical_id(main, "Service"),
            family: names::dashed(&format!("{stack}-{main}"), 255),
            name: names::dashed(main, 255),
        }
    }

    /// The task definition as the ledger calls it.
    pub(crate) fn definition_object(&self) -> ObjectId {
        ObjectId::new("AWS::ECS::TaskDefinition", Arc::clone(&self.definition))
    }
}
