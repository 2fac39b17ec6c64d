//! A server on this machine that is asked about revocation, and answers as it is told to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use actix_web::dev::ServerHandle;
use actix_web::web::{self, Data};
use actix_web::{App as Site, HttpResponse, HttpServer};
use chancery::clock::Clock;
use chancery_types::Instant;

use super::ca::{Draft, Holder, Says, Times};

/// What is done with a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Manner {
    Good,
    /// Revoked a day ago.
    Revoked,
    Unknown,
    /// Good, until yesterday.
    Stale,
    /// Good, in the name of the authority, by another key.
    Stranger,
    Garbage,
    /// Ten megabytes.
    Heap,
    Never,
    /// To another address.
    Redirect(String),
    /// `tryLater`, for OCSP.
    Refuses,
    Fails,
}

/// What stands on the server.
struct Desk {
    ca: Holder,
    stranger: Holder,
    clock: Clock,
    /// Of the answers, and of the lists.
    manners: Mutex<[Manner; 2]>,
    counts: [AtomicUsize; 3],
}

/// An authority that is asked at a server of this machine.
pub struct Responder {
    /// `127.0.0.1:PORT`.
    pub host: String,
    pub ca: Holder,
    desk: Data<Desk>,
    handle: ServerHandle,
}

/// Which serial number a request asks about: its last value, of one byte.
fn serial_of(request: &[u8]) -> u8 {
    let [.., 2, 1, serial] = request else {
        panic!("{request:02x?}")
    };
    *serial
}

fn times(now: Instant, manner: &Manner) -> Times {
    let day = 86_400;
    let (from, to) = match manner {
        Manner::Stale => (-3 * day, -day),
        _ => (-60, day),
    };
    Times {
        this_update: now.plus_seconds(from),
        next_update: now.plus_seconds(to),
    }
}

/// What every manner but the good, the revoked and the like does.
async fn misbehave(manner: &Manner) -> Option<HttpResponse> {
    Some(match manner {
        Manner::Garbage => HttpResponse::Ok().body("<p>Hello</p>"),
        Manner::Heap => HttpResponse::Ok().body(vec![0x30; 10 * 1024 * 1024]),
        Manner::Never => std::future::pending().await,
        Manner::Redirect(to) => HttpResponse::Found()
            .insert_header(("location", to.as_str()))
            .finish(),
        Manner::Refuses => HttpResponse::Ok().body(vec![0x30, 3, 0x0a, 1, 3]),
        Manner::Fails => HttpResponse::InternalServerError().finish(),
        Manner::Good | Manner::Revoked | Manner::Unknown | Manner::Stale | Manner::Stranger => {
            return None;
        }
    })
}

async fn answer(desk: Data<Desk>, request: web::Bytes) -> HttpResponse {
    desk.counts[0].fetch_add(1, Ordering::Relaxed);
    let manner = desk.manner(0);
    if let Some(answer) = misbehave(&manner).await {
        return answer;
    }
    let now = desk.clock.now();
    let says = match manner {
        Manner::Revoked => Says::Revoked(now.plus_seconds(-86_400)),
        Manner::Unknown => Says::Unknown,
        _ => Says::Good,
    };
    let by = match manner {
        Manner::Stranger => &desk.stranger,
        _ => &desk.ca,
    };
    let answer = by.answer(&desk.ca, serial_of(&request), says, times(now, &manner));
    let mut found = HttpResponse::Ok();
    found.content_type("application/ocsp-response").body(answer)
}

async fn list(desk: Data<Desk>) -> HttpResponse {
    desk.counts[1].fetch_add(1, Ordering::Relaxed);
    let manner = desk.manner(1);
    if let Some(answer) = misbehave(&manner).await {
        return answer;
    }
    let now = desk.clock.now();
    let revoked: Vec<_> = match manner {
        Manner::Revoked => (1..=200)
            .map(|serial| (serial, now.plus_seconds(-86_400)))
            .collect(),
        _ => vec![],
    };
    let by = match manner {
        Manner::Stranger => &desk.stranger,
        _ => &desk.ca,
    };
    HttpResponse::Ok().body(by.list(&revoked, times(now, &manner)))
}

async fn elsewhere(desk: Data<Desk>) -> HttpResponse {
    desk.counts[2].fetch_add(1, Ordering::Relaxed);
    HttpResponse::NotFound().finish()
}

impl Desk {
    fn manner(&self, of: usize) -> Manner {
        let manners = self.manners.lock().unwrap_or_else(PoisonError::into_inner);
        manners[of].clone()
    }
}

impl Responder {
    /// Its clock is `clock`.
    pub fn open(clock: &Clock) -> Self {
        let ca = Draft {
            is_authority: true,
            ..Draft::new("Проверяемый центр", 41)
        };
        let ca = ca.by(None);
        // The same name and another key.
        let stranger = Draft {
            is_authority: true,
            ..Draft::new("Проверяемый центр", 42)
        };
        let desk = Data::new(Desk {
            ca: ca.clone(),
            stranger: stranger.by(None),
            clock: clock.clone(),
            manners: Mutex::new([Manner::Good, Manner::Good]),
            counts: Default::default(),
        });
        let site = {
            let desk = desk.clone();
            move || {
                Site::new()
                    .app_data(desk.clone())
                    .route("/ocsp", web::post().to(answer))
                    .route("/list.crl", web::get().to(list))
                    .default_service(web::to(elsewhere))
            }
        };
        let server = HttpServer::new(site).workers(2).disable_signals();
        let server = server
            .shutdown_timeout(0)
            .bind("127.0.0.1:0")
            .expect("a free port");
        let host = server.addrs()[0].to_string();
        let running = server.run();
        let handle = running.handle();
        tokio::spawn(running);
        Self {
            host,
            ca,
            desk,
            handle,
        }
    }

    /// From now on answers, and lists, are such.
    pub fn behave(&self, answers: Manner, lists: Manner) {
        let mut manners = self
            .desk
            .manners
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *manners = [answers, lists];
    }

    /// How often an answer, a list, and anything else was asked for.
    pub fn asked(&self) -> [usize; 3] {
        [0, 1, 2].map(|of| self.desk.counts[of].load(Ordering::Relaxed))
    }

    pub fn responder_url(&self) -> String {
        format!("http://{}/ocsp", self.host)
    }

    pub fn list_url(&self) -> String {
        format!("http://{}/list.crl", self.host)
    }

    /// A certificate that names where its revocation is told.
    pub fn person(&self, seed: u8, responders: &[String], lists: &[String]) -> Holder {
        let draft = Draft {
            responders: responders.to_vec(),
            lists: lists.to_vec(),
            ..Draft::new("Анна Проверяемая", seed)
        };
        draft.by(Some(&self.ca))
    }

    pub async fn stop(self) {
        self.handle.stop(false).await;
    }
}

/// A clock that stands where the tests begin.
pub fn held() -> Clock {
    Clock::held(crate::support::START.parse().expect("a moment"))
}
