//! What an instance leaves behind when it should not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::network::Network;
use super::{Instance, Part, cgroup};
use crate::command::stdout;

impl Instance {
    /// Everything of a part that is on this machine: folders, namespaces, mounts, control groups
    /// and processes. Nothing, when it is down.
    pub(crate) fn remains(&self, part: Part) -> Result<Vec<String>> {
        let folders = [self.run_folder(part), self.data_folder(part)];
        let mark = format!("tranship-{}-{}", self.name(), part.name());
        let mut remains = Vec::new();
        let there = folders.iter().filter(|folder| folder.exists());
        remains.extend(there.map(|folder| folder.display().to_string()));
        let namespaces = stdout(Command::new("ip").args(["netns", "list"]))?;
        let ours = namespaces.lines().filter(|line| line.starts_with(&mark));
        remains.extend(ours.map(|line| format!("namespace {line}")));
        let mounts = fs::read_to_string("/proc/self/mountinfo")?;
        let ours = mounts.lines().filter(|line| mentions(line, &folders));
        remains.extend(ours.map(|line| format!("mount {line}")));
        let groups = cgroup::at_the_top()?.into_iter();
        let ours = groups.filter(|path| {
            let name = path.file_name().unwrap_or_default();
            name.to_string_lossy().starts_with(&mark)
        });
        remains.extend(ours.map(|path| format!("control group {}", path.display())));
        remains.extend(processes(&folders)?);
        Ok(remains)
    }

    /// The routes this machine has to a network, which belong to an instance that is gone.
    pub(crate) fn routes_to(network: &Network) -> Result<Vec<String>> {
        let routes = stdout(Command::new("ip").args(["-4", "route"]))?;
        let prefix = format!("{}.", network.prefix());
        let ours = routes.lines().filter(|line| line.starts_with(&prefix));
        Ok(ours.map(|line| format!("route {line}")).collect())
    }
}

fn mentions(text: &str, folders: &[PathBuf]) -> bool {
    let mut folders = folders.iter();
    folders.any(|folder| text.contains(&*folder.to_string_lossy()))
}

fn processes(folders: &[PathBuf]) -> Result<Vec<String>> {
    let mut processes = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let folder = entry?.path();
        if let Some(line) = command_line(&folder).filter(|line| mentions(line, folders)) {
            processes.push(format!("process {}: {line}", folder.display()));
        }
    }
    Ok(processes)
}

/// The command line of a process, which may end while it is read.
fn command_line(folder: &Path) -> Option<String> {
    let line = fs::read(folder.join("cmdline")).ok()?;
    Some(String::from_utf8_lossy(&line).replace('\0', " "))
}
