//! What a run writes, and what it leaves alone.

use std::fs;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::account::text;
use super::{Region, outcome};
use crate::live::rig::{IMAGE, Rig, Target};
use crate::paths::root;

impl Rig<Region> {
    /// What looks at the calls a run makes.
    pub(super) fn changes(&self) -> Result<String> {
        let shop = root().join("fixtures/stacks/shop");
        let services = self.shop(&shop)?;
        thread::scope(|scope| {
            // One of the shop's services takes its time to stop.
            let removal = scope.spawn(|| {
                self.unseen(&shop, &["remove", "--yes", "--volumes"], 0)?;
                self.target.nothing_left("shop")
            });
            self.one_change()?;
            self.neighbours()?;
            outcome(removal)
        })?;
        Ok(format!("{services} services of the shop"))
    }

    /// The shop comes up; deploying it again writes nothing; status and logs answer.
    fn shop(&self, shop: &Path) -> Result<usize> {
        self.expect(shop, &["deploy"], 0)?;
        let services = self.target.account.services("shop")?.len();
        self.writes_nothing(shop)?;
        self.expect(shop, &["plan", "--detailed-exitcode"], 0)?;
        let status = self.expect(shop, &["status"], 0)?;
        ensure!(status.said.contains("2/2"), "no counts: {}", status.said);
        let logs = self.expect(shop, &["logs"], 0)?;
        ensure!(logs.said.contains("migrated"), "no log: {}", logs.said);
        Ok(services)
    }

    /// Deployed again, it writes nothing.
    fn writes_nothing(&self, folder: &Path) -> Result<()> {
        let writes = self.expect(folder, &["deploy"], 0)?.writes;
        ensure!(writes.is_empty(), "deployed again, it wrote {writes:?}");
        Ok(())
    }

    /// A change of one service writes one service; a changed secret and a changed config reach the
    /// tasks; a rollback returns to what was there before.
    fn one_change(&self) -> Result<()> {
        let folder = self.write("changes", &Self::two_services("1", IMAGE))?;
        self.expect(&folder, &["deploy"], 0)?;
        self.write("changes", &Self::two_services("2", IMAGE))?;
        let updated = self.expect(&folder, &["deploy"], 0)?;
        let calls = updated.writes.iter();
        let calls: Vec<&str> = calls
            .filter_map(|line| line.strip_prefix("AmazonEC2ContainerServiceV20141113."))
            .collect();
        ensure!(
            calls == ["RegisterTaskDefinition", "UpdateService", "TagResource"],
            "one change wrote {:?}",
            updated.writes
        );
        ensure!(self.version()? == "2", "the change is not there");
        fs::write(folder.join("word"), "changed\n")?;
        fs::write(folder.join("page"), "changed\n")?;
        let before = self.target.account.tasks("changes", "changes-web")?;
        self.expect(&folder, &["deploy"], 0)?;
        let after = self.target.account.tasks("changes", "changes-web")?;
        ensure!(before != after, "no task saw the changed secret");
        self.writes_nothing(&folder)?;
        self.write("changes", &Self::two_services("3", IMAGE))?;
        self.expect(&folder, &["deploy"], 0)?;
        self.expect(&folder, &["deploy", "--rollback"], 0)?;
        ensure!(self.version()? == "2", "the rollback went elsewhere");
        self.expect(&folder, &["remove", "--yes"], 0)?;
        self.target.nothing_left("changes")
    }

    /// The version the service of the stack `changes` was told.
    fn version(&self) -> Result<String> {
        let services = self.target.account.services("changes")?;
        let service = services.first().context("no service")?;
        let definition = text(service, "taskDefinition");
        let containers = self.target.account.containers(definition)?;
        let containers = containers.as_array().into_iter().flatten();
        let variables = containers.filter_map(|one| one.get("environment")?.as_array());
        let mut variables = variables.flatten();
        let version = variables.find(|variable| text(variable, "name") == "VERSION");
        let version = version.map(|variable| text(variable, "value").to_owned());
        version.context("no version")
    }

    /// What is not ours is neither taken nor touched.
    fn neighbours(&self) -> Result<()> {
        self.settle_neighbours()?;
        let folder = self.write("near", &Self::two_services("1", IMAGE))?;
        let refused = self.expect(&folder, &["deploy"], 6)?;
        ensure!(
            refused.writes.is_empty(),
            "refused, it wrote {:?}",
            refused.writes
        );
        let gone = json!({"SecretId": "near_word", "ForceDeleteWithoutRecovery": true});
        self.target.account.secrets("DeleteSecret", &gone)?;
        self.expect(&folder, &["deploy"], 0)?;
        let later = Self::two_services("1", IMAGE).replace("job:", "later:");
        self.write("near", &later)?;
        self.expect(&folder, &["deploy", "--prune"], 0)?;
        let families = self.target.account.families("near")?;
        ensure!(
            families == ["near-later", "near-other", "near-web"],
            "after pruning there is {families:?}"
        );
        self.expect(&folder, &["remove", "--yes"], 0)?;
        self.neighbours_are_there()
    }

    /// Secrets, a task definition and a service of somebody else, named much like ours.
    fn settle_neighbours(&self) -> Result<()> {
        let account = &self.target.account;
        for name in ["near_word", "near_other"] {
            let secret = json!({"Name": name, "SecretString": "theirs"});
            account.secrets("CreateSecret", &secret)?;
        }
        let container = json!({"name": "a", "image": IMAGE, "command": ["sleep", "900"]});
        let definition = json!({
            "family": "near-other", "networkMode": "bridge", "memory": "64",
            "containerDefinitions": [container],
        });
        account.ecs("RegisterTaskDefinition", &definition)?;
        account.ecs("CreateCluster", &json!({"clusterName": "other"}))?;
        let service = json!({
            "cluster": "other", "serviceName": "web", "taskDefinition": "near-other",
            "desiredCount": 1,
        });
        account.ecs("CreateService", &service).map(drop)
    }

    fn neighbours_are_there(&self) -> Result<()> {
        let account = &self.target.account;
        let families = account.families("near")?;
        ensure!(families == ["near-other"], "there is {families:?}");
        let value = account.secrets("GetSecretValue", &json!({"SecretId": "near_other"}))?;
        let said = text(&value, "SecretString");
        ensure!(said == "theirs", "a neighbour's secret says {said}");
        let services = account.services("other")?;
        let running = services.first().and_then(|one| one.get("runningCount"));
        let is_there = running.and_then(Value::as_u64) == Some(1);
        ensure!(is_there, "a neighbour is {services:?}");
        ensure!(!self.target.is_locked("near")?, "it kept the lock");
        Ok(())
    }
}
