//! A mail server that answers as it is told, or not at all, and keeps what it takes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How a server answers.
#[derive(Clone, Copy, Debug)]
pub struct Script {
    /// After this command it says nothing any more; `connect` for before its greeting.
    pub silent_after: Option<&'static str>,
    /// To AUTH.
    pub auth: &'static str,
    /// To MAIL FROM.
    pub mail: &'static str,
    /// To RCPT TO.
    pub rcpt: &'static str,
}

/// One that takes everything.
pub const WILLING: Script = Script {
    silent_after: None,
    auth: "235 2.7.0 welcome",
    mail: "250 2.1.0 ok",
    rcpt: "250 2.1.5 ok",
};

/// A letter as a server took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The address of RCPT TO.
    pub to: String,
    /// What came after DATA.
    pub text: String,
}

/// A running server.
pub struct Server {
    /// Its port on 127.0.0.1.
    pub port: u16,
    connections: Arc<AtomicUsize>,
    letters: Arc<Mutex<Vec<Taken>>>,
}

impl Server {
    /// Starts one on a free port; it ends with the test.
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = connections.clone();
        let letters = Arc::<Mutex<Vec<Taken>>>::default();
        let kept = letters.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(talk(stream, script, kept.clone()));
            }
        });
        Self {
            port,
            connections,
            letters,
        }
    }

    /// What came since this was asked the last time, in its order.
    pub fn taken(&self) -> Vec<Taken> {
        std::mem::take(&mut *self.letters.lock().expect("letters"))
    }

    /// How often somebody connected.
    pub fn connections_count(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn talk(stream: TcpStream, script: Script, letters: Arc<Mutex<Vec<Taken>>>) {
    let (mut to, mut text) = (String::new(), String::new());
    let mut stream = BufReader::new(stream);
    let mut command = "connect".to_owned();
    let mut is_letter = false;
    loop {
        if script.silent_after == Some(command.as_str()) {
            // Held open until the other side goes.
            let mut rest = String::new();
            while stream.read_line(&mut rest).await.is_ok_and(|read| read > 0) {}
            return;
        }
        let answer = match command.as_str() {
            "connect" => "220 mail.example",
            "EHLO" => "250-mail.example\r\n250-8BITMIME\r\n250 AUTH PLAIN",
            "AUTH" => script.auth,
            "MAIL" => script.mail,
            "RCPT" => script.rcpt,
            "DATA" => "354 go on",
            _ => "250 2.0.0 ok",
        };
        is_letter |= command == "DATA";
        let sent = stream.write_all(format!("{answer}\r\n").as_bytes()).await;
        if sent.is_err() {
            return;
        }
        let mut line = String::new();
        loop {
            line.clear();
            if !stream.read_line(&mut line).await.is_ok_and(|read| read > 0) {
                return;
            }
            if !is_letter || line == ".\r\n" {
                break;
            }
            text.push_str(&line);
        }
        if is_letter {
            let taken = Taken {
                to: std::mem::take(&mut to),
                text: std::mem::take(&mut text),
            };
            letters.lock().expect("letters").push(taken);
        } else if let Some((_, rest)) = line.split_once("TO:<") {
            rest.split_once('>')
                .map_or(rest, |(address, _)| address)
                .clone_into(&mut to);
        }
        is_letter = false;
        command = line.get(..4).unwrap_or(".").to_uppercase();
    }
}
