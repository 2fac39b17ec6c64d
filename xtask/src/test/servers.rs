//! Servers that the tests talk to, on free ports of 127.0.0.1, for one run.
//!
//! Each runs under a shell that holds the reading end of a pipe from us. When the pipe closes,
//! because we are done, have failed, or were killed in any way, the shell ends the server it
//! started, by its process id. So nothing outlives the run, and nothing else is touched.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::tools::{Missing, Tools, is_root, quiet};

const SMTP_SINK: &str = include_str!("smtp_sink.py");

/// `$1` is the signal that ends the server, the rest its command. The server gets no input.
const KEEPER: &str = r#"
signal=$1
shift
"$@" </dev/null &
server=$!
cat >/dev/null
kill -s "$signal" "$server"
wait "$server"
"#;

const FOLDER_PREFIX: &str = "chancery-test-";
const START_ATTEMPTS_MAX: u32 = 300;
const STOP_ATTEMPTS_MAX: u32 = 100;
const ATTEMPT_PAUSE: Duration = Duration::from_millis(100);

/// A folder in memory, where the system has one.
const IN_MEMORY: &str = "/dev/shm";
/// What must be free there: the databases of tests that run at once, and their files.
const IN_MEMORY_FREE_MIN_KIB: u64 = 6 * 1024 * 1024;

/// A folder for one run, removed with everything in it.
pub struct WorkFolder {
    path: PathBuf,
}

impl WorkFolder {
    /// Makes the folder, in memory where there is room: hundreds of databases come and go in a
    /// run, and their files cost more than what is done with them. PostgreSQL, which refuses to
    /// run as root, must be able to walk into it: as root it is never under `TMPDIR`.
    pub fn create() -> io::Result<Self> {
        let parent = if has_room(IN_MEMORY) {
            PathBuf::from(IN_MEMORY)
        } else if is_root() {
            PathBuf::from("/tmp")
        } else {
            std::env::temp_dir()
        };
        remove_orphans(&parent);
        let path = parent.join(format!("{FOLDER_PREFIX}{}", std::process::id()));
        fs::create_dir_all(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(Self { path })
    }
}

/// Whether a whole run fits into this folder in memory. Where it cannot be told, it does not.
fn has_room(folder: &str) -> bool {
    let number = |text: &str| {
        text.split_whitespace()
            .find_map(|word| word.parse::<u64>().ok())
    };
    let told = Command::new("df")
        .args(["-k", "--output=avail", folder])
        .output();
    let told = told.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let free = told.ok().and_then(|text| number(&text));
    let memory = fs::read_to_string("/proc/meminfo").ok();
    let memory = memory.and_then(|text| {
        let line = text
            .lines()
            .find(|line| line.starts_with("MemAvailable:"))?;
        number(line)
    });
    let enough = |kib: Option<u64>| kib.is_some_and(|kib| kib >= IN_MEMORY_FREE_MIN_KIB);
    enough(free) && enough(memory)
}

/// Removes the folders of runs that were killed: those whose process is gone.
fn remove_orphans(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let process = name
            .to_str()
            .and_then(|name| name.strip_prefix(FOLDER_PREFIX));
        let process = process.and_then(|number| number.parse::<u32>().ok());
        if process.is_some_and(|number| !Path::new(&format!("/proc/{number}")).exists())
            && let Err(error) = fs::remove_dir_all(entry.path())
        {
            eprintln!("xtask: {} stays: {error}", entry.path().display());
        }
    }
}

impl Drop for WorkFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            eprintln!("xtask: {} stays: {error}", self.path.display());
        }
    }
}

/// The servers of one run, ended when this is dropped.
#[derive(Default)]
pub struct Servers {
    running: Vec<Server>,
    variables: Vec<(&'static str, OsString)>,
}

impl Servers {
    /// Starts what `tools` allow, and adds to `missing` what did not start.
    pub fn start(tools: &Tools, folder: &WorkFolder, missing: &mut Vec<Missing>) -> Self {
        let mut servers = Self::default();
        let passing = folder.path.join("files");
        if fs::create_dir(&passing).is_ok() {
            servers.variables.push(("TMPDIR", passing.into()));
        }
        let mut keep = |what: &'static str, started: Result<(), String>| {
            if let Err(why) = started {
                missing.push(Missing { what, why });
            }
        };
        if let Some(bin) = &tools.postgres {
            keep("PostgreSQL", servers.start_postgres(bin, &folder.path));
        }
        if let Some(bin) = &tools.python {
            keep("a mail server", servers.start_smtp(bin, &folder.path));
            keep("an S3 server", servers.start_s3(bin, &folder.path));
        }
        if let Some(library) = &tools.softhsm {
            keep("a key token", servers.prepare_tokens(library, &folder.path));
        }
        if let Some(program) = &tools.chromedriver {
            keep("a browser", servers.start_browser(program, &folder.path));
        }
        servers
    }

    /// The variables that tell the tests where the servers are, and where to put what passes.
    pub fn variables(&self) -> Vec<(&'static str, OsString)> {
        self.variables.clone()
    }

    fn start_postgres(&mut self, bin: &Path, folder: &Path) -> Result<(), String> {
        let cluster = folder.join("postgres");
        fs::create_dir_all(&cluster).map_err(said)?;
        let owner = if is_root() {
            Some(unprivileged()?)
        } else {
            None
        };
        let as_owner = |mut command: Command| {
            if let Some((uid, gid)) = owner {
                command.uid(uid).gid(gid);
            }
            command.current_dir("/");
            command
        };
        if let Some((uid, gid)) = owner {
            chown(&cluster, Some(uid), Some(gid)).map_err(said)?;
        }
        let mut initdb = as_owner(Command::new(bin.join("initdb")));
        initdb.args(["--username=chancery", "--auth=trust", "--encoding=UTF8"]);
        initdb.args(["--locale=C.UTF-8", "--no-sync", "--pgdata"]);
        quiet(initdb.arg(&cluster))?;
        let port = free_port()?;
        let mut server = Command::new(bin.join("postgres"));
        server
            .arg("-D")
            .arg(&cluster)
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k", ""]);
        // A cluster that lives for minutes needs no safety, and every test its own connections.
        let settings = [
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
        ];
        for setting in settings.into_iter().chain(["max_connections=400"]) {
            server.args(["-c", setting]);
        }
        // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients.
        self.keep(
            as_owner(kept("INT", &server)),
            port,
            &folder.join("postgres.log"),
        )?;
        let url = format!("postgres://chancery@127.0.0.1:{port}/postgres");
        self.variables.push(("CHANCERY_TEST_POSTGRES", url.into()));
        Ok(())
    }

    fn start_smtp(&mut self, bin: &Path, folder: &Path) -> Result<(), String> {
        let (script, mails) = (folder.join("smtp_sink.py"), folder.join("mails"));
        fs::write(&script, SMTP_SINK).map_err(said)?;
        let (plain, secure) = (free_port()?, free_port()?);
        let mut server = Command::new(bin.join("python"));
        server
            .arg(&script)
            .arg(&mails)
            .args([plain.to_string(), secure.to_string()]);
        self.keep(kept("TERM", &server), secure, &folder.join("smtp.log"))?;
        self.variables.extend([
            ("CHANCERY_TEST_SMTP", format!("127.0.0.1:{plain}").into()),
            (
                "CHANCERY_TEST_SMTP_STARTTLS",
                format!("localhost:{secure}").into(),
            ),
            ("CHANCERY_TEST_SMTP_CA", mails.join("ca.pem").into()),
            ("CHANCERY_TEST_SMTP_DIR", mails.into()),
        ]);
        Ok(())
    }

    fn start_s3(&mut self, bin: &Path, folder: &Path) -> Result<(), String> {
        let port = free_port()?;
        let mut server = Command::new(bin.join("moto_server"));
        server.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        self.keep(kept("TERM", &server), port, &folder.join("s3.log"))?;
        let url = format!("http://127.0.0.1:{port}");
        self.variables.push(("CHANCERY_TEST_S3", url.into()));
        Ok(())
    }

    /// A place for tokens of this run: SoftHSM is a library and serves nobody.
    fn prepare_tokens(&mut self, library: &Path, folder: &Path) -> Result<(), String> {
        let (settings, tokens) = (folder.join("softhsm2.conf"), folder.join("tokens"));
        fs::create_dir_all(&tokens).map_err(said)?;
        let text = format!(
            "directories.tokendir = {}\nlog.level = ERROR\n",
            tokens.display()
        );
        fs::write(&settings, text).map_err(said)?;
        self.variables.extend([
            ("SOFTHSM2_CONF", settings.into_os_string()),
            ("CHANCERY_TEST_PKCS11", library.as_os_str().to_owned()),
            ("CHANCERY_TEST_PKCS11_DIR", tokens.into_os_string()),
        ]);
        Ok(())
    }

    fn start_browser(&mut self, program: &Path, folder: &Path) -> Result<(), String> {
        let port = free_port()?;
        let mut server = Command::new(program);
        server.arg(format!("--port={port}"));
        self.keep(
            kept("TERM", &server),
            port,
            &folder.join("chromedriver.log"),
        )?;
        let url = format!("http://127.0.0.1:{port}");
        self.variables
            .push(("CHANCERY_TEST_CHROMEDRIVER", url.into()));
        Ok(())
    }

    /// Starts a server and waits until its port answers.
    fn keep(&mut self, mut command: Command, port: u16, log: &Path) -> Result<(), String> {
        let output = File::create(log).map_err(said)?;
        let errors = output.try_clone().map_err(said)?;
        let child = command
            .stdout(output)
            .stderr(errors)
            .spawn()
            .map_err(said)?;
        self.running.push(Server { child });
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        for _ in 0..START_ATTEMPTS_MAX {
            if TcpStream::connect_timeout(&address, ATTEMPT_PAUSE).is_ok() {
                return Ok(());
            }
            pause();
        }
        let text = fs::read_to_string(log).unwrap_or_default();
        Err(format!(
            "does not answer: {}",
            text.lines().last().unwrap_or("it said nothing")
        ))
    }
}

/// One server under its keeper.
struct Server {
    child: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        for _ in 0..STOP_ATTEMPTS_MAX {
            match self.child.try_wait() {
                Ok(Some(_)) | Err(_) => return,
                Ok(None) => pause(),
            }
        }
        eprintln!(
            "xtask: a server did not end in time: process {}",
            self.child.id()
        );
    }
}

/// `server` under its keeper: ended by `signal` when our end of the pipe closes. Its own process
/// group keeps Ctrl-C for us; the pipe then tells the keeper.
fn kept(signal: &str, server: &Command) -> Command {
    let mut keeper = Command::new("sh");
    keeper.args(["-c", KEEPER, "keeper", signal]);
    keeper.arg(server.get_program()).args(server.get_args());
    keeper.stdin(Stdio::piped()).process_group(0);
    keeper
}

/// The account that runs PostgreSQL when we are root: `postgres`, or `nobody`.
fn unprivileged() -> Result<(u32, u32), String> {
    let accounts = fs::read_to_string("/etc/passwd").map_err(said)?;
    let account = |wanted: &str| {
        let mut fields = accounts.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next() == Some(wanted)).then_some(fields)
        })?;
        let uid = fields.nth(1)?.parse().ok()?;
        Some((uid, fields.next()?.parse().ok()?))
    };
    account("postgres")
        .or_else(|| account("nobody"))
        .ok_or_else(|| "no account for it".to_owned())
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(said)?;
    Ok(listener.local_addr().map_err(said)?.port())
}

fn said(error: io::Error) -> String {
    error.to_string()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a server's port is asked again after a moment"
)]
fn pause() {
    std::thread::sleep(ATTEMPT_PAUSE);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: no server outlives us, however we end. Method: closing the pipe is all that our death
    /// does; the server writes a line when it receives its signal, and the keeper waits for it.
    #[test]
    fn a_server_ends_when_our_end_of_the_pipe_closes() {
        let folder = WorkFolder::create().unwrap();
        let witness = folder.path.join("ended");
        let mut server = Command::new("sh");
        let text = "trap 'echo ended >\"$1\"; exit' TERM; echo ready; while :; do sleep 0.05; done";
        server.args(["-c", text, "server"]).arg(&witness);
        let mut child = kept("TERM", &server)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        let output = child.stdout.take().unwrap();
        io::BufRead::read_line(&mut io::BufReader::new(output), &mut ready).unwrap();
        assert_eq!(ready, "ready\n");
        drop(Server { child });
        assert_eq!(fs::read_to_string(&witness).unwrap(), "ended\n");
    }
}
