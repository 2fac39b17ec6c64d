//! What commands on the server's own machine ask before they act: which organisations there are,
//! and whose a login is.

use chancery_types::Locale;
use chancery_types::id::PersonId;

use crate::app::organisations::OrganisationCard;
use crate::app::{App, AppError};
use crate::domain::actor::Actor;
use crate::store;

impl App {
    /// Every organisation, by name.
    ///
    /// # Errors
    ///
    /// [`AppError::Unavailable`] if the database fails.
    pub async fn list_organisations(&self) -> Result<Vec<OrganisationCard>, AppError> {
        let rows = store::organisations::list_all(self.store.reader()).await?;
        Ok(rows.into_iter().map(OrganisationCard::from).collect())
    }

    /// Whoever logs in with `login`, and the operator in their organisation.
    ///
    /// # Errors
    ///
    /// [`AppError::Hidden`] if nobody does.
    pub async fn find_login(&self, login: &str) -> Result<(Actor, PersonId), AppError> {
        let login = login.trim().to_lowercase();
        let found = store::people::find_by_login(self.store.reader(), &login).await?;
        let person = found.ok_or(AppError::Hidden)?;
        let operator = Actor::operator(person.organisation_id.into(), Locale::En);
        Ok((operator, person.id.into()))
    }
}
