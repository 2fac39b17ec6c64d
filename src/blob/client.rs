//! The one S3 client: to a server, or straight into the embedded service.

use std::time::Duration;

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    BehaviorVersion, Builder, Credentials, Region, RequestChecksumCalculation,
    ResponseChecksumValidation, RuntimeComponents,
};
use aws_sdk_s3::{Client, Config};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};

use super::embedded::EmbeddedS3;
use crate::config;

const CONNECT_SECONDS: u64 = 5;
const READ_SECONDS: u64 = 30;
const OPERATION_SECONDS: u64 = 300;
const ATTEMPTS_MAX: u32 = 3;

/// A client for the server that `settings` names.
pub fn to_server(settings: &config::Blobs) -> Client {
    use aws_smithy_http_client::tls::Provider;
    use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
    let http = aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https();
    let secret_key = settings.secret_key.reveal();
    let config = base(&settings.region, &settings.access_key, secret_key)
        .endpoint_url(&settings.endpoint)
        .force_path_style(settings.path_style)
        .http_client(http)
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(CONNECT_SECONDS))
                .read_timeout(Duration::from_secs(READ_SECONDS))
                .operation_timeout(Duration::from_secs(OPERATION_SECONDS))
                .build(),
        );
    Client::from_conf(config.build())
}

/// A client of `service` in this process. Requests are signed with `secret_key`, which only this
/// process knows, and the service checks that.
pub fn to_embedded(settings: &config::Blobs, service: EmbeddedS3, secret_key: &str) -> Client {
    let access_key = "embedded";
    let mut builder = S3ServiceBuilder::new(service);
    builder.set_auth(SimpleAuth::from_single(access_key, secret_key));
    let config = in_process(&settings.region, access_key, secret_key, builder.build());
    Client::from_conf(config)
}

fn in_process(region: &str, access_key: &str, secret_key: &str, service: S3Service) -> Config {
    base(region, access_key, secret_key)
        .endpoint_url("http://blobs.invalid")
        .force_path_style(true)
        .http_client(InProcess(service))
        .build()
}

fn base(region: &str, access_key: &str, secret_key: &str) -> Builder {
    let credentials = Credentials::new(access_key, secret_key, None, None, "configuration");
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .credentials_provider(credentials)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS_MAX))
        // We send a SHA-256 of our own and check what we read; some servers refuse the trailers
        // that the client would otherwise add.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
}

/// Hands a signed request to the service in this process.
#[derive(Clone, Debug)]
struct InProcess(S3Service);

impl HttpClient for InProcess {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let service = self.0.clone();
        HttpConnectorFuture::new(async move { answer(&service, request).await })
    }
}

async fn answer(service: &S3Service, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let mut request = request.try_into_http1x().map_err(failed)?;
    if !request.headers().contains_key(http::header::HOST) {
        let authority = request.uri().authority().map(ToString::to_string);
        let host = authority.unwrap_or_default().parse().map_err(failed)?;
        request.headers_mut().insert(http::header::HOST, host);
    }
    let response = service
        .call(request.map(s3s::Body::http_body))
        .await
        .map_err(|error| failed(format!("{error:?}")))?;
    response
        .map(SdkBody::from_body_1_x)
        .try_into()
        .map_err(failed)
}

fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> ConnectorError {
    ConnectorError::other(error.into(), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Goal: the embedded service is not open to whoever reaches it. Method: a wrong secret key.
    #[tokio::test]
    async fn the_embedded_service_refuses_a_wrong_signature() {
        let folder = tempfile::tempdir().expect("a folder");
        let service = EmbeddedS3::open(folder.path().to_owned(), "x").expect("opened");
        let mut builder = S3ServiceBuilder::new(service);
        builder.set_auth(SimpleAuth::from_single("embedded", "right"));
        let config = in_process("us-east-1", "embedded", "wrong", builder.build());
        let answer = Client::from_conf(config)
            .create_bucket()
            .bucket("chancery")
            .send()
            .await;
        let error = answer.expect_err("refused");
        let code = error.as_service_error().and_then(|e| e.meta().code());
        assert_eq!(code, Some("SignatureDoesNotMatch"));
    }
}
