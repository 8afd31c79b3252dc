//! How statements run, and how objects are tracked; names no database.
//!
//! | room | holds |
//! | --- | --- |
//! | [`Engine`], [`Connection`] | the pool, transactions, owned results: Core |
//! | [`MetaData`] | creating and dropping tables |
//! | [`Session`] | tracked objects, identity map, unit of work, loading: the ORM |
//! | [`Page`], [`Cursor`] | a part of a query's rows at a time |
//! | [`driver`] | the seam to a database |
//! | [`Error`] | what can go wrong |
//!
//! Not here: SQL text, any database's name, and what a statement is (`orm-query`).

pub mod driver;
pub mod session;

mod connection;
mod engine;
mod error;
mod events;
mod inspector;
mod metadata;
mod paging;
mod pool;

pub mod reflect;

pub use connection::{Connection, Executor, Lease, Nested, RowPartitions, RowStream, Rows};
pub use driver::TransactionOptions;
pub use engine::{Drivers, Engine, EngineBuilder};
pub use error::{
    DataKind, Error, IntegrityKind, Result, SessionError, StatementInfo, StatementKind, TimeoutKind,
};
pub use events::{Events, Execution};
pub use inspector::{Inspector, ReflectTable};
pub use metadata::{MetaData, NamingConvention};
pub use paging::{ByKey, ByNumber, ByOffset, Cursor, Page, Pages, Paging, PagingError, paginate};
pub use pool::PoolStatus;
pub use session::{
    Change, Collection, ExecuteState, Get, GetOne, Handle, History, LoadedHandle, LoadedView, LoadedViews,
    NoAutoflush, ObjectState, Objects, OneByOne, Partitions, Refresh, RolledBack, Savepoint, Scoped, Session,
    SessionEvents, SessionMaker, View, Views,
};
