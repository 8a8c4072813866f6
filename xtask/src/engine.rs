//! A Docker engine of our own: in its own network, with its own data, stopped when dropped.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::command::{exists, output, stdout, succeed};
use crate::tools::install;

/// How long an engine may take to answer.
const START: Duration = Duration::from_mins(1);

/// A running engine with a Swarm of one node.
pub(crate) struct Engine {
    process: Child,
    folder: PathBuf,
}

impl Engine {
    /// Starts an engine below `folder`, installing Debian's where there is none.
    ///
    /// It runs in a network namespace of its own, so that no rule, route or port of this machine
    /// changes and nothing of another engine is touched.
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        for (program, package) in [
            ("dockerd", "docker.io"),
            ("docker", "docker.io"),
            ("ip", "iproute2"),
            ("iptables", "iptables"),
            ("unshare", "util-linux"),
        ] {
            if !exists(program) && !Path::new("/usr/sbin").join(program).is_file() {
                install(package)?;
            }
        }
        // A socket's path has a limit of about 100 bytes, which a build folder can exceed.
        let folder = folder.to_owned();
        fs::create_dir_all(&folder)?;
        let process = spawn(&folder)?;
        let engine = Self { process, folder };
        engine.wait()?;
        succeed(
            engine
                .docker(&["swarm", "init", "--advertise-addr", "127.0.0.1"])
                .stdout(Stdio::null()),
        )?;
        Ok(engine)
    }

    fn wait(&self) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < START {
            if output(&mut self.docker(&["info"]))?.status.success() {
                return Ok(());
            }
            sleep(Duration::from_millis(200));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let last: Vec<&str> = log.lines().rev().take(5).collect();
        bail!("the engine does not answer: {}", last.join("\n"))
    }

    /// A docker command against this engine.
    pub(crate) fn docker(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("docker");
        command
            .env(
                "DOCKER_HOST",
                format!("unix://{}", self.folder.join("sock").display()),
            )
            .args(arguments);
        command
    }

    /// Makes an image of one static shell under each of `names`, without a registry.
    pub(crate) fn import_busybox(&self, names: &[String]) -> Result<()> {
        let busybox = Path::new("/usr/bin/busybox");
        if !is_static(busybox) {
            install("busybox-static")?;
        }
        let root = self.folder.join("image");
        fs::create_dir_all(root.join("bin"))?;
        for folder in ["tmp", "www", "etc"] {
            fs::create_dir_all(root.join(folder))?;
        }
        let binary = ["/usr/bin/busybox", "/bin/busybox"].map(Path::new);
        let binary = binary
            .into_iter()
            .find(|path| path.is_file())
            .context("no busybox")?;
        fs::copy(binary, root.join("bin/busybox"))?;
        for name in [
            "sh", "sleep", "httpd", "touch", "test", "cat", "echo", "true", "nc",
        ] {
            let link = root.join("bin").join(name);
            if !link.exists() {
                std::os::unix::fs::symlink("busybox", link)?;
            }
        }
        fs::write(root.join("etc/passwd"), "root:x:0:0:root:/:/bin/sh\n")?;
        for name in names {
            self.import(&root, name)?;
        }
        Ok(())
    }

    fn import(&self, root: &Path, name: &str) -> Result<()> {
        let mut tar = Command::new("tar")
            .arg("-C")
            .arg(root)
            .args(["-c", "."])
            .stdout(Stdio::piped())
            .spawn()?;
        let content = tar.stdout.take().context("tar has no output")?;
        let mut import = self.docker(&["import", "--change", "ENV PATH=/bin", "-", name]);
        succeed(import.stdin(content).stdout(Stdio::null()))?;
        tar.wait()?;
        Ok(())
    }

    /// Waits until every service of a stack runs all its tasks or, for jobs, completed them.
    pub(crate) fn wait_for_stack(&self, stack: &str, limit: Duration) -> Result<String> {
        let start = Instant::now();
        loop {
            let format = "{{.Name}} {{.Replicas}}";
            let services =
                stdout(&mut self.docker(&["stack", "services", stack, "--format", format]))?;
            let mut waiting = Vec::new();
            for line in services.lines() {
                if !replicas_are_there(line) && !self.completed(line)? {
                    waiting.push(line);
                }
            }
            if waiting.is_empty() && !services.is_empty() {
                return Ok(services);
            }
            if start.elapsed() > limit {
                let tasks = stdout(&mut self.docker(&["stack", "ps", "--no-trunc", stack]))?;
                bail!(
                    "after {limit:?} these wait: {}\n{tasks}",
                    waiting.join(", ")
                );
            }
            sleep(Duration::from_millis(500));
        }
    }

    /// Whether every task of a service ended well, which counts no longer as a replica.
    fn completed(&self, line: &str) -> Result<bool> {
        let service = line.split(' ').next().unwrap_or_default();
        let format = "{{.CurrentState}}";
        let states = stdout(&mut self.docker(&["service", "ps", service, "--format", format]))?;
        Ok(!states.is_empty() && states.lines().all(|state| state.starts_with("Complete")))
    }
}

/// Whether `docker stack services` shows as many replicas as wanted: `shop_web 2/2`.
fn replicas_are_there(line: &str) -> bool {
    let counts = line
        .split(' ')
        .nth(1)
        .and_then(|counts| counts.split_once('/'));
    counts.is_some_and(|(running, wanted)| running == wanted && wanted != "0")
}

fn is_static(program: &Path) -> bool {
    // Debian's ordinary busybox is linked dynamically and would not start alone in an image.
    output(Command::new("ldd").arg(program)).is_ok_and(|said| {
        String::from_utf8_lossy(&said.stderr).contains("not a dynamic executable")
    })
}

fn spawn(folder: &Path) -> Result<Child> {
    let log = fs::File::create(folder.join("log"))?;
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("unshare")
        .args([
            "--net",
            "sh",
            "-c",
            "ip link set lo up && exec dockerd \"$@\"",
            "dockerd",
        ])
        .arg("--data-root")
        .arg(folder.join("data"))
        .arg("--exec-root")
        .arg(folder.join("exec"))
        .arg("--pidfile")
        .arg(folder.join("pid"))
        .arg("--host")
        .arg(format!("unix://{}", folder.join("sock").display()))
        .env("PATH", format!("{path}:/usr/sbin:/sbin"))
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("cannot start an engine")
}

impl Drop for Engine {
    fn drop(&mut self) {
        // `unshare` became the engine itself by exec, so this is the engine and nothing else.
        let engine = nix::unistd::Pid::from_raw(self.process.id().cast_signed());
        let stopped = nix::sys::signal::kill(engine, nix::sys::signal::Signal::SIGTERM);
        if stopped.is_ok() {
            // An exit code says nothing here: the engine was asked to stop.
            drop(self.process.wait());
        }
        drop(fs::remove_dir_all(&self.folder));
    }
}
