//! What a search among stored signatures looks into.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::Uuid;
use sea_orm_migration::sea_orm::{ConnectionTrait, FromQueryResult};

/// `signature_checks.search_text`: the signer's name and organisation, case-folded. Neither
/// database folds Cyrillic by itself, so what is there is folded here.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Whom a row names.
#[derive(FromQueryResult)]
struct Named {
    id: Uuid,
    signer_name: Option<String>,
    signer_organisation: Option<String>,
}

#[derive(DeriveIden)]
enum SignatureChecks {
    Table,
    Id,
    SignerName,
    SignerOrganisation,
    SearchText,
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        let sql = "ALTER TABLE signature_checks ADD COLUMN search_text text NOT NULL DEFAULT ''";
        connection.execute_unprepared(sql).await?;
        let mut named = Query::select();
        named.from(SignatureChecks::Table).columns([
            SignatureChecks::Id,
            SignatureChecks::SignerName,
            SignatureChecks::SignerOrganisation,
        ]);
        for row in connection.query_all(&named).await? {
            let row = Named::from_query_result(&row, "")?;
            let names = [row.signer_name, row.signer_organisation];
            let names: Vec<String> = names.into_iter().flatten().collect();
            let mut update = Query::update();
            update
                .table(SignatureChecks::Table)
                .value(SignatureChecks::SearchText, names.join(" ").to_lowercase())
                .and_where(Expr::col(SignatureChecks::Id).eq(row.id));
            connection.execute(&update).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = "ALTER TABLE signature_checks DROP COLUMN search_text";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }
}
