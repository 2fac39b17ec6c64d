//! One browser window on one house.

use std::path::PathBuf;
use std::time::Duration;

use chancery_types::Locale;
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};

use crate::support::{is_required, setting};

/// A phone's width and height in CSS pixels.
pub const PHONE: (u32, u32) = (390, 844);
/// A desk's.
pub const WIDE: (u32, u32) = (1440, 900);

const DRIVER: &str = "CHANCERY_TEST_CHROMEDRIVER";

/// How long an element may take to appear: the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(20);

/// A window.
pub struct Browser {
    client: Client,
    driver: String,
    base: String,
    name: String,
}

impl Browser {
    /// Opens a window of `size` on the server at `base` in the language of `locale`, or says that
    /// there is no driver.
    pub async fn open(name: &str, base: &str, locale: Locale, size: (u32, u32)) -> Option<Self> {
        let Some(driver) = setting(DRIVER) else {
            assert!(!is_required("a browser"), "{DRIVER} is not set");
            eprintln!("skipped: {DRIVER} is not set");
            return None;
        };
        let language = match locale {
            Locale::Ru => "ru-RU,ru",
            Locale::En => "en-US,en",
        };
        let capabilities: Capabilities = serde_json::from_value(json!({
            "goog:chromeOptions": {
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                    "--disable-quic", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                    format!("--window-size={},{}", size.0, size.1),
                    format!("--lang={}", locale.code()),
                ],
                "prefs": {
                    "intl.accept_languages": language,
                    "download.default_directory": downloads().display().to_string(),
                },
                "mobileEmulation": (size == PHONE).then(|| json!({
                    "deviceMetrics": { "width": size.0, "height": size.1, "pixelRatio": 2.0 },
                })),
            },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        }))
        .map(without_nulls)
        .expect("capabilities");
        let client = ClientBuilder::new(hyper_util_connector())
            .capabilities(capabilities)
            .connect(&driver)
            .await
            .expect("a browser");
        Some(Self {
            client,
            driver,
            base: base.to_owned(),
            name: format!("{name}-{}-{}", locale.code(), size.0),
        })
    }

    /// Goes to a path of the house.
    pub async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.expect("a page");
    }

    /// Goes to a full address, such as a mailed link.
    pub async fn follow(&self, address: &str) {
        self.client.goto(address).await.expect("a page");
    }

    /// The path the window is at.
    pub async fn path(&self) -> String {
        self.client.current_url().await.expect("an address").path().to_owned()
    }

    /// Types into a field, replacing what is there.
    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self.wait_for(selector).await;
        field.clear().await.expect("cleared");
        field.send_keys(text).await.expect("typed");
    }

    /// Presses what `selector` finds, and waits until the page that follows is there.
    pub async fn press(&self, selector: &str) {
        self.wait_for(selector).await.click().await.unwrap_or_else(|error| {
            panic!("{}: {selector} cannot be pressed: {error}", self.name);
        });
    }

    /// Waits for an element.
    pub async fn wait_for(&self, selector: &str) -> fantoccini::elements::Element {
        let waiting = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector));
        match waiting.await {
            Ok(element) => element,
            Err(error) => {
                let text = self.text().await;
                self.shot("failed").await;
                panic!("{}: no {selector} at {}: {error}\n{text}", self.name, self.path().await);
            }
        }
    }

    /// Whether an element is there now.
    pub async fn has(&self, selector: &str) -> bool {
        self.client.find(Locator::Css(selector)).await.is_ok()
    }

    /// The text of the page.
    pub async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Demands a text on the page.
    pub async fn see(&self, text: &str) {
        let found = self.text().await;
        if !found.contains(text) {
            self.shot("failed").await;
            panic!("{}: no {text:?} at {}\n{found}", self.name, self.path().await);
        }
    }

    /// Runs a script of the test in the page.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.expect("a script of the test runs")
    }

    /// Keeps a picture of the whole page.
    pub async fn shot(&self, step: &str) {
        let folder = output().join("screenshots");
        std::fs::create_dir_all(&folder).expect("a folder");
        let picture = self.client.screenshot().await.expect("a picture");
        std::fs::write(folder.join(format!("{}-{step}.png", self.name)), picture).expect("kept");
    }

    /// Looks at the page with axe-core: nothing serious or critical.
    pub async fn check_access(&self, step: &str) {
        let Some(path) = setting("CHANCERY_TEST_AXE") else {
            assert!(!is_required("axe-core"), "CHANCERY_TEST_AXE is not set");
            return;
        };
        let source = std::fs::read_to_string(path).expect("axe-core");
        self.run(&source, Vec::new()).await;
        let found = self
            .client
            .execute_async(
                "const done = arguments[arguments.length - 1];\
                 axe.run(document, { resultTypes: ['violations'] }).then(\
                   (r) => done(r.violations.map((v) => ({ id: v.id, impact: v.impact,\
                     nodes: v.nodes.map((n) => n.html + ' — ' + n.failureSummary) }))),\
                   (e) => done(String(e)));",
                Vec::new(),
            )
            .await
            .expect("axe-core runs");
        let serious: Vec<&Value> = found
            .as_array()
            .unwrap_or_else(|| panic!("{}: axe-core says {found}", self.name))
            .iter()
            .filter(|finding| matches!(finding["impact"].as_str(), Some("serious" | "critical")))
            .collect();
        assert!(serious.is_empty(), "{} at {step}: {serious:#?}", self.name);
    }

    /// Ends the visit: no console error, no request to any other host.
    pub async fn close(self) {
        let console = self.log("browser").await;
        let errors: Vec<&Value> =
            console.iter().filter(|entry| entry["level"] == "SEVERE").collect();
        let requests = self.log("performance").await;
        let elsewhere: Vec<String> = requests
            .iter()
            .filter_map(|entry| serde_json::from_str::<Value>(entry["message"].as_str()?).ok())
            .filter(|entry| entry["message"]["method"] == "Network.requestWillBeSent")
            .filter_map(|entry| {
                let url = entry["message"]["params"]["request"]["url"].as_str()?;
                Some(url.to_owned())
            })
            .filter(|url| !url.starts_with(&self.base))
            .filter(|url| !url.starts_with("data:") && !url.starts_with("about:"))
            .filter(|url| !url.starts_with("chrome"))
            .collect();
        let name = self.name.clone();
        self.client.close().await.expect("closed");
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        assert!(elsewhere.is_empty(), "{name}: requests to {elsewhere:?}");
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let session = self.client.session_id().await.expect("asked").expect("a session");
        let address = format!("{}/session/{session}/se/log", self.driver.trim_end_matches('/'));
        let answer = reqwest::Client::new()
            .post(address)
            .json(&json!({ "type": kind }))
            .send()
            .await
            .expect("the driver's log");
        let body: Value = answer.json().await.expect("JSON");
        body["value"].as_array().cloned().unwrap_or_default()
    }
}

/// Where tests leave pictures and files: not in the repository.
pub fn output() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/output")
}

fn downloads() -> PathBuf {
    output().join("downloads")
}

fn without_nulls(mut capabilities: Capabilities) -> Capabilities {
    if let Some(Value::Object(options)) = capabilities.get_mut("goog:chromeOptions") {
        options.retain(|_, value| !value.is_null());
    }
    capabilities
}

fn hyper_util_connector() -> hyper_util::client::legacy::connect::HttpConnector {
    hyper_util::client::legacy::connect::HttpConnector::new()
}
