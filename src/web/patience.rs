//! How long a body may take to arrive. One without files has so many seconds; one with files has a
//! limit of its own (`web::upload`), and must keep coming meanwhile: a body that trickles in would
//! hold its request, and what that holds, for ever.

use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage as _, HttpResponse};
use futures::StreamExt as _;
use futures::stream;
use tokio::time::{Sleep, sleep};

use super::{Problem, routes};
use crate::app::App;
use crate::clock::Stopwatch;
use crate::config::Limits;

/// What an upload must bring in each `limits.upload_pause_seconds_max`, in bytes a second: the
/// slowest of mobile networks, and a thousand times what a connection costs who only holds it.
const UPLOAD_BYTES_PER_SECOND_MIN: u64 = 1024;

/// How a body must come.
#[derive(Clone, Copy, Debug)]
enum Pace {
    /// Whole within this time.
    Whole(Duration),
    /// So many bytes in each stretch of this time.
    Moving {
        /// The stretch.
        stretch: Duration,
        /// The bytes.
        bytes_min: u64,
    },
}

impl Pace {
    /// Only where files are taken may a body have longer: what it calls itself does not matter.
    fn of(request: &ServiceRequest, limits: &Limits) -> Self {
        let is_upload = request.content_type().starts_with("multipart/");
        let route = request.match_pattern().filter(|_| is_upload);
        if !route.is_some_and(|route| routes::takes_files(&route)) {
            return Self::Whole(Duration::from_secs(limits.body_seconds_max));
        }
        let seconds = limits.upload_pause_seconds_max;
        Self::Moving {
            stretch: Duration::from_secs(seconds),
            bytes_min: seconds.saturating_mul(UPLOAD_BYTES_PER_SECOND_MIN),
        }
    }

    const fn time(self) -> Duration {
        match self {
            Self::Whole(time) | Self::Moving { stretch: time, .. } => time,
        }
    }

    const fn problem(self) -> Problem {
        match self {
            Self::Whole(_) => Problem::http(408, "body-slow"),
            Self::Moving { .. } => Problem::http(408, "upload-slow"),
        }
    }
}

/// The middleware: whoever reads the body reads an error once the time is up, and the answer is 408
/// whatever was made of that error.
///
/// # Errors
///
/// Only what actix itself cannot answer.
pub async fn body_in_time(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let app = request.app_data::<Data<App>>().cloned();
    let Some(app) = app else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let is_late = Rc::new(Cell::new(false));
    let pace = Pace::of(&request, &app.config.limits);
    let payload = bounded(request.take_payload(), pace, Rc::clone(&is_late));
    request.set_payload(payload);
    let response = next.call(request).await?.map_into_boxed_body();
    if !is_late.get() {
        return Ok(response);
    }
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(
        request,
        HttpResponse::from_error(pace.problem()),
    ))
}

/// A body on its way in.
struct Arriving {
    payload: Payload,
    pace: Pace,
    end: Pin<Box<Sleep>>,
    /// Since the stretch began …
    stretch: Stopwatch,
    /// … so many bytes came.
    bytes: u64,
}

impl Arriving {
    fn begin_stretch(&mut self) {
        self.end = Box::pin(sleep(self.pace.time()));
        self.stretch = Stopwatch::start();
        self.bytes = 0;
    }

    /// The next piece; nothing at the end, and nothing in time as an error.
    async fn next(&mut self) -> Option<Result<Bytes, PayloadError>> {
        loop {
            tokio::select! {
                biased;
                chunk = self.payload.next() => {
                    if let Some(Ok(chunk)) = &chunk {
                        self.count(chunk);
                    }
                    return chunk;
                }
                () = &mut self.end => match self.pace {
                    Pace::Moving { bytes_min, .. } if self.bytes >= bytes_min => {
                        self.begin_stretch();
                    }
                    Pace::Moving { .. } | Pace::Whole(_) => {
                        return Some(Err(PayloadError::Io(io::ErrorKind::TimedOut.into())));
                    }
                }
            }
        }
    }

    fn count(&mut self, chunk: &Bytes) {
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(length);
        let is_moving = matches!(self.pace, Pace::Moving { .. });
        // Nobody read when the stretch ended: the reader was slow, not the sender.
        if is_moving && self.stretch.elapsed() >= self.pace.time() {
            self.begin_stretch();
        }
    }
}

fn bounded(payload: Payload, pace: Pace, is_late: Rc<Cell<bool>>) -> Payload {
    if matches!(payload, Payload::None) {
        return payload;
    }
    let arriving = Arriving {
        payload,
        pace,
        end: Box::pin(sleep(pace.time())),
        stretch: Stopwatch::start(),
        bytes: 0,
    };
    let chunks = stream::unfold(Some(arriving), move |arriving| {
        let is_late = Rc::clone(&is_late);
        async move {
            let mut arriving = arriving?;
            let chunk = arriving.next().await?;
            let timed_out = |error: &PayloadError| match error {
                PayloadError::Io(error) => error.kind() == io::ErrorKind::TimedOut,
                _ => false,
            };
            if chunk.as_ref().is_err_and(timed_out) {
                is_late.set(true);
                return Some((chunk, None));
            }
            Some((chunk, Some(arriving)))
        }
    });
    // Readers of parts ask once more after the end.
    Payload::Stream {
        payload: Box::pin(chunks.fuse()),
    }
}
