//! Another system on this machine, which is called and asked, and answers as it is told to.

use std::sync::Mutex;

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App as Site, HttpRequest, HttpResponse, HttpServer};
use chancery::config::{AnswerPart, Config, LookupCall, Secret, WebhookCall};
use serde_json::Value;

/// What signs the calls to it.
pub const SECRET: &str = "a secret of the peer's own";

/// What is done with a call.
#[derive(Clone, Debug)]
pub enum Manner {
    Takes,
    Answers(&'static str),
    Garbage,
    /// Ten megabytes.
    Heap,
    Never,
    /// To another address.
    Redirect(String),
    Fails,
}

/// A call as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    pub key: String,
    pub signature: String,
    pub body: String,
}

impl Heard {
    /// Its body.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

struct Desk {
    manner: Mutex<Manner>,
    heard: Mutex<Vec<Heard>>,
}

/// Another system.
pub struct Peer {
    /// `127.0.0.1:PORT`.
    pub host: String,
    desk: Data<Desk>,
    handle: ServerHandle,
}

async fn take(desk: Data<Desk>, request: HttpRequest, body: Bytes) -> HttpResponse {
    let header = |name: &str| {
        let value = request.headers().get(name);
        let text = value.and_then(|value| value.to_str().ok());
        text.unwrap_or_default().to_owned()
    };
    desk.heard.lock().expect("nobody broke it").push(Heard {
        key: header("Idempotency-Key"),
        signature: header("Chancery-Signature"),
        body: String::from_utf8(body.to_vec()).expect("text"),
    });
    let manner = desk.manner.lock().expect("nobody broke it").clone();
    match manner {
        Manner::Takes => HttpResponse::NoContent().finish(),
        Manner::Answers(text) => HttpResponse::Ok()
            .content_type("application/json")
            .body(text),
        Manner::Garbage => HttpResponse::Ok()
            .content_type("application/json")
            .body("<p>Hello</p>"),
        Manner::Heap => HttpResponse::Ok()
            .content_type("application/json")
            .body(vec![b'1'; 10 * 1024 * 1024]),
        Manner::Never => std::future::pending().await,
        Manner::Redirect(to) => HttpResponse::Found()
            .insert_header(("location", to.as_str()))
            .finish(),
        Manner::Fails => HttpResponse::ServiceUnavailable().finish(),
    }
}

impl Peer {
    /// On a free port of this machine.
    pub fn open(manner: Manner) -> Self {
        let desk = Data::new(Desk {
            manner: Mutex::new(manner),
            heard: Mutex::default(),
        });
        let own = desk.clone();
        let server = HttpServer::new(move || {
            Site::new()
                .app_data(own.clone())
                .default_service(web::to(take))
        });
        let server = server.workers(1).disable_signals();
        let server = server.bind("127.0.0.1:0").expect("a free port");
        let host = server.addrs()[0].to_string();
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { host, desk, handle }
    }

    /// From now on it does this.
    pub fn will(&self, manner: Manner) {
        *self.desk.manner.lock().expect("nobody broke it") = manner;
    }

    /// Every call so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.desk.heard.lock().expect("nobody broke it").clone()
    }

    /// Lets a house call it: the webhook `erp`, and the lookup `bank` with `ok` and `score`.
    pub fn is_known_to(&self, config: &mut Config) {
        let hosts = vec![self.host.clone()];
        let url = format!("http://{}/hook", self.host);
        let secret = Secret::new(SECRET.to_owned());
        config.webhooks.private_hosts = hosts.clone();
        config.webhooks.seconds_max = 1;
        config.webhooks.attempts_max = 3;
        let webhook = WebhookCall {
            url: url.clone(),
            secret: secret.clone(),
            secret_file: String::new(),
        };
        config.webhooks.calls.insert("erp".to_owned(), webhook);
        config.lookups.private_hosts = hosts;
        config.lookups.seconds_max = 1;
        let lookup = LookupCall {
            url,
            secret,
            secret_file: String::new(),
            answer: [
                ("ok".to_owned(), AnswerPart::Boolean),
                ("score".to_owned(), AnswerPart::Integer),
            ]
            .into(),
        };
        config.lookups.calls.insert("bank".to_owned(), lookup);
    }

    pub async fn stop(self) {
        self.handle_stop().await;
    }

    /// Nobody listens any more.
    pub async fn handle_stop(&self) {
        self.handle.stop(false).await;
    }
}
