//! Figures that can be given in two places.

use super::super::{Resource, Service, codes};
use super::Checker;

impl Checker<'_> {
    pub(super) fn scale(&mut self, name: &str, service: &Service) {
        let replicas = service.deploy.as_ref().and_then(|deploy| deploy.replicas);
        if let (Some(scale), Some(replicas)) = (service.scale, replicas)
            && scale != replicas
        {
            self.distinct(name, "scale", "deploy.replicas");
        }
        for (key, value) in [("scale", service.scale), ("deploy.replicas", replicas)] {
            if value.is_some_and(|value| value < 0) {
                let path = format!("services.{name}.{key}");
                let message = format!("`{path}` is negative");
                self.refuse(codes::INVALID_VALUE, message, &path, "give 0 or more");
            }
        }
        if service.scale.or(replicas).unwrap_or(1) > 1 && service.container_name.is_some() {
            let message =
                format!("service `{name}` has a container name, so it cannot run several times");
            let path = format!("services.{name}.container_name");
            self.refuse(
                codes::CONFLICT,
                message,
                &path,
                "remove the container name, or run it once",
            );
        }
    }

    pub(super) fn limits(&mut self, name: &str, service: &Service) {
        let resources = service
            .deploy
            .as_ref()
            .and_then(|deploy| deploy.resources.as_ref());
        let container = &service.container;
        if let Some(limits) = resources.and_then(|resources| resources.limits.as_ref()) {
            let at = "deploy.resources.limits";
            self.pair(
                name,
                container.cpus,
                "cpus",
                limits,
                |limits| limits.cpus,
                &format!("{at}.cpus"),
            );
            self.pair(
                name,
                container.mem_limit,
                "mem_limit",
                limits,
                |limits| limits.memory,
                &format!("{at}.memory"),
            );
            self.pair(
                name,
                container.pids_limit,
                "pids_limit",
                limits,
                |limits| limits.pids,
                &format!("{at}.pids"),
            );
        }
        if let Some(reservations) = resources.and_then(|resources| resources.reservations.as_ref())
        {
            let other = "deploy.resources.reservations.memory";
            let read = |reservations: &Resource| reservations.memory;
            self.pair(
                name,
                container.mem_reservation,
                "mem_reservation",
                reservations,
                read,
                other,
            );
        }
    }

    /// Compares a figure of the service with the one of its deployment. The reference loader also
    /// refuses a missing one there; it is a warning here.
    fn pair<T: PartialEq>(
        &mut self,
        name: &str,
        own: Option<T>,
        key: &str,
        resource: &Resource,
        read: impl Fn(&Resource) -> Option<T>,
        other: &str,
    ) {
        let Some(own) = own else { return };
        match read(resource) {
            Some(theirs) if theirs == own => {}
            Some(_) => self.distinct(name, key, other),
            None => {
                let message = format!(
                    "docker compose itself refuses `{key}` without `{other}` beside other limits"
                );
                let help = format!("give the figure in `{other}`");
                self.warn(
                    codes::CONFLICT,
                    message,
                    &format!("services.{name}.{key}"),
                    &help,
                );
            }
        }
    }

    fn distinct(&mut self, name: &str, key: &str, other: &str) {
        let message = format!("service `{name}` has different values for `{key}` and `{other}`");
        self.refuse(
            codes::CONFLICT,
            message,
            &format!("services.{name}.{key}"),
            "keep one of them",
        );
    }
}
