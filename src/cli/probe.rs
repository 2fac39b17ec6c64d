//! `chancery probe`: for container health checks, where there is no curl.

use std::time::Duration;

use anyhow::{Context as _, bail};

const SECONDS_MAX: u64 = 5;

/// Succeeds if a GET of `url` answers 200 within five seconds.
///
/// # Errors
///
/// What it answered instead.
pub fn run(url: &str) -> anyhow::Result<()> {
    let code = super::in_runtime(async {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(SECONDS_MAX))
            .build()?;
        let answer = client.get(url).send().await?;
        Ok::<_, reqwest::Error>(answer.status().as_u16())
    })?;
    let code = code.with_context(|| format!("{url} does not answer"))?;
    if code != 200 {
        bail!("{url} answers {}", code);
    }
    Ok(())
}
