//! SQLAlchemy 2.0 for Rust: typed queries, a Session with an identity map, and a unit of work.
//!
//! Two layers, as in SQLAlchemy. **Core** ([`Engine`], [`Connection`], [`MetaData`], [`select`] and its like) is usable
//! alone and gives owned values. The **ORM** ([`Mapped`], [`Session`], [`Handle`]) tracks objects on top of it. What
//! SQLAlchemy reports at run time is a compile error here wherever types can say it.
//!
//! ```
//! use orm::prelude::*;
//!
//! #[derive(Mapped, Debug, Clone, Default)]
//! #[mapped(table = "user_account")]
//! struct User {
//!     #[column(primary_key)]
//!     id: i64,
//!     name: String,
//!     #[relationship(back_populates = user, cascade = "all, delete-orphan")]
//!     addresses: Many<Address>,
//! }
//!
//! #[derive(Mapped, Debug, Clone, Default)]
//! struct Address {
//!     #[column(primary_key)]
//!     id: i64,
//!     email: String,
//!     #[column(foreign_key = User::id)]
//!     user_id: i64,
//!     #[relationship(back_populates = addresses)]
//!     user: One<User>,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> orm::Result<()> {
//! let engine = Engine::new("sqlite::memory:")?;
//! metadata![User, Address].create_all(&engine).await?;
//!
//! let mut session = Session::new(&engine);
//! let sandy = session.add(User {
//!     name: "sandy".into(),
//!     addresses: many![Address { email: "sandy@example.org".into(), ..default() }],
//!     ..default()
//! });
//! session.commit().await?;
//!
//! let query = select(User).join(User::addresses).filter(Address::email.ends_with("example.org"));
//! assert_eq!(session.one(query).await?, sandy);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | `sqlite` (default) | SQLite, embedded: nothing to install |
//! | `postgres` | PostgreSQL 13 and newer |
//! | `mysql` | MariaDB 10.5 and newer, MySQL 8 |
//! | `tls` | encrypted connections to servers |

use std::sync::Arc;

use orm_core::driver::{Driver, DriverOptions};

pub use orm_core::{
    Change, Connection, DataKind, EngineBuilder, Error, Events, ExecuteState, Execution, Executor, Get,
    GetOne, Handle, History, Inspector, IntegrityKind, MetaData, NamingConvention, Nested, NoAutoflush,
    ObjectState, Objects, PoolStatus, ReflectTable, Refresh, Result, RolledBack, RowStream, Rows, Savepoint,
    Scoped, Session, SessionError, SessionEvents, SessionMaker, StatementInfo, StatementKind, TimeoutKind,
    TransactionOptions, View, Views, driver, metadata, session,
};
pub use orm_derive::{Mapped, SqlType};
pub use orm_query::typed::{
    AliasOf, Attribute, Attributes, Column, Expr, Expression, Mappings, Over, Projection, Query,
    Relationship, RowMapping, Select, Source, StatementOptions, Synchronize, Table, Text, avg, case, count,
    delete, dense_rank, excluded, exists, func, functions, insert, joined, literal, max, min, rank,
    row_number, select, selectin, sum, text, update,
};
pub use orm_query::{
    ArrayElement, Auto, Bind, BitString, CompileError, Compiled, DataType, DecodeError, Dialect, ElementType,
    EnumType, ExecutionOptions, Features, Field, Hstore, Inet, Interval, IsolationLevel, Jsonb, LikeCase,
    Many, Mapped, One, Range, RangeElement, RangeType, Row, SqlType, TypeDecorator, Value, ValueError, alias,
    mapping, schema, tree, typed,
};

/// What only PostgreSQL has: COPY, LISTEN and NOTIFY.
#[cfg(feature = "postgres")]
pub mod postgres {
    pub use orm_dialects::postgres::{Listener, Notification, copy_in, copy_in_raw, copy_out_raw, notify};
}

#[cfg(feature = "mysql")]
pub use orm_dialects::MySql;
#[cfg(feature = "postgres")]
pub use orm_dialects::Postgres;
#[cfg(feature = "sqlite")]
pub use orm_dialects::Sqlite;

/// A database and its pool of connections, with the drivers that this build has. See [`orm_core::Engine`].
///
/// | URL | database |
/// | --- | --- |
/// | `sqlite::memory:` | a SQLite database in memory, one for each engine, shared by its connections |
/// | `sqlite://app.db?mode=rwc` | a SQLite file, made where it is not there |
/// | `postgres://user:password@host/database` | PostgreSQL |
/// | `mysql://user:password@host/database` | MySQL or MariaDB, whichever answers |
pub type Engine = orm_core::Engine<Drivers>;

/// The drivers that this build has, chosen by features.
#[derive(Debug)]
pub enum Drivers {}

impl orm_core::Drivers for Drivers {
    fn open(url: &str, options: &DriverOptions) -> Result<Arc<dyn Driver>> {
        let _ = options;
        match url.split(':').next().unwrap_or_default() {
            #[cfg(feature = "sqlite")]
            "sqlite" => Ok(Arc::new(orm_dialects::sqlite::driver::SqliteDriver::new(url, options.clone())?)),
            #[cfg(feature = "postgres")]
            "postgres" | "postgresql" => {
                Ok(Arc::new(orm_dialects::postgres::driver::PostgresDriver::new(url, options.clone())?))
            }
            #[cfg(feature = "mysql")]
            "mysql" | "mariadb" => {
                Ok(Arc::new(orm_dialects::mysql::driver::MySqlDriver::new(url, options.clone())?))
            }
            _ => Err(Error::unknown_scheme(url, SCHEMES)),
        }
    }
}

/// The schemes of URLs that this build knows.
const SCHEMES: &[&str] = &[
    #[cfg(feature = "sqlite")]
    "sqlite",
    #[cfg(feature = "postgres")]
    "postgres",
    #[cfg(feature = "postgres")]
    "postgresql",
    #[cfg(feature = "mysql")]
    "mysql",
    #[cfg(feature = "mysql")]
    "mariadb",
];

/// `T::default()`, for the rest of a struct literal: `User { name: "x".into(), ..default() }`.
pub fn default<T: Default>() -> T {
    T::default()
}

/// Owned children of a [`Many`] field: `many![Address { … }, Address { … }]`.
#[macro_export]
macro_rules! many {
    ($($child:expr),* $(,)?) => {
        $crate::Many::from(::std::vec![$($child),*])
    };
}

/// What most programs use: `use orm::prelude::*;`.
pub mod prelude {
    pub use crate::{
        Auto, Connection, Engine, Expression, Handle, Many, Mapped, MetaData, One, Session, SessionMaker,
        SqlType, Synchronize, View, alias, avg, case, count, default, delete, excluded, exists, func,
        functions, insert, joined, literal, many, max, metadata, min, select, selectin, sum, text, update,
    };
}

/// What generated code calls; not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use orm_query::mapping::*;
    pub use orm_query::schema::{self, *};
    pub use orm_query::tree;
    pub use orm_query::typed::*;
    pub use orm_query::*;
}

/// The code of the README and of the guide runs with the tests.
#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../README.md")]
    struct Readme;

    #[doc = include_str!("../docs/GUIDE.md")]
    struct Guide;
}
