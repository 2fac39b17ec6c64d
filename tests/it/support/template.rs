//! The house that every house under test begins as.
//!
//! Migrations and seeds are the same for every test, so each kind of database makes them once in a
//! process, and a test begins on a copy of the rows that they left.

use tokio::sync::OnceCell;

use super::backend::{Backend, Copied, Place};
use super::seed::{self, House};
use super::start_app;

static SQLITE: OnceCell<Template> = OnceCell::const_new();
static POSTGRES: OnceCell<Template> = OnceCell::const_new();

/// A migrated and seeded house that nobody uses.
pub struct Template {
    /// Its rows.
    pub copied: Copied,
    /// Who is in the organisation most tests use.
    pub vector: House,
    /// Who is in the other.
    pub northwind: House,
}

impl Template {
    /// The one of this kind of database; the first who asks makes it.
    pub async fn of(backend: &Backend) -> &'static Self {
        let cell = match backend {
            Backend::Sqlite => &SQLITE,
            Backend::Postgres(_) => &POSTGRES,
        };
        cell.get_or_init(|| Self::make(backend)).await
    }

    async fn make(backend: &Backend) -> Self {
        let place = Place::make(backend).await;
        let app = start_app(place.config()).await;
        let vector = seed::vector(&app).await;
        let northwind = seed::northwind(&app).await;
        app.store.close().await.expect("closed");
        Self {
            copied: place.copied(),
            vector,
            northwind,
        }
    }
}
