//! `[webhooks]` and `[lookups]`: who would be called, and whether they can be reached.

use super::Report;
use crate::app::calls::Peers;
use crate::config::Config;

/// Who may be called, by name and host.
pub(super) fn describe(config: &Config) -> Result<String, String> {
    let peers = Peers::open(config).map_err(|error| error.to_string())?;
    let line = |wanted: &str| {
        let all = peers.hosts().filter(|(section, ..)| *section == wanted);
        let all: Vec<String> = all
            .map(|(_, name, host)| format!("{name} at {host}"))
            .collect();
        match all.is_empty() {
            true => "nobody".to_owned(),
            false => all.join(", "),
        }
    };
    Ok(format!(
        "webhooks tell {}, {} s a call, {} tries; lookups ask {}, {} s a try, {} bytes an answer",
        line("webhooks"),
        config.webhooks.seconds_max,
        config.webhooks.attempts_max,
        line("lookups"),
        config.lookups.seconds_max,
        config.lookups.bytes_max
    ))
}

/// A line for each: whether its host answers at all. Nothing is told or asked.
pub(super) async fn reach_out(config: &Config, report: &mut Report) {
    // What is wrong with the settings was told before.
    let Ok(peers) = Peers::open(config) else {
        return;
    };
    for (name, reached) in peers.reach().await {
        report.add(&format!("… {name}"), reached);
    }
}
