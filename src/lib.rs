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
    ByKey, ByNumber, ByOffset, Change, Collection, Connection, Cursor, DataKind, EngineBuilder, Error,
    Events, ExecuteState, Execution, Executor, Get, GetOne, Handle, History, Inspector, IntegrityKind,
    LoadedHandle, LoadedView, LoadedViews, MetaData, NamingConvention, Nested, NoAutoflush, ObjectState,
    Objects, OneByOne, Page, Pages, Paging, PagingError, Partitions, PoolStatus, ReflectTable, Refresh,
    Result, RolledBack, RowPartitions, RowStream, Rows, Savepoint, Scoped, Session, SessionError,
    SessionEvents, SessionMaker, StatementInfo, StatementKind, TimeoutKind, TransactionOptions, View, Views,
    driver, metadata, paginate, session,
};
pub use orm_derive::{Mapped, Record, SqlType};
pub use orm_query::tree::{DateField, FrameExclusion};
pub use orm_query::typed::{
    AliasOf, ArrayOperators, Attribute, Attributes, Bindings, BooleanOperators, Column, ContainerOperators,
    Conversion, CustomOperators, Expr, Expression, FrameEnd, HstoreOperators, JsonOperators, JsonbOperators,
    Loaded, LoadedRef, LoadedRefs, Mappings, NumberOperators, Over, Projection, Query, RangeOperators,
    Relationship, RowMapping, Select, Source, StatementOptions, Synchronize, Table, Text, TextOperators,
    Tuple, all_, any_, array, avg, case, case_value, contains_eager, count, create_table_as, create_view,
    cube, cume_dist, default_load, defer, delete, dense_rank, drop_view, empty_set, excluded, exists,
    extract, false_, first_value, func, functions, grouping, grouping_sets, immediate, inline, insert,
    joined, label, lag, lag_by, lag_or, last_value, lazy, lead, lead_by, lead_or, literal, literal_column,
    load_only, max, merge, min, noload, nth_value, ntile, null, param, param_list, param_or, percent_rank,
    plainto_tsquery, raise, raise_all, raise_all_of, raise_on_sql, rank, rollup, row_number, select,
    selectin, subquery, sum, text, to_tsquery, to_tsvector, true_, ts_rank, tuple, undefer, undefer_group,
    update, with_criteria, with_expression,
};
pub use orm_query::typed::{
    Compound, Cte, Derived, IntoRecord, JoinGroup, Joinable, Nameable, QueryExpression, Record, RecordRow,
    Sample, TableFunction, Values, join_group, tablesample, values,
};
pub use orm_query::typed::{RelationshipOperators, with_parent};
pub use orm_query::{
    ArrayElement, Auto, Bind, BitString, CompileError, Compiled, Converted, DataType, DecodeError, Deferred,
    Dialect, ElementType, EnumType, ExecutionOptions, Features, Field, Hstore, Inet, Interval,
    IsolationLevel, Jsonb, LikeCase, Many, Mapped, MultiRange, One, Range, RangeElement, RangeType,
    RegConfig, Row, SqlType, TsQuery, TsVector, TypeDecorator, Value, ValueError, WriteOnly, alias, dynamic,
    loads, mapping, schema, tree, typed,
};

/// Types of columns by the names that they have in the SQL standard, and those of single databases, for
/// [`ColumnDef::declared`](schema::ColumnDef::declared).
pub mod types {
    pub use orm_dialects::types::{mssql, mysql, oracle, postgres, sqlite};
    pub use orm_query::types::{
        binary, blob, char, datetime, datetime_tz, decimal, double, float, nchar, numeric, nvarchar, real,
        text, time, timestamp, timestamp_tz, varbinary, varchar,
    };
}

/// What single databases have beyond SQL, for the `option` methods of tables, columns, constraints and indexes.
pub mod options {
    pub use orm_dialects::options::{mssql, mysql, oracle, postgres, sqlite};
}

/// What only PostgreSQL has: COPY, LISTEN and NOTIFY.
#[cfg(feature = "postgres")]
pub mod postgres {
    pub use orm_dialects::postgres::{Listener, Notification, copy_in, copy_in_raw, copy_out_raw, notify};
}

pub use orm_dialects::{MsSql, Oracle};

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

/// Owned children of a [`WriteOnly`] field: `write_only![Song { … }, Song { … }]`.
#[macro_export]
macro_rules! write_only {
    ($($child:expr),* $(,)?) => {
        $crate::WriteOnly::from(::std::vec![$($child),*])
    };
}

/// What most programs use: `use orm::prelude::*;`.
pub mod prelude {
    pub use crate::{
        ArrayOperators as _, Auto, Bindings, BooleanOperators as _, Connection, ContainerOperators as _,
        Conversion, CustomOperators as _, Deferred, Engine, Expression, Handle, HstoreOperators as _,
        JsonOperators as _, JsonbOperators as _, Many, Mapped, MetaData, NumberOperators as _, One,
        RangeOperators as _, RelationshipOperators as _, Session, SessionMaker, SqlType, Synchronize,
        TextOperators as _, View, alias, all_, any_, array, avg, case, count, default, delete, excluded,
        exists, false_, func, functions, insert, joined, literal, many, max, merge, metadata, min, paginate,
        select, selectin, sum, text, true_, tuple, update,
    };
    pub use crate::{QueryExpression, Record, values};
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
