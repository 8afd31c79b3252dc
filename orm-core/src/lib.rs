//! How it runs.
pub mod driver;
mod error;
pub use error::{Error, IntegrityKind, Result, SessionError, StatementInfo, StatementKind, TimeoutKind};
