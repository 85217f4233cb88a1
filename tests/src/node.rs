//! Real processes: `kakehashi serve` as it is shipped, and nginx with the configuration that is shipped.
//!
//! Each is told by the kernel to end when whoever started it does.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    time::Duration,
};

use tokio::{net::TcpStream, time::interval};

use crate::{Town, folder};

/// The longest that a process may take to answer, on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is asked.
const BEAT: Duration = Duration::from_millis(20);

/// A process of the server.
pub struct Node {
    child: Child,
    town: Town,
    more: Vec<String>,
    /// Where it listens.
    pub port: u16,
    /// Where it tells its figures.
    pub metrics: u16,
}

impl Node {
    /// Starts a server on the town's database, and waits until it answers. Its clock is the machine's.
    pub async fn start(town: &Town, more: &[&str]) -> Self {
        let (port, metrics) = (free_port().await, free_port().await);
        let more: Vec<String> = more.iter().map(ToString::to_string).collect();
        let mut node = Self {
            child: serve(town, port, metrics, &more),
            town: town.clone(),
            more,
            port,
            metrics,
        };
        node.ready().await;
        node
    }

    /// It is gone at once, whatever it was about to do.
    pub fn kill(&mut self) {
        self.child.kill().expect("a process can be killed");
        self.child.wait().expect("a killed process ends");
    }

    /// It is asked to end, as a system does. Returns when it begins to.
    pub fn terminate(&self) {
        signal("TERM", self.child.id());
    }

    /// Waits until it has ended, and well.
    ///
    /// # Panics
    /// When it does not end in time, or with an error: then with what it said.
    pub async fn ended(&mut self) {
        let mut beat = interval(BEAT);
        let waiting = async {
            loop {
                beat.tick().await;
                if let Some(status) = self.child.try_wait().expect("a process can be asked") {
                    return status;
                }
            }
        };
        let status = tokio::time::timeout(PATIENCE, waiting).await;
        let status = status.unwrap_or_else(|_| panic!("the node does not end: {}", self.log()));
        assert!(status.success(), "{status}: {}", self.log());
    }

    /// Starts it again on the same ports, and waits until it answers.
    pub async fn start_again(&mut self) {
        self.child = serve(&self.town, self.port, self.metrics, &self.more);
        self.ready().await;
    }

    async fn ready(&mut self) {
        let mut beat = interval(BEAT);
        let waiting = async {
            loop {
                beat.tick().await;
                let ended = self.child.try_wait().expect("a process can be asked");
                assert_eq!(ended, None, "the node ended: {}", self.log());
                if is_ready(self.port).await {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting)
            .await
            .expect("the node answers");
    }

    /// What it logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(log(&self.town, self.port)).unwrap_or_default()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// nginx before nodes.
pub struct Proxy {
    child: Child,
    folder: PathBuf,
    /// Where it speaks plain HTTP/1.1.
    pub port: u16,
    /// Where it speaks TLS and HTTP/2.
    pub tls: u16,
}

impl Proxy {
    /// Starts nginx with `.deploy/nginx.conf`; addresses, the certificate and the log are the test's own.
    pub async fn start(town: &Town, nodes: [u16; 3]) -> Self {
        let ports = [free_port().await, free_port().await, free_port().await];
        let folder = town.folder().join("nginx");
        fs::create_dir_all(&folder).expect("a folder can be made");
        run(Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-subj",
                "/CN=localhost",
            ])
            .args(["-keyout", "privkey.pem", "-out", "fullchain.pem"])
            .current_dir(&folder));
        let file = folder.join("nginx.conf");
        fs::write(&file, settings(&folder, ports, nodes)).expect("nginx's settings can be written");
        let program = nginx();
        let prepared = |more: &[&str]| {
            let mut command = bound_to_us(&program);
            command.arg("-p").arg(&folder).arg("-c").arg(&file);
            command.arg("-e").arg(folder.join("error.log")).args(more);
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command
        };
        run(&mut prepared(&["-t"]));
        let proxy = Self {
            child: prepared(&[]).spawn().expect("nginx can be started"),
            folder,
            port: ports[0],
            tls: ports[1],
        };
        let mut beat = interval(BEAT);
        let waiting = async {
            while !is_ready(proxy.port).await {
                beat.tick().await;
            }
        };
        let is_up = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(is_up.is_ok(), "nginx does not answer: {}", proxy.errors());
        proxy
    }

    /// What went wrong, in its own words.
    #[must_use]
    pub fn errors(&self) -> String {
        fs::read_to_string(self.folder.join("error.log")).unwrap_or_default()
    }

    /// Its log: a line for each request, with the nodes that were asked.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("access.log")).unwrap_or_default()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Only asked kindly does it take its own workers with it.
        signal("TERM", self.child.id());
        let _ = self.child.wait();
    }
}

/// The shipped file, in a main one that keeps everything in a folder.
fn settings(folder: &Path, [plain, tls, redirect]: [u16; 3], nodes: [u16; 3]) -> String {
    let own = folder.display();
    let shipped = fs::read_to_string(folder::root().join(".deploy/nginx.conf"))
        .expect(".deploy/nginx.conf can be read");
    let listen = format!("listen 127.0.0.1:{tls} ssl http2; listen 127.0.0.1:{plain};");
    let mut site = shipped
        .replace("/etc/ssl/kakehashi", &own.to_string())
        .replace("/var/log/nginx/kakehashi.log", &format!("{own}/access.log"))
        .replace("listen 443 ssl http2;", &listen)
        .replace("fail_timeout=8s", "fail_timeout=2s")
        .replace("listen 80;", &format!("listen 127.0.0.1:{redirect};"));
    for (at, node) in nodes.iter().enumerate() {
        let place = format!("127.0.0.1:300{}", at + 1);
        site = site.replace(&place, &format!("127.0.0.1:{node}"));
    }
    let temps: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|it| format!("{it}_temp_path {own}/{it}; "))
        .collect();
    // Root's nginx would run its workers as somebody who may not enter here.
    format!(
        "daemon off; user root root; pid {own}/pid; error_log {own}/error.log; worker_processes 1;\n\
         events {{ worker_connections 2048; }}\nhttp {{ {temps}\n{site}\n}}\n"
    )
}

fn serve(town: &Town, port: u16, metrics: u16, more: &[String]) -> Child {
    let mail = town.mail().settings();
    let log = fs::File::options()
        .create(true)
        .append(true)
        .open(log(town, port))
        .expect("a log can be written");
    bound_to_us(program())
        .arg("serve")
        .args(["--listen", &format!("127.0.0.1:{port}")])
        .args(["--metrics-listen", &format!("127.0.0.1:{metrics}")])
        .args(["--origin", "http://localhost:3000"])
        .args(["--database", &town.database()])
        .arg("--site")
        .arg(folder::site(town.folder()))
        .args(["--smtp-url", &format!("smtp://{}:{}", mail.host, mail.port)])
        .args(["--mail-from", "架け橋 <kakehashi@example.jp>"])
        .args(["--company-name", "架け橋商事"])
        .args(["--trusted-proxy-hops", "1", "--drain-seconds", "1"])
        .args(more)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .expect("the server can be started")
}

fn log(town: &Town, port: u16) -> PathBuf {
    town.folder().join(format!("node-{port}.log"))
}

/// The shipped program, of today's sources: when it is built already, cargo only looks.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        // What cargo tells a test of its package would make it build ring anew, which looks at all of it.
        for (name, _) in std::env::vars_os() {
            let is_of_test =
                |it: &str| it.starts_with("CARGO_PKG_") || it.starts_with("CARGO_MANIFEST_");
            if name.to_str().is_some_and(is_of_test) {
                build.env_remove(name);
            }
        }
        build.args([
            "build",
            "--release",
            "--locked",
            "--quiet",
            "--package",
            "server",
        ]);
        run(build.current_dir(folder::root()));
        // The tests stand in `deps`, beside the program.
        let own = std::env::current_exe().expect("a test knows where it is");
        let release = own.parent().and_then(Path::parent).expect("a folder");
        release.join("kakehashi")
    })
}

/// Debian's nginx, as `.ci/setup` unpacked it or the system has it.
fn nginx() -> PathBuf {
    let unpacked = folder::root().join("target/tools/nginx/usr/sbin/nginx");
    let candidates = [unpacked, "/usr/sbin/nginx".into(), "/usr/bin/nginx".into()];
    let found = candidates.into_iter().find(|it| it.exists());
    found.expect("nginx is missing: run .ci/setup test")
}

fn bound_to_us(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program);
    command
}

async fn is_ready(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).await.is_ok()
}

/// A port that was free a moment ago.
async fn free_port() -> u16 {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await;
    let address = listener.and_then(|it| it.local_addr());
    address.expect("a port can be had").port()
}

fn signal(name: &str, process: u32) {
    // It may have ended already.
    let _ = Command::new("kill")
        .args(["-s", name, &process.to_string()])
        .status();
}

fn run(command: &mut Command) {
    let output = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .and_then(Child::wait_with_output)
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}
