//! What does not come up is told with its cause.

use std::thread;

use anyhow::{Result, anyhow, ensure};

use super::Cluster;
use crate::live::rig::{IMAGE, Rig};

impl Rig<Cluster> {
    /// What does not come up is told with its cause, each in a namespace of its own.
    pub(super) fn causes(&self) -> Result<Vec<String>> {
        thread::scope(|scope| {
            let mut all = vec![
                scope.spawn(|| self.missing_image()),
                scope.spawn(|| self.quota()),
            ];
            for (name, service, cause) in CAUSES {
                all.push(scope.spawn(move || self.cause(name, service, cause)));
            }
            let ends = all.into_iter().map(thread::ScopedJoinHandle::join);
            ends.map(|end| end.map_err(|_panic| anyhow!("a cause panicked"))?)
                .collect()
        })
    }

    /// An image that is missing leaves what ran.
    fn missing_image(&self) -> Result<String> {
        let folder = self.write("fails", &Self::two_services("1", IMAGE))?;
        self.unseen(&folder, &["deploy", "--create-namespace"], 0)?;
        self.write("fails", &Self::two_services("1", "live.example/none:1.0"))?;
        let told = self.doomed(&folder, &[], 7, "image-missing")?;
        let ready = [
            "get",
            "deployment/web",
            "-o",
            "jsonpath={.status.readyReplicas}",
        ];
        let ready = self.target.kubectl("fails", &ready)?;
        ensure!(ready == "1", "the old task was taken down: {ready}");
        self.unseen(&folder, &["remove", "--yes"], 0)?;
        Ok(told)
    }

    fn cause(&self, name: &str, service: &str, cause: &str) -> Result<String> {
        let file = format!("name: {name}\nservices:\n  web:\n    image: {IMAGE}\n{service}");
        let folder = self.write(name, &file)?;
        let told = self.doomed(&folder, &["--create-namespace"], 7, cause)?;
        self.unseen(&folder, &["remove", "--yes"], 0)?;
        Ok(told)
    }

    /// A quota that refuses tasks is named.
    fn quota(&self) -> Result<String> {
        self.target
            .kubectl("default", &["create", "namespace", "quota"])?;
        let quota = ["create", "quota", "few", "--hard=pods=1"];
        self.target.kubectl("quota", &quota)?;
        let file = format!(
            "name: quota\nservices:\n  web:\n    image: {IMAGE}\n    command: [sleep, \"900\"]\n    \
             stop_grace_period: 1s\n    deploy: {{ replicas: 2 }}\n"
        );
        let folder = self.write("quota", &file)?;
        let told = self.doomed(&folder, &["--timeout", "30s"], 7, "quota")?;
        self.unseen(&folder, &["remove", "--yes"], 0)?;
        Ok(told)
    }
}

/// What a run does not get over: its service, and the cause.
const CAUSES: &[(&str, &str, &str)] = &[
    ("crashes", "    command: [\"false\"]\n", "crash-loop"),
    (
        "sick",
        "    command: [sleep, \"900\"]\n    \
         healthcheck: { test: \"false\", interval: 1s, timeout: 1s, retries: 2 }\n",
        "unhealthy",
    ),
    (
        "lost",
        "    command: [sleep, \"900\"]\n    secrets: [gone]\n\
         secrets: { gone: { external: true } }\n",
        "object-missing",
    ),
    (
        "ended",
        "    command: [sh, -c, exit 4]\n    restart: \"no\"\n",
        "job-failed",
    ),
];
