//! What is told of a counterparty's contact.

use serde::{Deserialize, Serialize};

/// `contact-moved`: to the initiator of a document that names the contact.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ContactMoved {
    /// The organisation.
    pub organisation_name: String,
    /// The document.
    pub document_title: String,
    /// Whose contact it is.
    pub counterparty_name: String,
    /// The contact.
    pub contact_name: String,
    /// Who changed the address.
    pub changed_by: String,
    /// The address before.
    pub address_before: String,
    /// The address that links go to from now on.
    pub address_after: String,
    /// The document's page.
    pub url: String,
}
