//! One laboratory of several on a machine: its name, folders and lock.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::Part;
use super::network::Network;

/// Which environment variable names the instance.
const VARIABLE: &str = "TRANSHIP_LAB";

/// The longest name: it is part of paths of sockets, which end after 108 bytes.
const NAME_LIMIT: usize = 12;

/// A laboratory of its own, beside others on the same machine.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    name: String,
    /// How many nodes a part shall have, when the caller says.
    nodes: Option<u8>,
}

impl Instance {
    /// The instance that `TRANSHIP_LAB` names, `lab` when it is not set.
    pub(crate) fn current() -> Result<Self> {
        let name = std::env::var(VARIABLE).unwrap_or_else(|_| "lab".to_owned());
        Self::named(&name)
    }

    /// An instance by name: 1 to 12 of `a`–`z` and `0`–`9`.
    ///
    /// # Errors
    ///
    /// Any other name is refused: it becomes a part of paths and of names of namespaces.
    pub(crate) fn named(name: &str) -> Result<Self> {
        let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        if name.is_empty() || name.len() > NAME_LIMIT || !name.chars().all(is_plain) {
            bail!("{VARIABLE} is {name:?}: use 1 to {NAME_LIMIT} of a-z and 0-9");
        }
        Ok(Self {
            name: name.to_owned(),
            nodes: None,
        })
    }

    /// The same with so many nodes per part, if it is said how many.
    pub(crate) fn with_nodes(self, nodes: Option<u8>) -> Self {
        Self { nodes, ..self }
    }

    /// How many nodes a part has or shall have: never fewer than it has already.
    pub(crate) fn nodes(&self, part: Part) -> u8 {
        let noted = fs::read_to_string(self.nodes_file(part)).ok();
        let has = noted.and_then(|noted| noted.parse().ok()).unwrap_or(1);
        self.nodes.map_or(has, |wanted| wanted.max(has))
    }

    fn nodes_file(&self, part: Part) -> PathBuf {
        self.run_folder(part).join("nodes")
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Sockets, pids, logs and settings of a part; gone after a reboot, and short.
    pub(crate) fn run_folder(&self, part: Part) -> PathBuf {
        self.folder().join(part.name())
    }

    /// What may become large: images, layers, volumes, databases.
    pub(crate) fn data_folder(&self, part: Part) -> PathBuf {
        Path::new("/var/lib/tranship")
            .join(&self.name)
            .join(part.name())
    }

    /// Makes both folders of a part. Data without a run folder is from before a reboot, or from
    /// an instance that had other addresses: it is removed first.
    pub(crate) fn make_folders(&self, part: Part) -> Result<()> {
        let run = self.run_folder(part);
        if !run.exists() {
            remove_tree(&self.data_folder(part))?;
        }
        fs::create_dir_all(&run)?;
        fs::create_dir_all(self.data_folder(part))?;
        fs::write(self.nodes_file(part), self.nodes(part).to_string())?;
        Ok(())
    }

    /// Its network, with addresses no other instance has. Made when it is not there.
    pub(crate) fn network(&self) -> Result<Network> {
        Network::of(&self.name, &self.folder())
    }

    /// Its network if it was made before.
    pub(crate) fn existing_network(&self) -> Option<Network> {
        Network::existing(&self.name, &self.folder())
    }

    /// Keeps others from changing this instance until the file is dropped.
    pub(super) fn lock(&self) -> Result<File> {
        let folder = Path::new("/run/tranship/locks");
        fs::create_dir_all(folder)?;
        let file = File::create(folder.join(&self.name))?;
        if file.try_lock().is_err() {
            eprintln!(
                "waiting for another command on the laboratory {}",
                self.name
            );
            file.lock().context("cannot lock the laboratory")?;
        }
        Ok(file)
    }

    /// Removes the folders of a part, with what is mounted below them.
    pub(super) fn clear(&self, part: Part) -> Result<()> {
        remove_tree(&self.run_folder(part))?;
        remove_tree(&self.data_folder(part))
    }

    /// Removes the network and the last folders when no part is left.
    pub(super) fn remove_if_empty(&self) -> Result<()> {
        let is_left = |part: &Part| self.run_folder(*part).exists();
        if Part::ALL.iter().any(is_left) {
            return Ok(());
        }
        if let Some(network) = self.existing_network() {
            network.remove()?;
        }
        remove_tree(&self.folder())?;
        remove_tree(&Path::new("/var/lib/tranship").join(&self.name))
    }

    fn folder(&self) -> PathBuf {
        Path::new("/run/tranship").join(&self.name)
    }
}

/// Unmounts what is mounted below a folder, and removes it. No folder is no error.
pub(super) fn remove_tree(folder: &Path) -> Result<()> {
    unmount_below(folder)?;
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn unmount_below(folder: &Path) -> Result<()> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let points = mounts.lines().filter_map(|line| line.split(' ').nth(4));
    let below = points.filter(|point| Path::new(point).starts_with(folder));
    // Later mounts lie upon earlier ones.
    for point in below.collect::<Vec<_>>().into_iter().rev() {
        nix::mount::umount2(point, nix::mount::MntFlags::MNT_DETACH)
            .with_context(|| format!("cannot unmount {point}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Instance;

    #[test]
    fn a_name_that_would_leave_its_folder_is_refused() {
        for name in ["", "..", "a/b", "Lab", "a-b", "abcdefghijklm"] {
            assert!(Instance::named(name).is_err(), "{name}");
        }
        assert!(Instance::named("kube2").is_ok());
    }
}
