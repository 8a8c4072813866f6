//! Control groups: everything a node runs lies below one, so that nothing outlives it.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Where the kernel shows them.
const ROOT: &str = "/sys/fs/cgroup";

/// How long killed processes may take to go.
const END: Duration = Duration::from_secs(10);

/// A control group at the top, in every controller there is.
#[derive(Clone, Debug)]
pub(crate) struct Cgroup {
    name: String,
}

impl Cgroup {
    /// The group of this name, whether it is there or not.
    pub(crate) fn new(name: String) -> Self {
        Self { name }
    }

    /// Its path as daemons take it, such as `/tranship-lab-kubernetes-1`.
    pub(crate) fn path(&self) -> String {
        format!("/{}", self.name)
    }

    /// Makes it, with all processors and memory nodes of its parent.
    pub(crate) fn create(&self) -> Result<()> {
        for hierarchy in hierarchies()? {
            let folder = hierarchy.join(&self.name);
            fs::create_dir_all(&folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
            for file in ["cpuset.cpus", "cpuset.mems"] {
                inherit(&hierarchy, &folder, file)?;
            }
        }
        Ok(())
    }

    /// Kills every process in it and below it, and removes it. Nothing there is no error.
    pub(crate) fn remove(&self) -> Result<()> {
        let start = Instant::now();
        loop {
            let mut left = false;
            for hierarchy in hierarchies()? {
                left |= !remove_below(&hierarchy.join(&self.name));
            }
            if !left {
                return Ok(());
            }
            if start.elapsed() > END {
                bail!("the control group {} does not become empty", self.name);
            }
            sleep(Duration::from_millis(50));
        }
    }
}

/// Every group at the top, of every controller.
pub(crate) fn at_the_top() -> Result<Vec<PathBuf>> {
    let mut groups = Vec::new();
    for hierarchy in hierarchies()? {
        for entry in fs::read_dir(hierarchy)? {
            groups.push(entry?.path());
        }
    }
    Ok(groups)
}

/// One folder per controller with version 1, one alone with version 2.
fn hierarchies() -> Result<Vec<PathBuf>> {
    let root = Path::new(ROOT);
    if root.join("cgroup.controllers").exists() {
        return Ok(vec![root.to_owned()]);
    }
    let mut hierarchies = Vec::new();
    for entry in fs::read_dir(root).context("no control groups are mounted")? {
        let entry = entry?;
        // Links such as `cpu` lead to `cpu,cpuacct`.
        if entry.file_type()?.is_dir() {
            hierarchies.push(entry.path());
        }
    }
    Ok(hierarchies)
}

/// A new group of version 1 has no processor at all until it is told.
fn inherit(parent: &Path, child: &Path, file: &str) -> Result<()> {
    let (from, to) = (parent.join(file), child.join(file));
    let is_empty = |path: &Path| fs::read_to_string(path).is_ok_and(|text| text.trim().is_empty());
    if from.exists() && is_empty(&to) {
        fs::write(&to, fs::read(&from)?)
            .with_context(|| format!("cannot fill {}", to.display()))?;
    }
    Ok(())
}

/// Kills and removes, deepest first, and says whether the folder is gone.
fn remove_below(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return true;
    };
    for entry in entries.flatten() {
        if entry.path().is_dir() {
            remove_below(&entry.path());
        }
    }
    let processes = fs::read_to_string(folder.join("cgroup.procs")).unwrap_or_default();
    for pid in processes.lines().filter_map(|pid| pid.parse().ok()) {
        let _ended_meanwhile = kill(Pid::from_raw(pid), Signal::SIGKILL);
    }
    fs::remove_dir(folder).is_ok()
}
