//! How images are built.

use super::super::{Build, Service, codes};
use super::Checker;
use super::references::Declared;

impl Checker<'_> {
    pub(super) fn build(&mut self, name: &str, service: &Service) {
        let Some(build) = &service.workload.build else {
            return;
        };
        if build.dockerfile.is_some() && build.dockerfile_inline.is_some() {
            let message =
                format!("service `{name}` has both a `dockerfile` and a `dockerfile_inline`");
            let path = format!("services.{name}.build.dockerfile");
            self.refuse(codes::EXCLUSIVE_KEYS, message, &path, "keep one of them");
        }
        self.build_platforms(name, service, build);
        self.additional_contexts(name, build);
    }

    fn build_platforms(&mut self, name: &str, service: &Service, build: &Build) {
        let Some(platform) = &service.container.platform else {
            return;
        };
        if !build.platforms.is_empty() && !build.platforms.contains(platform) {
            let message =
                format!("service `{name}` runs on `{platform}`, which its image is not built for");
            let path = format!("services.{name}.build.platforms");
            self.refuse(
                codes::CONFLICT,
                message,
                &path,
                "add it to the platforms of the build",
            );
        }
    }

    fn additional_contexts(&mut self, name: &str, build: &Build) {
        for (context, value) in build.additional_contexts.iter() {
            let Some(target) = value.strip_prefix("service:") else {
                continue;
            };
            let path = format!("services.{name}.build.additional_contexts.{context}");
            let known = self
                .project
                .services
                .get(target)
                .or(self.project.disabled_services.get(target));
            match known {
                None => self.undefined(Declared::Service, target, &path, name),
                Some(service) if service.workload.build.is_none() => {
                    let message = format!("`{path}` is service `{target}`, which is not built");
                    self.refuse(
                        codes::UNDEFINED,
                        message,
                        &path,
                        "name a service with `build`",
                    );
                }
                Some(_) => {}
            }
        }
    }
}
