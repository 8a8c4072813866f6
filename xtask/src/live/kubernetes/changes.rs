//! What a change writes, and what is left alone.

use std::fs;

use anyhow::{Result, ensure};

use super::Cluster;
use crate::live::rig::{IMAGE, Rig, Target};
use crate::paths::root;

impl Rig<Cluster> {
    /// The shop comes up; deploying it again writes nothing; removed, nothing of it is left.
    pub(super) fn shop(&self) -> Result<usize> {
        let shop = root().join("fixtures/stacks/shop");
        self.expect(&shop, &["deploy", "--create-namespace"], 0)?;
        let again = self.expect(&shop, &["deploy"], 0)?;
        ensure!(
            again.writes.is_empty(),
            "deployed again, it wrote {:?}",
            again.writes
        );
        self.expect(&shop, &["plan", "--detailed-exitcode"], 0)?;
        let status = self.expect(&shop, &["status"], 0)?;
        ensure!(
            status.said.contains("8080->8080/tcp"),
            "no port: {}",
            status.said
        );
        let logs = self.expect(&shop, &["logs"], 0)?;
        ensure!(logs.said.contains("migrated"), "no log: {}", logs.said);
        let services = self
            .target
            .kubectl("shop", &["get", "services", "-o", "name"])?;
        self.expect(&shop, &["remove", "--yes", "--volumes"], 0)?;
        self.target.nothing_left("shop")?;
        Ok(services.lines().count())
    }

    /// A change of one service writes one service; a changed secret reaches the tasks.
    pub(super) fn changes(&self) -> Result<()> {
        let folder = self.write("changes", &Self::two_services("1", IMAGE))?;
        self.expect(&folder, &["deploy", "--create-namespace"], 0)?;
        self.write("changes", &Self::two_services("2", IMAGE))?;
        let updated = self.expect(&folder, &["deploy"], 0)?;
        let objects: Vec<_> = updated
            .writes
            .iter()
            .filter(|line| !line.contains("/configmaps"))
            .collect();
        ensure!(objects.len() == 1, "one change wrote {objects:?}");
        fs::write(folder.join("word"), "changed\n")?;
        fs::write(folder.join("page"), "changed\n")?;
        self.expect(&folder, &["deploy"], 0)?;
        let seen = [
            "exec",
            "deployment/web",
            "--",
            "cat",
            "/run/secrets/word",
            "/page",
        ];
        let seen = self.target.kubectl("changes", &seen)?;
        ensure!(seen == "changed\nchanged\n", "the task sees {seen:?}");
        let again = self.expect(&folder, &["deploy"], 0)?;
        ensure!(
            again.writes.is_empty(),
            "deployed again, it wrote {:?}",
            again.writes
        );
        let patch = r#"{"spec":{"template":{"spec":{"automountServiceAccountToken":null}}}}"#;
        self.target
            .kubectl("changes", &["patch", "deployment/web", "-p", patch])?;
        let drift = self.expect(&folder, &["plan", "--detailed-exitcode"], 9)?;
        ensure!(
            drift.said.contains("automountServiceAccountToken"),
            "a change by hand is not found: {}",
            drift.said
        );
        self.expect(&folder, &["remove", "--yes"], 0).map(drop)
    }

    /// What is not ours is neither taken nor touched, whole objects or fields.
    pub(super) fn neighbours(&self) -> Result<()> {
        self.target
            .kubectl("default", &["create", "namespace", "near"])?;
        self.target
            .kubectl("near", &["create", "deployment", "web", "--image", IMAGE])?;
        self.target.kubectl(
            "near",
            &["create", "service", "clusterip", "other", "--tcp=80"],
        )?;
        let folder = self.write("near", &Self::two_services("1", IMAGE))?;
        let refused = self.expect(&folder, &["deploy"], 6)?;
        ensure!(
            refused.writes.is_empty(),
            "refused, it wrote {:?}",
            refused.writes
        );
        self.target
            .kubectl("near", &["delete", "deployment", "web", "--wait"])?;
        self.expect(&folder, &["deploy"], 0)?;
        let set = ["set", "env", "deployment/web", "VERSION=9"];
        self.target.kubectl("near", &set)?;
        let conflict = self.expect(&folder, &["deploy"], 6)?;
        ensure!(
            conflict.said.contains("kubectl-set") && conflict.said.contains("VERSION"),
            "whose field it is is not said: {}",
            conflict.said
        );
        self.expect(&folder, &["remove", "--yes"], 0)?;
        self.target
            .kubectl("near", &["get", "service", "other"])
            .map(drop)
    }
}
