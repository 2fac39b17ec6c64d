//! chancery-workflow
