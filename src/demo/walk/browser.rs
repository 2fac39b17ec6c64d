//! One person's browser: cookies, redirects, forms. No access to anything but HTTP.

use anyhow::{Context as _, bail, ensure};
use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, LOCATION, ORIGIN};
use reqwest::{Client, RequestBuilder, Response, StatusCode, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::html::{self, Form};
use crate::web::edge::urlencode;

/// The largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;
const REDIRECTS_MAX: usize = 5;

/// A browser with its own cookies.
pub struct Browser {
    client: Client,
    origin: String,
}

/// A page as it was shown.
#[derive(Debug)]
pub struct Page {
    /// Where it was found, after redirects.
    pub path: String,
    /// Its status.
    pub status: StatusCode,
    /// Its HTML.
    pub html: String,
}

impl Page {
    /// The form that posts to `action`.
    ///
    /// # Errors
    ///
    /// If the page has none.
    pub fn form(&self, action: &str) -> anyhow::Result<Form> {
        html::form_to(&self.html, action)
            .with_context(|| format!("{}: no form posts to {action}", self.path))
    }

    /// The first form that `wanted` picks.
    ///
    /// # Errors
    ///
    /// If the page has none.
    pub fn form_where(&self, what: &str, wanted: impl Fn(&Form) -> bool) -> anyhow::Result<Form> {
        let found = html::forms(&self.html).into_iter().find(wanted);
        found.with_context(|| format!("{}: no form {what}", self.path))
    }

    /// Its words.
    #[must_use]
    pub fn text(&self) -> String {
        html::text(&self.html)
    }

    /// Fails, saying what the page says, unless it was shown as asked.
    ///
    /// # Errors
    ///
    /// Another status than 200.
    pub fn expect_shown(self) -> anyhow::Result<Self> {
        ensure!(
            self.status == StatusCode::OK,
            "{} answered {}: {}",
            self.path,
            self.status.as_u16(),
            self.text()
        );
        Ok(self)
    }
}

impl Browser {
    /// A browser of somebody who reads Russian, for the server at `origin`.
    ///
    /// # Errors
    ///
    /// If no client can be made.
    pub fn new(origin: &str) -> anyhow::Result<Self> {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent("Chancery walk")
            .build()?;
        Ok(Self {
            client,
            origin: origin.to_owned(),
        })
    }

    /// Opens a page.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached or answers with another status than 200.
    pub async fn open(&self, path: &str) -> anyhow::Result<Page> {
        let request = self.client.get(self.address(path)?);
        self.follow(path, request).await?.expect_shown()
    }

    /// Posts a form as it stands, and shows where that leads.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached. Another status than 200 is the page's.
    pub async fn post(&self, form: &Form) -> anyhow::Result<Page> {
        let request = self.client.post(self.address(&form.action)?);
        let pairs = form.fields.iter();
        let pairs = pairs.map(|(name, value)| format!("{}={}", urlencode(name), urlencode(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let request = request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body);
        self.follow(&form.action, request).await
    }

    /// Posts a form with files: field, name, bytes.
    ///
    /// # Errors
    ///
    /// As [`Browser::post`].
    pub async fn post_files(
        &self,
        form: &Form,
        files: Vec<(String, String, Vec<u8>)>,
    ) -> anyhow::Result<Page> {
        use reqwest::multipart::{Form as Multipart, Part};
        let mut body = Multipart::new();
        for (name, value) in &form.fields {
            body = body.text(name.clone(), value.clone());
        }
        for (field, name, content) in files {
            let part = Part::bytes(content)
                .file_name(name)
                .mime_str("application/pdf")?;
            body = body.part(field, part);
        }
        let request = self
            .client
            .post(self.address(&form.action)?)
            .multipart(body);
        self.follow(&form.action, request).await
    }

    /// A script's call: JSON there and back, with the page's token.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached or answers with a problem, whose code and words are said.
    pub async fn call<T: DeserializeOwned>(
        &self,
        path: &str,
        csrf_token: &str,
        body: &impl Serialize,
    ) -> anyhow::Result<T> {
        let request = self.client.post(self.address(path)?);
        let request = request
            .header("X-CSRF-Token", csrf_token)
            .header("Accept", "application/json")
            .header("Idempotency-Key", crate::entropy::secret())
            .json(body);
        let answer = self.send(request).await?;
        let status = answer.status();
        let bytes = read(answer).await?;
        if !status.is_success() {
            let words = String::from_utf8_lossy(&bytes);
            bail!("{path} answered {}: {words}", status.as_u16());
        }
        serde_json::from_slice(&bytes).with_context(|| format!("{path}: the answer"))
    }

    /// Saves a file.
    ///
    /// # Errors
    ///
    /// If the server cannot be reached or answers with another status than 200.
    pub async fn save(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let answer = self.send(self.client.get(self.address(path)?)).await?;
        let status = answer.status();
        let bytes = read(answer).await?;
        ensure!(
            status == StatusCode::OK,
            "{path} answered {}",
            status.as_u16()
        );
        Ok(bytes)
    }

    fn address(&self, path: &str) -> anyhow::Result<String> {
        ensure!(
            path.starts_with('/') && !path.starts_with("//"),
            "`{path}` leads away from this server"
        );
        Ok(format!("{}{path}", self.origin))
    }

    async fn send(&self, request: RequestBuilder) -> anyhow::Result<Response> {
        let request = request
            .header(ACCEPT_LANGUAGE, "ru")
            .header(ORIGIN, &self.origin);
        Ok(request.send().await?)
    }

    async fn follow(&self, path: &str, request: RequestBuilder) -> anyhow::Result<Page> {
        let mut path = path.to_owned();
        let mut answer = self.send(request).await?;
        for _ in 0..REDIRECTS_MAX {
            if !answer.status().is_redirection() {
                let status = answer.status();
                let html = String::from_utf8(read(answer).await?)
                    .with_context(|| format!("{path}: not UTF-8"))?;
                return Ok(Page { path, status, html });
            }
            let location = answer.headers().get(LOCATION);
            let location = location.and_then(|value| value.to_str().ok());
            location
                .with_context(|| format!("{path}: a redirect to nowhere"))?
                .clone_into(&mut path);
            answer = self.send(self.client.get(self.address(&path)?)).await?;
        }
        bail!("{path}: redirected in a circle")
    }
}

async fn read(mut answer: Response) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        bytes.extend_from_slice(&chunk);
        ensure!(bytes.len() <= ANSWER_BYTES_MAX, "an answer is too large");
    }
    Ok(bytes)
}
