//! A private cluster of PostgreSQL, one per process, never the system's.
//!
//! A small shell beside it waits for this process to end, however it ends, then stops the cluster and removes it: a
//! killed test run leaves nothing behind.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::OnceLock,
};

use crate::folder;

/// A running cluster.
pub struct Cluster {
    folder: PathBuf,
    /// While it is held, the shell beside the cluster waits.
    _alive: ChildStdin,
}

/// How sure the disk must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disk {
    /// As delivered: what is committed is on the disk.
    Sure,
    /// The tests ask for rules and order, not for power cuts.
    Quick,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// The cluster of this process; started when it is first asked for.
#[must_use]
pub fn cluster(disk: Disk) -> &'static Cluster {
    CLUSTER.get_or_init(|| Cluster::start(disk))
}

impl Cluster {
    fn start(disk: Disk) -> Self {
        let bin = programs();
        let folder = place();
        let data = folder.join("data");
        run(as_owner(&bin.join("initdb"))
            .args([
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "--pgdata",
            ])
            .arg(&data));
        let mut settings = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 300\nlogging_collector = off\n",
            folder.display()
        );
        if disk == Disk::Quick {
            settings.push_str("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n");
        }
        let _ = writeln!(settings, "shared_buffers = 128MB");
        append(&data.join("postgresql.conf"), &settings);
        let control = bin.join("pg_ctl");
        begin(&control, &folder);
        Self {
            _alive: beside(&control, &data, &folder),
            folder,
        }
    }

    /// Ends it as a power cut would: nothing is finished, nothing written that was not.
    pub fn crash(&self) {
        run(as_owner(&programs().join("pg_ctl"))
            .args(["stop", "--mode=immediate", "--silent", "--pgdata"])
            .arg(self.folder.join("data")));
    }

    /// Starts it again, which brings back what was committed.
    pub fn begin_again(&self) {
        begin(&programs().join("pg_ctl"), &self.folder);
    }

    /// The address of a database of this cluster.
    #[must_use]
    pub fn url(&self, name: &str) -> String {
        format!(
            "postgres://postgres@localhost/{name}?host={}",
            self.folder.display()
        )
    }
}

fn begin(control: &Path, folder: &Path) {
    run(as_owner(control)
        .args(["start", "--wait", "--silent", "--pgdata"])
        .arg(folder.join("data"))
        .arg("--log")
        .arg(folder.join("log")));
}

/// Debian keeps the server's programs out of the path.
fn programs() -> PathBuf {
    let mut versions: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|it| it.path().join("bin"))
        .collect();
    versions.retain(|it| it.join("initdb").exists());
    versions.sort();
    versions
        .pop()
        .or_else(|| which("initdb"))
        .expect("PostgreSQL is missing: run .ci/setup test")
}

fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).find(|it| it.join(name).exists())
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0)
}

/// PostgreSQL refuses to run as root, so for root it runs as Debian's `postgres`.
fn as_owner(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command.current_dir("/");
        return command;
    }
    Command::new(program)
}

/// `target/postgres/PID`; or, where the cluster's owner may not go there, the system's folder for such things.
fn place() -> PathBuf {
    let near = folder::of_process(&folder::root().join("target/postgres"));
    if !is_root() {
        return near;
    }
    run(Command::new("chown").arg("postgres").arg(&near));
    let can_enter = as_owner(Path::new("test"))
        .arg("-w")
        .arg(&near)
        .status()
        .is_ok_and(|it| it.success());
    // A socket's name has 107 bytes at most.
    if can_enter && near.as_os_str().len() < 80 {
        return near;
    }
    let far = folder::of_process(&std::env::temp_dir().join("kakehashi-postgres"));
    run(Command::new("chown").arg("postgres").arg(&far));
    far
}

fn append(file: &Path, text: &str) {
    let before = fs::read_to_string(file).expect("the cluster's settings can be read");
    fs::write(file, before + text).expect("the cluster's settings can be written");
}

/// Waits until this process is gone, then stops the cluster and takes it away.
#[expect(
    clippy::zombie_processes,
    reason = "it outlives this process: that is what it is for"
)]
fn beside(control: &Path, data: &Path, folder: &Path) -> ChildStdin {
    let stop = "read -r _; \"$1\" stop --mode=immediate --silent --pgdata \"$2\"; rm -rf \"$3\"/*";
    let mut child: Child = as_owner(Path::new("sh"))
        .args(["-c", stop, "sh"])
        .args([control, data, folder])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell can be started");
    child.stdin.take().expect("its input is a pipe")
}

fn run(command: &mut Command) {
    let output = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let output = output
        .and_then(std::process::Child::wait_with_output)
        .expect("PostgreSQL's programs can be run");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
