//! How statements run, and how objects are tracked; names no database.
//!
//! | room | holds |
//! | --- | --- |
//! | [`Engine`], [`Connection`] | the pool, transactions, owned results: Core |
//! | [`MetaData`] | creating and dropping tables |
//! | [`Session`] | tracked objects, identity map, unit of work, loading: the ORM |
//! | [`driver`] | the seam to a database |
//! | [`Error`] | what can go wrong |
//!
//! Not here: SQL text, any database's name, and what a statement is (`orm-query`).

pub mod driver;
pub mod session;

mod connection;
mod engine;
mod error;
mod metadata;

pub use connection::{Connection, Executor, Lease, RowStream};
pub use engine::{Drivers, Engine, EngineBuilder};
pub use error::{Error, IntegrityKind, Result, SessionError, StatementInfo, StatementKind, TimeoutKind};
pub use metadata::MetaData;
pub use session::{Handle, Savepoint, Scoped, Session, View, Views};
