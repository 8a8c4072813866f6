//! What does not come up is told with its cause.

use std::thread;

use anyhow::{Result, ensure};

use super::{GOOD, Region, account, outcome};
use crate::live::rig::{IMAGE, Rig, Target};

/// What a first run does not get over: its service, and the cause.
const FIRST: &[(&str, &str, &str)] = &[
    (
        "noimage",
        "    image: live.example/none:1.0\n    command: [sleep, \"900\"]\n",
        "image-missing",
    ),
    (
        "crashes",
        "    image: live.example/app:1.0\n    command: [\"false\"]\n",
        "crash-loop",
    ),
    (
        "sick",
        "    image: live.example/app:1.0\n    command: [sleep, \"900\"]\n    \
         healthcheck: { test: \"false\", interval: 5s, timeout: 2s, retries: 1 }\n",
        "unhealthy",
    ),
    (
        "ended",
        "    image: live.example/app:1.0\n    command: [sh, -c, exit 4]\n    restart: \"no\"\n",
        "job-failed",
    ),
];

/// An upgrade that does not come up.
struct Upgrade {
    /// The stack.
    name: &'static str,
    /// What the file asks for then.
    action: &'static str,
    /// What in the file becomes wrong.
    from: &'static str,
    /// What it becomes.
    to: &'static str,
    /// The exit code.
    code: i32,
    /// The cause.
    cause: &'static str,
}

const UPGRADES: &[Upgrade] = &[
    Upgrade {
        name: "rolls",
        action: "rollback",
        from: GOOD,
        to: "live.example/none:1.0",
        code: 8,
        cause: "image-missing",
    },
    Upgrade {
        name: "pauses",
        action: "pause",
        from: GOOD,
        to: "live.example/none:1.0",
        code: 7,
        cause: "image-missing",
    },
    Upgrade {
        name: "sickens",
        action: "rollback",
        from: r#"["CMD", "true"], interval: 1s"#,
        to: r#"["CMD", "false"], interval: 5s, timeout: 2s, retries: 1"#,
        code: 8,
        cause: "unhealthy",
    },
    Upgrade {
        name: "breaks",
        action: "rollback",
        from: r#"["sleep", "900"]"#,
        to: r#"["false"]"#,
        code: 8,
        cause: "crash-loop",
    },
];

impl Rig<Region> {
    /// What does not come up is told with its cause, each in a stack of its own.
    pub(super) fn causes(&self) -> Result<String> {
        let told: Result<Vec<String>> = thread::scope(|scope| {
            let mut all = vec![scope.spawn(|| self.missing_secret())];
            for cause in FIRST {
                all.push(scope.spawn(move || self.first(cause)));
            }
            for upgrade in UPGRADES {
                all.push(scope.spawn(move || self.upgrade(upgrade)));
            }
            all.into_iter().map(outcome).collect()
        });
        Ok(format!("causes told: {}", told?.join(", ")))
    }

    /// A first run that does not come up.
    fn first(&self, (name, service, cause): &(&str, &str, &str)) -> Result<String> {
        let file = format!("name: {name}\nservices:\n  web:\n{service}");
        let folder = self.write(name, &file)?;
        let told = self.doomed(&folder, &[], 7, cause)?;
        self.unseen(&folder, &["remove", "--yes"], 0)?;
        self.target.nothing_left(name)?;
        Ok(told)
    }

    /// An upgrade that does not come up leaves what ran.
    fn upgrade(&self, upgrade: &Upgrade) -> Result<String> {
        let Upgrade {
            name,
            action,
            from,
            to,
            code,
            cause,
        } = upgrade;
        let good = Self::two_services("1", GOOD).replace("rollback", action);
        let folder = self.write(name, &good)?;
        self.unseen(&folder, &["deploy"], 0)?;
        let family = format!("{name}-web");
        let before = self.target.account.tasks(name, &family)?;
        let bad = good.replace(from, to);
        ensure!(bad != good, "{name}: nothing is wrong");
        self.write(name, &bad)?;
        let told = self.doomed(&folder, &[], *code, cause)?;
        let after = self.target.account.tasks(name, &family)?;
        ensure!(
            before.iter().all(|task| after.contains(task)),
            "{name}: of {before:?} only {after:?} run"
        );
        self.unseen(&folder, &["remove", "--yes"], 0)?;
        self.target.nothing_left(name)?;
        Ok(format!("{told} with {code}"))
    }

    /// A secret that somebody else was to store is missed before anything is written.
    fn missing_secret(&self) -> Result<String> {
        let file = format!(
            "name: lost\nservices:\n  web:\n    image: {IMAGE}\n    command: [sleep, \"900\"]\n    \
             secrets: [gone]\nsecrets: {{ gone: {{ external: true }} }}\n"
        );
        let folder = self.write("lost", &file)?;
        let ended = self.unseen(&folder, &["deploy"], 1)?;
        let names = ended.said.contains("no secret `gone`");
        ensure!(names, "no cause: {}", ended.said);
        let left = self.target.account.state("lost")?;
        ensure!(left == account::nothing(), "something was written: {left}");
        Ok("a missing secret".to_owned())
    }
}
