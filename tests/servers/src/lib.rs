//! The database servers that the tests run on: found, or started.
//!
//! [`find`] looks for a [`Kind`] at its URL variable, then on its standard port, and last starts it from installed
//! programs; `tests/servers/install` fetches those that no distribution ships. A server that was started is shared by all
//! test processes of a run, and stops by itself some minutes after the last of them. [`Private`] is a server of one's own,
//! to be killed and started again. [`report`] keeps what each case came to on each database.
//!
//! Unix only.

mod installed;
mod kind;
mod place;
mod private;
mod process;
mod query;
pub mod report;
mod server;
mod shared;
mod start;
mod watchdog;

pub use kind::Kind;
pub use private::Private;
pub use server::{FoundBy, Missing, Server, find, look, required};
pub use shared::stop_all;
