//! chancery-pdf
