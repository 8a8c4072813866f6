//! Programs that run on in the background, known by their pid and their time of start.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// How long a program may take to end after SIGTERM.
const END: Duration = Duration::from_secs(10);

/// How many of the log's last lines an error shows.
const LINES: usize = 12;

/// A program in the background, by the files it leaves in a folder: `<name>.pid`, `<name>.log`.
#[derive(Clone, Debug)]
pub(crate) struct Daemon {
    name: &'static str,
    folder: PathBuf,
}

/// A process that cannot be taken for a later one with the same number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Identity {
    pid: i32,
    /// Clock ticks from boot to its start.
    started: u64,
}

impl Daemon {
    /// The program of this name with its files in this folder, whether it runs or not.
    pub(crate) fn new(folder: &Path, name: &'static str) -> Self {
        Self {
            name,
            folder: folder.to_owned(),
        }
    }

    /// Starts it, unless it runs already. The command must become the program: a shell around it
    /// would be what is stopped later.
    pub(crate) fn start(&self, command: &mut Command) -> Result<()> {
        if self.runs() {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        let log = File::create(self.log())?;
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            // Ctrl-C is meant for the command that started it.
            .process_group(0)
            .spawn()
            .with_context(|| format!("cannot start {}", self.name))?;
        let pid = child.id().cast_signed();
        let identity = identity(pid).with_context(|| format!("{} ended at once", self.name))?;
        let text = format!("{} {}", identity.pid, identity.started);
        fs::write(self.pid_file(), text).context("cannot note its pid")
    }

    /// Waits until `ready` says so.
    ///
    /// # Errors
    ///
    /// When the program ends before, or is not ready in time; with the end of its log.
    pub(crate) fn wait(&self, limit: Duration, mut ready: impl FnMut() -> bool) -> Result<()> {
        let start = Instant::now();
        while !ready() {
            if !self.runs() {
                bail!("{} ended: {}", self.name, self.last_lines());
            }
            if start.elapsed() > limit {
                let (name, lines) = (self.name, self.last_lines());
                bail!("{name} is not ready after {limit:?}: {lines}");
            }
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Whether it runs.
    pub(crate) fn runs(&self) -> bool {
        self.running().is_some()
    }

    /// Whether something listens on a TCP port in the network it runs in.
    pub(crate) fn listens(&self, port: u16) -> bool {
        let Some(Identity { pid, .. }) = self.running() else {
            return false;
        };
        ["tcp", "tcp6"].iter().any(|table| {
            let table = fs::read_to_string(format!("/proc/{pid}/net/{table}"));
            table.is_ok_and(|table| table.lines().any(|line| is_listening(line, port)))
        })
    }

    /// Stops it: SIGTERM, and SIGKILL after 10 s. It may have ended before.
    pub(crate) fn stop(&self) -> Result<()> {
        stop_all(std::slice::from_ref(self))
    }

    fn send(&self, signal: Signal) {
        if let Some(identity) = self.running() {
            let _ended_by_itself = kill(Pid::from_raw(identity.pid), signal);
        }
    }

    /// The end of its log, for errors.
    pub(crate) fn last_lines(&self) -> String {
        let log = fs::read(self.log()).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        let first = lines.len().saturating_sub(LINES);
        let last = lines.get(first..).unwrap_or_default().join("\n");
        format!("{}\n{last}", self.log().display())
    }

    fn running(&self) -> Option<Identity> {
        let noted = fs::read_to_string(self.pid_file()).ok()?;
        let (pid, started) = noted.split_once(' ')?;
        let noted = Identity {
            pid: pid.parse().ok()?,
            started: started.parse().ok()?,
        };
        (identity(noted.pid) == Some(noted)).then_some(noted)
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.join(format!("{}.pid", self.name))
    }

    fn log(&self) -> PathBuf {
        self.folder.join(format!("{}.log", self.name))
    }
}

/// Stops several at once: SIGTERM, and SIGKILL after 10 s. Each may have ended before.
pub(crate) fn stop_all(daemons: &[Daemon]) -> Result<()> {
    let one_runs = || daemons.iter().find(|daemon| daemon.runs());
    for signal in [Signal::SIGTERM, Signal::SIGKILL] {
        for daemon in daemons {
            daemon.send(signal);
        }
        let start = Instant::now();
        while one_runs().is_some() && start.elapsed() < END {
            sleep(Duration::from_millis(50));
        }
    }
    if let Some(daemon) = one_runs() {
        bail!("{} does not end", daemon.name);
    }
    for daemon in daemons {
        drop(fs::remove_file(daemon.pid_file()));
    }
    Ok(())
}

/// Whether a line of `/proc/net/tcp` is a socket that listens (state 0A) on a port.
fn is_listening(line: &str, port: u16) -> bool {
    let mut fields = line.split_whitespace().skip(1);
    let local = fields.next().unwrap_or_default();
    let is_here = local.ends_with(&format!(":{port:04X}"));
    is_here && fields.nth(1) == Some("0A")
}

/// Who has a pid now. A process that ended and was not collected yet counts as nobody.
fn identity(pid: i32) -> Option<Identity> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything: count from behind it (proc(5), field 3 on).
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace();
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    Some(Identity {
        pid,
        started: fields.nth(18)?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::process::Command;

    use super::Daemon;

    #[test]
    fn a_program_is_started_once_and_stopped_twice() {
        let folder = tempfile::tempdir().unwrap();
        let daemon = Daemon::new(folder.path(), "sleep");
        daemon.start(Command::new("sleep").arg("60")).unwrap();
        let first = daemon.running();
        daemon.start(Command::new("sleep").arg("60")).unwrap();
        assert!(first.is_some());
        assert_eq!(daemon.running(), first);
        daemon.stop().unwrap();
        assert!(!daemon.runs());
        daemon.stop().unwrap();
    }

    #[test]
    fn another_process_with_the_same_pid_is_never_taken_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let daemon = Daemon::new(folder.path(), "sleep");
        let ours = std::process::id();
        fs::write(folder.path().join("sleep.pid"), format!("{ours} 1")).unwrap();
        assert!(!daemon.runs());
        daemon.stop().unwrap();
    }

    #[test]
    fn an_early_end_is_told_with_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let daemon = Daemon::new(folder.path(), "sh");
        let mut command = Command::new("sh");
        daemon
            .start(command.args(["-c", "sleep 0.2; echo no such file"]))
            .unwrap();
        let error = daemon.wait(super::END, || false).unwrap_err().to_string();
        assert!(error.contains("no such file"), "{error}");
    }
}
