//! What may not be done is told before anything is.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::Cluster;
use crate::live::ended::Ended;
use crate::live::kubernetes_api::setting;
use crate::live::rig::{IMAGE, Rig, Target, Way};

impl Rig<Cluster> {
    /// Every missing permission is named before the first write.
    pub(super) fn permissions(&self) -> Result<()> {
        self.target
            .kubectl("default", &["create", "namespace", "denied"])?;
        self.target
            .kubectl("denied", &["create", "serviceaccount", "reader"])?;
        let binding = [
            "create",
            "rolebinding",
            "reader",
            "--clusterrole=view",
            "--serviceaccount=denied:reader",
        ];
        self.target.kubectl("denied", &binding)?;
        let role = [
            "create",
            "role",
            "secrets",
            "--verb=get,list",
            "--resource=secrets",
        ];
        self.target.kubectl("denied", &role)?;
        let binding = [
            "create",
            "rolebinding",
            "secrets",
            "--role=secrets",
            "--serviceaccount=denied:reader",
        ];
        self.target.kubectl("denied", &binding)?;
        let token = self
            .target
            .kubectl("denied", &["create", "token", "reader"])?;
        let text = fs::read_to_string(&self.target.proxied)?;
        let ours = setting(&text, "token").context("no token")?;
        let reader = self.folder().join("reader");
        fs::write(&reader, text.replace(ours, token.trim()))?;
        let folder = self.write("denied", &Self::two_services("1", IMAGE))?;
        let mut command = self.command(&folder, &["deploy"], Way::Proxied)?;
        command.env("KUBECONFIG", &reader);
        self.target.proxy().arm(Vec::new());
        let ended = Ended::through(self.target.proxy(), command)?;
        let ended = ended.with(4, &folder, &["deploy"])?;
        for missing in [
            "create deployments.apps",
            "patch secrets",
            "create jobs.batch",
        ] {
            ensure!(ended.said.contains(missing), "{missing}: {}", ended.said);
        }
        ensure!(
            ended.writes.is_empty(),
            "denied, it wrote {:?}",
            ended.writes
        );
        Ok(())
    }
}
