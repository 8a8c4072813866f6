//! Containers that run before a service take over what the service does not share with them.

use tranship_yaml::Node;

use super::attribute::Attribute;
use super::{ContainerSpec, Logging, Project};

impl Project {
    /// Completes the containers that run before services with the attributes of the service,
    /// mounts apart; what a hook says itself wins.
    pub(crate) fn complete_hooks(&mut self, tree: &Node) {
        for (name, service) in self
            .services
            .iter_mut()
            .filter(|(_, service)| !service.pre_start.is_empty())
        {
            let mut base = service.container.clone();
            base.volumes.clear();
            let written = tree
                .get("services")
                .and_then(|services| services.get(name)?.get("pre_start"));
            let written = written.and_then(Node::as_sequence).unwrap_or_default();
            for (index, hook) in service.pre_start.iter_mut().enumerate() {
                hook.container.complete(&base, written.get(index));
            }
        }
    }
}

impl ContainerSpec {
    fn complete(&mut self, base: &Self, written: Option<&Node>) {
        let own = self.clone();
        Attribute::inherit(self, base);
        if let (Some(logging), Some(base)) = (own.logging, base.logging.as_ref())
            && !logging.shares_driver(base)
        {
            self.logging = Some(logging);
        }
        let says = |key: &str| written.is_some_and(|node| node.get(key).is_some());
        // A switch that is off looks like one that is not given, and null clears a command.
        let switches = [
            ("privileged", &mut self.privileged, own.privileged),
            ("read_only", &mut self.read_only, own.read_only),
            (
                "oom_kill_disable",
                &mut self.oom_kill_disable,
                own.oom_kill_disable,
            ),
            (
                "use_api_socket",
                &mut self.use_api_socket,
                own.use_api_socket,
            ),
        ];
        for (_, merged, own) in switches.into_iter().filter(|(key, ..)| says(key)) {
            *merged = own;
        }
        let commands = [
            ("command", &mut self.command, own.command),
            ("entrypoint", &mut self.entrypoint, own.entrypoint),
        ];
        for (_, merged, own) in commands.into_iter().filter(|(key, ..)| says(key)) {
            *merged = own;
        }
    }
}

impl Logging {
    /// Options belong to their driver.
    fn shares_driver(&self, base: &Self) -> bool {
        self.driver.is_none() || base.driver.is_none() || self.driver == base.driver
    }
}
