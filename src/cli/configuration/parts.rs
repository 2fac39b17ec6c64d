//! What the parts would use that have nothing to check beyond the ranges of their numbers.

use crate::config::Config;

/// A line a part.
pub fn describe(config: &Config) -> [(&'static str, String); 7] {
    [
        ("sessions", sessions(config)),
        ("links", links(config)),
        ("signing", signing(config)),
        ("limits", limits(config)),
        ("rate limits", rate_limits(config)),
        ("worker", worker(config)),
        ("retention", retention(config)),
    ]
}

fn sessions(config: &Config) -> String {
    let part = &config.sessions;
    format!(
        "end after {} min without a request, {} h in any case; an invitation works {} h, \
         a password reset {} h",
        part.idle_minutes, part.absolute_hours, part.invitation_hours, part.password_reset_hours
    )
}

fn links(config: &Config) -> String {
    let part = &config.links;
    format!(
        "work {} days; a code {} min and {} tries, {} codes an hour; a visit {} h",
        part.expires_days,
        part.code_minutes,
        part.code_tries_max,
        part.codes_per_hour_max,
        part.visit_hours
    )
}

fn signing(config: &Config) -> String {
    let part = &config.signing;
    format!(
        "{}; a preparation waits {} min, a certificate is valid {} h; raised to {}, renewed {} \
         days before the end",
        part.algorithm.code(),
        part.prepared_minutes,
        part.certificate_hours,
        part.level.code(),
        part.renew_days
    )
}

fn limits(config: &Config) -> String {
    let part = &config.limits;
    format!(
        "a file {} bytes, {} s (pauses {} s), {} pages; {} attachments; a file to check {} bytes, \
         {} at once; {} rows a list; a body without files {} s",
        part.upload_bytes_max,
        part.upload_seconds_max,
        part.upload_pause_seconds_max,
        part.pages_max,
        part.attachments_max,
        part.verify_bytes_max,
        part.verify_parallel_max,
        part.page_rows_max,
        part.body_seconds_max
    )
}

fn rate_limits(config: &Config) -> String {
    let part = &config.rate_limits;
    format!(
        "a minute: {} logins, {} link requests, {} checks",
        part.login_per_minute, part.link_per_minute, part.verify_per_minute
    )
}

fn worker(config: &Config) -> String {
    let part = &config.worker;
    format!(
        "{} processes of {} bytes and {} s of CPU time; {} tries of a job",
        part.processes_max, part.memory_bytes_max, part.cpu_seconds_max, part.attempts_max
    )
}

fn retention(config: &Config) -> String {
    let part = &config.retention;
    format!(
        "unnamed files {} h, ended sessions {} days, ended visits {} days, secrets of failed mails \
         {} days",
        part.unnamed_file_hours,
        part.ended_session_days,
        part.ended_visit_days,
        part.mail_secret_days
    )
}
