//! How each database says it: the SQL text of every statement, and the driver that sends it.
//!
//! | room | holds |
//! | --- | --- |
//! | [`syntax`] | the walk that all dialects share, and [`Syntax`], the places where they differ |
//! | [`mssql`] | Microsoft SQL Server, without a driver |
//! | [`mysql`] | MySQL and MariaDB, and with the feature `mysql` their driver |
//! | [`oracle`] | Oracle, text only: it has no driver yet |
//! | [`postgres`] | PostgreSQL, and with the feature `postgres` its driver |
//! | [`types`], [`options`] | what one database has alone, for DDL |
//! | [`sqlite`] | SQLite, and with the feature `sqlite` its driver |
//!
//! Not here: what is asked (`orm-query`), and when it is sent (`orm-core`). Without a feature this crate makes text
//! only: no runtime, nothing async.
//!
//! # A new database
//!
//! One folder with the same file names as [`sqlite`] (for text alone the first four of them, and tests), a module line here, a feature in `Cargo.toml`, and the URL scheme
//! in the facade:
//!
//! 1. `features`: what the database can do, and how many binds and rows a statement takes.
//! 2. `types`: the name of each type in DDL, how a value of it is stored, and which values do not fit. A value that
//!    would come back as another one is a [`CompileError::Value`](orm_query::CompileError::Value).
//! 3. `syntax`: `impl Syntax`, overriding only what the database says otherwise; reserved words. What it cannot do is
//!    a [`CompileError::Unsupported`](orm_query::CompileError::Unsupported): never silence, never a panic, and no
//!    emulation that means something else.
//! 4. `ddl`: the same for CREATE and DROP.
//! 5. `errors`: each error code as an `orm_core::Error`.
//! 6. `driver`: `Driver`, `DriverConnection` and `Cursor` over `sqlx`. It must not lose a value on the way in (count the
//!    placeholders) or on the way out (read the type of the value before the value), and must give back a connection
//!    only without an open transaction, whichever future was dropped.
//! 7. `reflect`: `Reflect`, in a number of statements that does not grow with the tables. What was created must come back
//!    with no `TableDef::differences`, and create the same again.
//! 8. The suite of the workspace, run against it, is the proof.

mod limits;

pub mod mssql;
pub mod mysql;
pub mod options;
pub mod oracle;
pub mod postgres;
pub mod sqlite;
pub mod syntax;
pub mod types;

pub use mssql::MsSql;
pub use mysql::MySql;
pub use oracle::Oracle;
pub use postgres::Postgres;
pub use sqlite::Sqlite;
pub use syntax::Syntax;
