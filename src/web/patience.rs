//! How long a body may take to arrive. A form with files has a limit of its own (`web::upload`);
//! without one here, a body that trickles in would hold its request, and what that holds, for ever.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage as _, HttpResponse};
use futures::StreamExt as _;
use futures::stream;

use super::Problem;
use crate::app::App;

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
    let is_upload = request.content_type().starts_with("multipart/");
    let app = request.app_data::<Data<App>>().cloned();
    let Some(app) = app.filter(|_| !is_upload) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let is_late = Rc::new(Cell::new(false));
    let limit = Duration::from_secs(app.config.limits.body_seconds_max);
    let payload = bounded(request.take_payload(), limit, Rc::clone(&is_late));
    request.set_payload(payload);
    let response = next.call(request).await?.map_into_boxed_body();
    if !is_late.get() {
        return Ok(response);
    }
    let (request, _) = response.into_parts();
    let problem = Problem::http(408, "body-slow");
    Ok(ServiceResponse::new(
        request,
        HttpResponse::from_error(problem),
    ))
}

fn bounded(payload: Payload, limit: Duration, is_late: Rc<Cell<bool>>) -> Payload {
    if matches!(payload, Payload::None) {
        return payload;
    }
    let end = Box::pin(tokio::time::sleep(limit));
    let chunks = stream::unfold(Some((payload, end)), move |reading| {
        let is_late = Rc::clone(&is_late);
        async move {
            let (mut payload, mut end) = reading?;
            tokio::select! {
                biased;
                chunk = payload.next() => Some((chunk?, Some((payload, end)))),
                () = &mut end => {
                    is_late.set(true);
                    let late = PayloadError::Io(io::ErrorKind::TimedOut.into());
                    Some((Err(late), None))
                }
            }
        }
    });
    Payload::Stream {
        payload: Box::pin(chunks),
    }
}
