//! One browser window on one house.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;
use chancery_types::Locale;
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::window::{capabilities, is_refreshing, phone_scale};
use crate::support::{is_required, setting};

/// A phone's width and height in CSS pixels.
pub const PHONE: (u32, u32) = (390, 844);
/// A desk's.
pub const WIDE: (u32, u32) = (1440, 900);

const DRIVER: &str = "CHANCERY_TEST_CHROMEDRIVER";
const AXE: &str = "CHANCERY_TEST_AXE";

/// The pictures that the README shows: by the step that makes them, and their names there. They are
/// renewed with `CHANCERY_TEST_REFRESH=1`.
const README: [(&str, &str); 3] = [
    ("lawyer-ru-1440-3-document-window", "lawyer"),
    ("counterparty-ru-390-2-front-window", "counterparty"),
    ("compliance-ru-1440-3-failed-window", "compliance"),
];

/// How long an element may take to appear: the machine may be busy with other tests.
const PATIENCE: Duration = Duration::from_secs(30);
/// The tallest picture that is taken, in CSS pixels.
const HEIGHT_MAX: u32 = 8_000;
/// A window is some two hundred megabytes and a core: a few at once are enough.
static WINDOWS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

/// A window.
pub struct Browser {
    client: Client,
    driver: String,
    base: String,
    name: String,
    size: (u32, u32),
    /// Parts of console messages that the test brings about on purpose, such as a refused form.
    expected: RefCell<Vec<String>>,
    _turn: SemaphorePermit<'static>,
}

impl Browser {
    /// Opens a window of `size` on the server at `base` in the language of `locale`, or says that
    /// there is no driver. Files that it saves are in [`Browser::downloads`].
    pub async fn open(name: &str, base: &str, locale: Locale, size: (u32, u32)) -> Option<Self> {
        let Some(driver) = setting(DRIVER) else {
            is_required(DRIVER);
            return None;
        };
        let turn = WINDOWS.acquire().await.expect("a turn");
        let name = format!("{name}-{}-{}", locale.code(), size.0);
        let downloads = output().join("downloads").join(&name);
        // What an earlier run saved must not pass for what this one saves.
        let _ = std::fs::remove_dir_all(&downloads);
        std::fs::create_dir_all(&downloads).expect("a folder");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities(locale, size, &downloads.display().to_string()))
            .connect(&driver)
            .await
            .expect("a browser");
        let browser = Self {
            client,
            driver,
            base: base.to_owned(),
            name,
            size,
            expected: RefCell::default(),
            _turn: turn,
        };
        browser.resize(size).await;
        Some(browser)
    }

    /// Goes to a path of the house.
    pub async fn go(&self, path: &str) {
        self.follow(&format!("{}{path}", self.base)).await;
    }

    /// Goes to a full address, such as a mailed link.
    pub async fn follow(&self, address: &str) {
        let gone = self.client.goto(address).await;
        gone.unwrap_or_else(|error| panic!("{}: {address}: {error}", self.name));
    }

    /// The path the window is at.
    pub async fn path(&self) -> String {
        self.client
            .current_url()
            .await
            .expect("an address")
            .path()
            .to_owned()
    }

    /// Types into a field, replacing what is there.
    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self.wait_for(selector).await;
        field.clear().await.expect("cleared");
        field.send_keys(text).await.expect("typed");
    }

    /// Chooses a file from disk, as the dialog of the operating system does.
    pub async fn choose_file(&self, selector: &str, file: &std::path::Path) {
        let field = self.wait_for(selector).await;
        let path = file.display().to_string();
        field.send_keys(&path).await.expect("chosen");
    }

    /// Chooses the option with this value.
    pub async fn choose(&self, selector: &str, value: &str) {
        let field = self.wait_for(selector).await;
        field.select_by_value(value).await.expect("chosen");
    }

    /// Presses keys where the focus is: `"\u{e004}"` is Tab, `"\u{e007}"` Enter (WebDriver,
    /// 17.4.2).
    pub async fn keys(&self, keys: &str) {
        let focused = self.client.active_element().await.expect("a focus");
        focused.send_keys(keys).await.expect("typed");
    }

    /// Presses what `selector` finds. If that leads to another page, what comes next waits for it.
    pub async fn press(&self, selector: &str) {
        let element = self.wait_for(selector).await;
        self.press_element(element, selector).await;
    }

    /// Presses the link or button with exactly this text.
    pub async fn press_text(&self, text: &str) {
        let kinds = "self::a or self::button or self::summary";
        let path = format!("//*[{kinds}][normalize-space(.)={}]", quoted(text));
        let element = self.wait(Locator::XPath(&path)).await;
        self.press_element(element, text).await;
    }

    /// Presses the first link whose text contains this.
    pub async fn press_part(&self, text: &str) {
        let path = format!("//a[contains(normalize-space(.), {})]", quoted(text));
        let element = self.wait(Locator::XPath(&path)).await;
        self.press_element(element, text).await;
    }

    /// A reader scrolls what they want to press out from under the bars first.
    async fn press_element(&self, element: Element, what: &str) {
        let scroll = "arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });";
        let own = serde_json::to_value(&element).expect("an element");
        self.run(scroll, vec![own]).await;
        if let Err(error) = element.click().await {
            self.shot("failed").await;
            panic!("{}: {what} cannot be pressed: {error}", self.name);
        }
    }

    /// Waits for an element.
    pub async fn wait_for(&self, selector: &str) -> Element {
        self.wait(Locator::Css(selector)).await
    }

    async fn wait(&self, wanted: Locator<'_>) -> Element {
        let waiting = self.client.wait().at_most(PATIENCE).for_element(wanted);
        match waiting.await {
            Ok(element) => element,
            Err(error) => {
                let text = self.text().await;
                self.shot("failed").await;
                let path = self.path().await;
                panic!("{}: no {wanted:?} at {path}: {error}\n{text}", self.name);
            }
        }
    }

    /// Whether the reader sees an element now.
    pub async fn shows(&self, selector: &str) -> bool {
        match self.client.find(Locator::Css(selector)).await {
            Ok(element) => element.is_displayed().await.unwrap_or_default(),
            Err(_) => false,
        }
    }

    /// Whether an element is there now.
    pub async fn has(&self, selector: &str) -> bool {
        self.client.find(Locator::Css(selector)).await.is_ok()
    }

    /// The text of the page, as far as it is shown, with single spaces.
    pub async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => single_spaced(&body.text().await.unwrap_or_default()),
            Err(_) => String::new(),
        }
    }

    /// Demands a text on the page, shown to the reader; waits until it is there.
    pub async fn see(&self, text: &str) {
        let wanted = single_spaced(text);
        let path = format!("//body[contains(normalize-space(.), {})]", quoted(&wanted));
        // No-break spaces are spaces to the reader, but not to XPath: the wait is only a wait.
        let _ = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::XPath(&path))
            .await;
        let found = self.text().await;
        if !found.contains(&wanted) {
            self.shot("failed").await;
            panic!(
                "{}: no {text:?} at {}\n{found}",
                self.name,
                self.path().await
            );
        }
    }

    /// Runs a script of the test in the page.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client
            .execute(script, arguments)
            .await
            .expect("a script of the test runs")
    }

    /// Shows the page as to a reader who prefers `light` or `dark`, at once: on the way from one
    /// colour to the other nothing has enough contrast.
    pub async fn prefer(&self, scheme: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": scheme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        )
        .await;
    }

    /// Demands that every picture of the page is there, and waits until it is drawn.
    pub async fn see_pictures(&self) {
        self.wait_for("img").await;
        let decode = "const done = arguments[0];\
            const pictures = [...document.images];\
            const drawn = pictures.map((one) => { one.loading = 'eager'; return one.decode(); });\
            Promise.all(drawn).then(() => done(pictures.length), (e) => done(String(e)));";
        let count = self
            .client
            .execute_async(decode, Vec::new())
            .await
            .expect("pictures");
        assert!(
            count.as_u64() > Some(0),
            "{}: pictures at {}: {count}",
            self.name,
            self.path().await
        );
    }

    /// Keeps a picture of the whole page as test output: the window grows to the page, so that bars
    /// that stick to its edges lie over nothing, and shrinks again.
    pub async fn shot(&self, step: &str) {
        let height = self
            .run("return document.documentElement.scrollHeight", Vec::new())
            .await;
        let height = height
            .as_u64()
            .and_then(|height| u32::try_from(height).ok());
        let height = height.unwrap_or(self.size.1).clamp(self.size.1, HEIGHT_MAX);
        self.resize((self.size.0, height)).await;
        self.picture(step).await;
        self.resize(self.size).await;
    }

    async fn resize(&self, size: (u32, u32)) {
        let is_phone = self.size == PHONE;
        let screen = json!({ "width": size.0, "height": size.1, "mobile": is_phone,
            "deviceScaleFactor": if is_phone { phone_scale() } else { 1 } });
        self.devtools("Emulation.setDeviceMetricsOverride", screen)
            .await;
    }

    /// Keeps a picture of what the window shows now, with what sticks to its edges.
    pub async fn picture(&self, step: &str) {
        // Packed quickly: nobody keeps these; those of the README are packed well.
        let quick = json!({ "format": "png", "optimizeForSpeed": !is_refreshing() });
        let taken = self.devtools("Page.captureScreenshot", quick).await;
        let packed = taken["data"].as_str().expect("a picture");
        let picture = BASE64.decode(packed).expect("a picture");
        let folder = output().join("screenshots");
        std::fs::create_dir_all(&folder).expect("a folder");
        let name = format!("{}-{step}", self.name);
        let shown = README.iter().find(|(picture, _)| *picture == name);
        if let (Some((_, shown)), true) = (shown, is_refreshing()) {
            let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/pictures");
            std::fs::write(format!("{readme}/{shown}.png"), &picture).expect("kept");
        }
        std::fs::write(folder.join(format!("{name}.png")), picture).expect("kept");
    }

    /// The folder that this window saves files into, emptied when the window was opened.
    pub fn downloads(&self) -> PathBuf {
        output().join("downloads").join(&self.name)
    }

    /// Waits for a saved file whose name ends in `ending`.
    pub async fn downloaded(&self, ending: &str) -> Vec<u8> {
        let found = || {
            let files = std::fs::read_dir(self.downloads())
                .expect("the folder")
                .flatten();
            let mut paths = files.map(|file| file.path());
            paths.find(|path| path.display().to_string().ends_with(ending))
        };
        for _ in 0..PATIENCE.as_secs() * 10 {
            if let Some(path) = found() {
                return std::fs::read(path).expect("the file");
            }
            let waits = "const done = arguments[0]; setTimeout(done, 100);";
            self.client
                .execute_async(waits, Vec::new())
                .await
                .expect("waited");
        }
        panic!("{}: no file …{ending} was saved", self.name);
    }

    /// Demands what a reader without eyes, mouse or patience needs: axe-core finds nothing serious,
    /// and the page is no wider than the window.
    pub async fn check_access(&self, step: &str) {
        let widths = "const page = document.documentElement;\
                      return [page.scrollWidth, page.clientWidth];";
        let widths = self.run(widths, Vec::new()).await;
        if widths[0].as_u64() > widths[1].as_u64() {
            self.shot("failed").await;
            panic!(
                "{} at {step}: the page is wider than the window: {widths}",
                self.name
            );
        }
        let Some(path) = setting(AXE) else {
            is_required(AXE);
            return;
        };
        let source = std::fs::read_to_string(path).expect("axe-core");
        self.run(&source, Vec::new()).await;
        let found = self
            .client
            .execute_async(RUN_AXE, Vec::new())
            .await
            .expect("axe-core runs");
        let serious: Vec<&Value> = found
            .as_array()
            .unwrap_or_else(|| panic!("{}: axe-core says {found}", self.name))
            .iter()
            .filter(|finding| matches!(finding["impact"].as_str(), Some("serious" | "critical")))
            .collect();
        if !serious.is_empty() {
            self.shot("failed").await;
            panic!("{} at {step}: {serious:#?}", self.name);
        }
    }

    /// Lets the console say something that contains `text`: the browser calls every refused
    /// request an error, also one that the test is about.
    pub fn expect_console(&self, text: &str) {
        self.expected.borrow_mut().push(text.to_owned());
    }

    /// Ends the visit: no console error, no request to any other host.
    pub async fn close(self) {
        let console = self.log("browser").await;
        let expected = self.expected.take();
        let is_expected = |entry: &&Value| {
            let message = entry["message"].as_str().unwrap_or_default();
            expected.iter().any(|text| message.contains(text))
        };
        let errors: Vec<&Value> = console
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .filter(|entry| !is_expected(entry))
            .collect();
        let requests = self.log("performance").await;
        let (mut own_count, mut elsewhere) = (0, Vec::new());
        for url in requests.iter().filter_map(requested) {
            if url.starts_with(&self.base) {
                own_count += 1;
            } else if !["data:", "about:", "blob:", "chrome"]
                .iter()
                .any(|s| url.starts_with(s))
            {
                elsewhere.push(url);
            }
        }
        let name = self.name.clone();
        self.client.close().await.expect("closed");
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        assert!(
            own_count > 0,
            "{name}: the browser does not say what it asked for"
        );
        assert!(elsewhere.is_empty(), "{name}: requests to {elsewhere:?}");
    }

    /// Calls the browser's own protocol.
    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.ask(
            "goog/cdp/execute",
            json!({ "cmd": command, "params": parameters }),
        )
        .await
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let lines = self.ask("se/log", json!({ "type": kind })).await;
        lines
            .as_array()
            .cloned()
            .unwrap_or_else(|| panic!("{}: {lines}", self.name))
    }

    /// Asks the driver what fantoccini has no words for.
    async fn ask(&self, path: &str, body: Value) -> Value {
        let session = self
            .client
            .session_id()
            .await
            .expect("asked")
            .expect("a session");
        let address = format!(
            "{}/session/{session}/{path}",
            self.driver.trim_end_matches('/')
        );
        let asked = reqwest::Client::new()
            .post(address)
            .json(&body)
            .send()
            .await;
        let answer: Value = asked.expect("the driver").json().await.expect("JSON");
        let failed = answer["value"].get("error").is_some();
        assert!(!failed, "{}: {path}: {}", self.name, answer["value"]);
        answer["value"].clone()
    }
}

const RUN_AXE: &str = "const done = arguments[arguments.length - 1];\
    axe.run(document, { resultTypes: ['violations'] }).then(\
      (r) => done(r.violations.map((v) => ({ id: v.id, impact: v.impact,\
        nodes: v.nodes.map((n) => n.html + ' — ' + n.failureSummary) }))),\
      (e) => done(String(e)));";

/// Where tests leave pictures and files: not in the repository.
fn output() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/output")
}

/// The address of a request in the driver's performance log.
fn requested(entry: &Value) -> Option<String> {
    let entry: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
    let message = &entry["message"];
    if message["method"] != "Network.requestWillBeSent" {
        return None;
    }
    message["params"]["request"]["url"]
        .as_str()
        .map(str::to_owned)
}

fn single_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as XPath 1.0 writes it, which has no escapes.
fn quoted(text: &str) -> String {
    if text.contains('"') {
        format!("'{text}'")
    } else {
        format!("\"{text}\"")
    }
}
