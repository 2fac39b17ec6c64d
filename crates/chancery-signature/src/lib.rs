//! chancery-signature
