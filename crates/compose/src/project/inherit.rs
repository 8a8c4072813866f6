//! Containers that run before a service take over what the service does not share with them.

use tranship_yaml::{Node, ScalarKind};

use super::attribute::Attribute;
use super::{ContainerSpec, Logging, Project};
use crate::field::{MountKind, OptOut};

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
        } else {
            self.keep_options(base, written);
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
        self.init = own.init.or(self.init);
        self.keep_zeros(written);
        self.keep_blanks(written);
        self.keep_missing_sources(written);
    }

    /// A zero is left out when it is read; yet it was said, and nothing takes its place.
    fn keep_zeros(&mut self, written: Option<&Node>) {
        let is_zero = |key: &str| {
            let node = written.and_then(|node| node.get(key));
            let text = node.and_then(Node::as_scalar).map(|scalar| &*scalar.text);
            text.is_some_and(|text| text.parse() == Ok(0.0))
        };
        macro_rules! keep {
            ($($field:ident)*) => {
                $(if is_zero(stringify!($field)) {
                    self.$field = None;
                })*
            };
        }
        keep!(cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpus);
        keep!(mem_limit mem_reservation mem_swappiness memswap_limit oom_score_adj pids_limit shm_size);
    }

    /// Null keeps an option of the service's logging, but reads as an empty one.
    fn keep_options(&mut self, base: &Self, written: Option<&Node>) {
        let written = written.and_then(|node| node.get("logging")?.get("options")?.as_mapping());
        let (Some(logging), Some(base)) = (self.logging.as_mut(), base.logging.as_ref()) else {
            return;
        };
        for (key, _) in written
            .into_iter()
            .flatten()
            .filter(|(_, node)| node.is_null())
        {
            if let Some(value) = base.options.get(&*key.text) {
                logging.options.insert(key.text.to_string(), value.clone());
            }
        }
    }

    /// So is an empty text.
    fn keep_blanks(&mut self, written: Option<&Node>) {
        let is_blank = |key: &str| {
            let node = written.and_then(|node| node.get(key));
            let scalar = node.and_then(Node::as_scalar);
            scalar.is_some_and(|scalar| scalar.kind == ScalarKind::String && scalar.text.is_empty())
        };
        macro_rules! keep {
            ($($field:ident)*) => {
                $(if is_blank(stringify!($field)) {
                    self.$field = None;
                })*
            };
        }
        keep!(cgroup_parent cpuset domainname hostname image ipc isolation mac_address network_mode);
        keep!(pid platform pull_refresh_after runtime stop_signal user userns_mode uts working_dir);
    }

    /// A hook that says more about a mount makes no missing source unless it says so, or the mount
    /// is a short bind.
    fn keep_missing_sources(&mut self, written: Option<&Node>) {
        let written = written.and_then(|node| node.get("volumes")?.as_sequence());
        let mounts = self.volumes.iter_mut().zip(written.unwrap_or_default());
        for (mount, written) in mounts {
            let is_short_bind =
                written.as_scalar().is_some() && mount.kind == Some(MountKind::Bind);
            let says = written
                .get("bind")
                .and_then(|bind| bind.get("create_host_path"));
            if let Some(bind) = mount.bind.as_mut()
                && !is_short_bind
                && says.is_none()
            {
                bind.create_host_path = OptOut(false);
            }
        }
    }
}

impl Logging {
    /// Options belong to their driver.
    fn shares_driver(&self, base: &Self) -> bool {
        self.driver.is_none() || base.driver.is_none() || self.driver == base.driver
    }
}
