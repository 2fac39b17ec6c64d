//! Somebody with a mailed link and a browser without scripts: pages and forms, nothing else.

use chancery_types::Locale;
use reqwest::header::HeaderMap;
use reqwest::multipart::{Form, Part};
use reqwest::redirect::Policy;

use super::contract::Contract;
use crate::support::Served;

/// A page that came back, after redirects.
pub struct Page {
    pub status: u16,
    pub path: String,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Page {
    /// Its HTML.
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// What the forms of the page carry.
    pub fn token(&self) -> String {
        let html = self.html();
        let after = html.split("name=\"_csrf\" value=\"").nth(1);
        let after = after.unwrap_or_else(|| panic!("{} has no form: {html}", self.path));
        after.split('"').next().unwrap_or_default().to_owned()
    }

    /// The digests of texts that its forms carry, as a browser sends them on.
    pub fn digests(&self) -> Vec<(String, String)> {
        let html = self.html();
        let hidden = html.split("<input type=\"hidden\" name=\"").skip(1);
        let pair = |rest: &str| {
            let (name, rest) = rest.split_once("\" value=\"")?;
            let (value, _) = rest.split_once('"')?;
            name.ends_with("_sha256")
                .then(|| (name.to_owned(), value.to_owned()))
        };
        hidden.filter_map(pair).collect()
    }

    /// Demands words on the page.
    pub fn see(&self, words: &str) -> &Self {
        let html = self.html().replace('\u{a0}', " ");
        assert!(
            html.contains(words),
            "{}: no {words:?} in {html}",
            self.path
        );
        self
    }

    /// Demands their absence.
    pub fn see_not(&self, words: &str) -> &Self {
        assert!(!self.html().contains(words), "{}: {words:?}", self.path);
        self
    }
}

/// A browser without scripts.
pub struct Visitor {
    client: reqwest::Client,
    base: String,
}

impl Visitor {
    /// A new one, without cookies.
    pub fn new(served: &Served, locale: Locale) -> Self {
        let language = ("accept-language", locale.code());
        let mut headers = HeaderMap::new();
        headers.insert(language.0, language.1.parse().expect("a header"));
        let client = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(Policy::limited(5))
            .default_headers(headers)
            .build();
        Self {
            client: client.expect("a client"),
            base: served.base_url.clone(),
        }
    }

    async fn read(request: reqwest::RequestBuilder) -> Page {
        let answer = request.send().await.expect("an answer");
        Page {
            status: answer.status().as_u16(),
            path: answer.url().path().to_owned(),
            headers: answer.headers().clone(),
            bytes: answer.bytes().await.expect("a body").to_vec(),
        }
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        Self::read(self.client.get(format!("{}{path}", self.base))).await
    }

    /// Sends the form of `page` that posts to `action`.
    pub async fn post(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let token = page.token();
        let digests = page.digests();
        let mut all = vec![("_csrf", token.as_str())];
        all.extend(
            digests
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        all.extend(fields);
        let body: Vec<String> = all
            .iter()
            .map(|(name, value)| format!("{name}={}", chancery::web::edge::urlencode(value)))
            .collect();
        self.post_raw(action, "application/x-www-form-urlencoded", body.join("&"))
            .await
    }

    /// Sends a body as it is.
    pub async fn post_raw(&self, action: &str, kind: &str, body: String) -> Page {
        let request = self.client.post(format!("{}{action}", self.base));
        Self::read(request.header("content-type", kind).body(body)).await
    }

    /// Sends words and perhaps a file, as the form for disagreements does.
    pub async fn disagree(
        &self,
        token: Option<&str>,
        words: &str,
        file: Option<(&str, Vec<u8>)>,
    ) -> Page {
        let mut form = Form::new();
        if let Some(token) = token {
            form = form.text("_csrf", token.to_owned());
        }
        if let Some((name, bytes)) = file {
            let part = Part::bytes(bytes).file_name(name.to_owned());
            form = form.part("protocol", part);
        }
        let form = form.text("disagreements", words.to_owned());
        let request = self.client.post(format!("{}/s/disagree", self.base));
        Self::read(request.multipart(form)).await
    }

    /// Comes in by the short code of the letter, typed as people type it.
    pub async fn comes_in(&self, contract: &Contract<'_>) -> Page {
        let (_, secret) = contract.letter("signing-invitation").await;
        let typed = secret["typed_code"].as_str().expect("a code");
        let typed = typed.to_lowercase().replace('-', " ");
        let entry = self.get("/s").await;
        self.post(&entry, "/s", &[("code", &typed)]).await
    }

    /// Asks for the code of the mailbox, gives it, and lands on the first page that follows.
    pub async fn proves_the_mailbox(&self, contract: &Contract<'_>, front: &Page) -> Page {
        let asked = self.post(front, "/s/code/send", &[]).await;
        let (_, secret) = contract.letter("code").await;
        let code = secret["code"].as_str().expect("a code");
        self.post(&asked, "/s/code", &[("code", code)]).await
    }

    /// Comes in, proves the mailbox and reads the only page.
    pub async fn comes_verified(&self, contract: &Contract<'_>) -> Page {
        let front = self.comes_in(contract).await;
        let read = self.proves_the_mailbox(contract, &front).await;
        assert_eq!((read.status, read.path.as_str()), (200, "/s/read"));
        // The exact file shows every page; an image would have to be drawn first.
        assert_eq!(self.get("/s/file").await.status, 200);
        self.post(&read, "/s/read", &[("from", "1"), ("to", "1")])
            .await
    }
}
