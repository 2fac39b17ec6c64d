//! Calls of the signing page's own script.

use crate::web::{Desk, Problem};

/// A person whose own page's script calls: the session's cookie and the header `X-CSRF-Token`.
pub(super) struct ScriptOfDesk(pub(super) Desk);

impl actix_web::FromRequest for ScriptOfDesk {
    type Error = Problem;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(
        request: &actix_web::HttpRequest,
        payload: &mut actix_web::dev::Payload,
    ) -> Self::Future {
        let desk = Desk::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let desk = desk.await?;
            crate::web::csrf::check_header(&request).await?;
            Ok(Self(desk))
        })
    }
}
