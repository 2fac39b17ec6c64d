//! The server as a process of its own, killed after so many statements.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde_json::Value;

use crate::support::TestApp;

/// A process, and the thread that reads its log.
pub struct Server {
    child: Arc<Mutex<Child>>,
    reader: Option<JoinHandle<u64>>,
    statements: Option<u64>,
    /// `http://127.0.0.1:PORT`.
    pub base_url: String,
}

impl Server {
    /// Starts it on the house's database and folders; with `statements` it is killed when its log
    /// tells of so many since it serves. Its temporary files go to `temporary`.
    pub fn start(house: &TestApp, temporary: &Path, statements: Option<u64>) -> Self {
        Self::start_with(house, temporary, statements, &[])
    }

    /// As [`Server::start`], with settings more.
    pub fn start_with(
        house: &TestApp,
        temporary: &Path,
        statements: Option<u64>,
        settings: &[(&str, &str)],
    ) -> Self {
        let config = &house.app.config;
        let mut child = Command::new(env!("CARGO_BIN_EXE_chancery"))
            .arg("serve")
            .current_dir(temporary)
            .env_clear()
            .env("TMPDIR", temporary)
            .env("CHANCERY__SERVER__LISTEN", "127.0.0.1:0")
            .env("CHANCERY__LOG__FORMAT", "json")
            .env("CHANCERY__LOG__FILTER", "info,sqlx::query=debug")
            .env("CHANCERY__DATABASE__URL", config.database.url.reveal())
            .env(
                "CHANCERY__SECRETS__MASTER_KEY",
                config.secrets.master_key.reveal(),
            )
            .env("CHANCERY__BLOBS__DIRECTORY", &config.blobs.directory)
            .env("CHANCERY__MAIL__DIRECTORY", &config.mail.directory)
            .env(
                "CHANCERY__WORKFLOWS__DIRECTORY",
                &config.workflows.directory,
            )
            .env("CHANCERY__LINKS__CODES_PER_HOUR_MAX", "1000")
            .env("CHANCERY__RATE_LIMITS__LINK_PER_MINUTE", "100000")
            .envs(settings.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its log")).lines();
        let mut said = Vec::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                panic!("it did not start: {}", said.join("\n"));
            };
            let entry: Value = serde_json::from_str(&line).unwrap_or_default();
            if entry["message"] == "serving" {
                break entry["address"].as_str().expect("an address").to_owned();
            }
            said.push(line);
        };
        let child = Arc::new(Mutex::new(child));
        let killed = child.clone();
        let reader = std::thread::spawn(move || {
            let mut count = 0;
            for line in lines.map_while(Result::ok) {
                if line.contains("\"level\":\"ERROR\"") {
                    eprintln!("{line}");
                }
                if line.contains("\"target\":\"sqlx::query\"") {
                    count += 1;
                    if Some(count) == statements {
                        killed.lock().expect("a child").kill().expect("killed");
                    }
                }
            }
            count
        });
        Self {
            child,
            reader: Some(reader),
            statements,
            base_url: format!("http://{address}"),
        }
    }

    /// Ends when the process has; it must have been killed by its count, and by nothing else.
    pub fn has_died(mut self) {
        // If the clients gave up before, this ends it, and the count tells.
        let ended = {
            let mut child = self.child.lock().expect("a child");
            child.kill().expect("killed");
            child.wait().expect("ended")
        };
        let reader = self.reader.take().expect("not joined yet");
        let count = reader.join().expect("its log was read");
        assert!(
            Some(count) >= self.statements,
            "the clients gave up after {count} statements of {:?}: {ended}",
            self.statements
        );
    }

    /// The process, for those who look at it from outside.
    pub fn process_id(&self) -> u32 {
        self.child.lock().expect("a child").id()
    }

    /// Kills it now.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Ok(mut child) = self.child.lock() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
