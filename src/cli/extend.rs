//! `chancery extend`: signed copies that are due are raised now, and what became of each is said.

use anyhow::bail;
use chancery_types::Locale;

use super::people::{told, with_app};
use super::{Settings, print_line};
use crate::app::App;
use crate::app::extend::kept::LookedAfter;
use crate::i18n::t;

/// Raises everything that is due, in every organisation.
///
/// # Errors
///
/// Why it was not done, in one line; also if a copy could not be raised.
pub fn run(settings: &Settings) -> anyhow::Result<()> {
    with_app(settings, extend)
}

async fn extend(app: &App) -> anyhow::Result<()> {
    let (mut raised, mut refused) = (0_usize, 0_usize);
    for organisation in app.list_organisations().await.map_err(told)? {
        app.retry_extensions(organisation.id).await.map_err(told)?;
        loop {
            let done = app.extend_some(organisation.id).await.map_err(told)?;
            let is_told = |one: &&LookedAfter| one.pieces_count > 0 || one.is_open;
            for one in done.looked_after.iter().filter(is_told) {
                let (id, count) = (one.document_id, one.pieces_count);
                let open = match one.is_open {
                    true => "; the revocation of a certificate is still open",
                    false => "",
                };
                print_line(&format!(
                    "document {id}: waits for signatures, {count} pieces of evidence kept{open}"
                ));
            }
            raised = raised.saturating_add(done.raised.len());
            refused = refused.saturating_add(done.refused.len());
            for copy in &done.raised {
                print_line(&format!("document {}: raised", copy.document_id));
            }
            for (copy, problem) in &done.refused {
                let why = t(Locale::En, &format!("raise-{problem}"), &[]);
                print_line(&format!("document {}: not raised. {why}", copy.document_id));
            }
            raised = raised.saturating_add(done.raised_detached.len());
            refused = refused.saturating_add(done.refused_detached.len());
            for one in &done.raised_detached {
                let id = one.detached_id;
                print_line(&format!("detached signature {id}: raised"));
            }
            for (one, problem) in &done.refused_detached {
                let why = t(Locale::En, &format!("raise-{problem}"), &[]);
                let id = one.detached_id;
                print_line(&format!("detached signature {id}: not raised. {why}"));
            }
            if done.is_over() {
                break;
            }
        }
    }
    print_line(&format!("{raised} raised, {refused} not raised"));
    if refused > 0 {
        bail!("not all could be raised (the log says why); they are tried again later");
    }
    Ok(())
}
