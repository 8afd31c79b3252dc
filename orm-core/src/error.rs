//! The one error of orm.

use std::fmt;
use std::sync::Arc;

use orm_query::{CompileError, DecodeError, ValueError};

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong, to match on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A query that must give a row gave none.
    #[error("no row was found{}, and exactly one was asked for{}", For(.object), At(.statement))]
    NoResultFound {
        /// What was asked for by its key: `User(id = 5)`.
        object: Option<Box<str>>,
        /// The query.
        statement: Option<Box<StatementInfo>>,
    },
    /// A query that must give one row gave more.
    #[error("more than one row was found, and at most one was asked for{}", At(.statement))]
    MultipleResultsFound {
        /// The query.
        statement: Option<Box<StatementInfo>>,
    },
    /// A relationship was read that has not been loaded.
    #[error(
        "`{entity}::{relationship}` is not loaded; add `.options(selectin({entity}::{relationship}))` to the query, \
         or call `session.load(handle, {entity}::{relationship}).await?` first"
    )]
    NotLoaded {
        /// The struct.
        entity: &'static str,
        /// The relationship field.
        relationship: &'static str,
    },
    /// A relationship that the type of a query says to lead to one object leads to none.
    #[error(
        "`{entity}::{relationship}` of {object} leads to no row, and `.loading(…)` says that there is one: its key \
         dangles, or a condition leaves the row out; with a filter, `.loading(selectin({entity}::{relationship})\
         .filter(…))`, it is an `Option`, and `.options(…)` says nothing of it"
    )]
    LeadsNowhere {
        /// The struct.
        entity: &'static str,
        /// The relationship field.
        relationship: &'static str,
        /// The object whose relationship it is.
        object: Box<str>,
    },
    /// A row that the session was to update or delete is not what it was, or is gone.
    #[error(
        "{action} on table `{table}` was expected to match {expected} row(s) and matched {matched}: someone else changed or deleted them"
    )]
    StaleData {
        /// `UPDATE`, `DELETE` or `merge`.
        action: &'static str,
        /// The table.
        table: String,
        /// The rows that should have matched.
        expected: u64,
        /// The rows that did.
        matched: u64,
    },
    /// A constraint refused a change.
    #[error("{kind} violated{}{}: {message}{}", Names { constraint, table, column }, During(.object), At(.statement))]
    Integrity {
        /// Which kind of constraint.
        kind: IntegrityKind,
        /// Its name, where the database tells.
        constraint: Option<Box<str>>,
        /// The table, where the database tells.
        table: Option<Box<str>>,
        /// The column, or the columns between commas, where the database tells.
        column: Option<Box<str>>,
        /// The database's own words.
        message: Box<str>,
        /// The pending object that was being written, where it is known.
        object: Option<Box<str>>,
        /// The statement.
        statement: Option<Box<StatementInfo>>,
    },
    /// The database gave up a transaction that cannot be ordered with others; run it again.
    #[error("the transaction could not be serialized with others: {message}{}", At(.statement))]
    Serialization {
        /// The database's own words.
        message: String,
        /// The statement.
        statement: Option<Box<StatementInfo>>,
    },
    /// Something took too long: a lock, a statement, or the wait for a connection.
    #[error("{what} timed out: {message}{}", At(.statement))]
    Timeout {
        /// What took too long.
        what: TimeoutKind,
        /// The database's own words.
        message: String,
        /// The statement.
        statement: Option<Box<StatementInfo>>,
    },
    /// The database gave up a transaction that waited for another one, which waited for it; run it again.
    #[error("the transaction was given up to end a deadlock: {message}{}", At(.statement))]
    Deadlock {
        /// The database's own words.
        message: String,
        /// The statement.
        statement: Option<Box<StatementInfo>>,
    },
    /// The database cannot be reached, or the connection to it was lost.
    #[error("the database cannot be reached: {message}")]
    Connection {
        /// What the driver says.
        message: String,
    },
    /// The connection was lost within a COMMIT: the transaction is committed or is not, and nobody here knows. It is
    /// never run again by itself; read what it was to write, on another connection, to learn which.
    #[error(
        "the connection was lost while the transaction was committed, and whether it was is not known: {message}; \
         read what it was to write before it is run again"
    )]
    CommitUnknown {
        /// What the driver says.
        message: String,
    },
    /// The database refuses the user or the password.
    #[error("the database refuses the user: {message}")]
    Authentication {
        /// The database's own words.
        message: String,
    },
    /// A value that its column cannot hold.
    #[error("{kind}: {message}{}", At(.statement))]
    Data {
        /// Why.
        kind: DataKind,
        /// The database's own words.
        message: String,
        /// The statement.
        statement: Option<Box<StatementInfo>>,
    },
    /// The disk, or whatever the database lives on, is full.
    #[error("the database is full: {message}{}", At(.statement))]
    Full {
        /// The database's own words.
        message: String,
        /// The statement.
        statement: Option<Box<StatementInfo>>,
    },
    /// The database is not what was expected: a missing table or column, a syntax error.
    #[error("the database refused the statement ({kind}): {message}{}", At(.statement))]
    Statement {
        /// Why.
        kind: StatementKind,
        /// The database's own words.
        message: String,
        /// The statement.
        statement: Option<Box<StatementInfo>>,
    },
    /// The database or the file is read-only.
    #[error("the database is read-only: {message}{}", At(.statement))]
    ReadOnly {
        /// The database's own words.
        message: String,
        /// The statement.
        statement: Option<Box<StatementInfo>>,
    },
    /// A value of a row does not fit the Rust type.
    #[error("{error}{}", At(.statement))]
    Decode {
        /// The column and the types.
        error: DecodeError,
        /// The query.
        statement: Option<Box<StatementInfo>>,
    },
    /// A value cannot be carried from one column to another.
    #[error("column `{table}.{column}`: {error}")]
    Value {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The types.
        error: ValueError,
    },
    /// The database has no such thing.
    #[error("{dialect} has no {feature}{}", .hint.map(|h| format!("; {h}")).unwrap_or_default())]
    Unsupported {
        /// The dialect.
        dialect: &'static str,
        /// The SQL construct.
        feature: &'static str,
        /// What to do instead.
        hint: Option<&'static str>,
    },
    /// The statement cannot be compiled.
    #[error(transparent)]
    Compile(CompileError),
    /// The URL of a database cannot be read.
    #[error("the database URL `{url}` is not valid: {reason}")]
    Url {
        /// The URL, without its password.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A use of the session that its state does not allow.
    #[error("{0}")]
    Session(SessionError),
    /// A query cannot be read page by page, or partition by partition.
    #[error(transparent)]
    Paging(#[from] crate::PagingError),
    /// A listener of the session did not let something happen.
    #[error("a listener of `{event}` refused{}: {source}", .entity.map(|e| format!(" a `{e}`")).unwrap_or_default())]
    Listener {
        /// The event.
        event: &'static str,
        /// The struct of the object, where the event is about one.
        entity: Option<&'static str>,
        /// What the listener gave back.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Anything else that the database or its driver says.
    #[error("{message}{}", At(.statement))]
    Database {
        /// The database's own words.
        message: String,
        /// The database's own code.
        code: Option<String>,
        /// The statement.
        statement: Option<Box<StatementInfo>>,
    },
}

/// A use of the session that its state does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// A flush or a statement failed inside the transaction.
    #[error(
        "the session's transaction failed ({cause}); call `session.rollback().await?` before anything else"
    )]
    NeedsRollback {
        /// The error that it failed with.
        cause: String,
    },
    /// The session has something to write, and its transactions may only read.
    #[error(
        "the session's transactions are read-only, and this is to be written: {step}; write in a session that may"
    )]
    ReadOnly {
        /// The first step of the flush.
        step: String,
    },
    /// The handle's object is not in this session (any more).
    #[error("this handle of `{entity}` is not in the session: {reason}")]
    NotInSession {
        /// The struct.
        entity: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// Two objects with one key.
    #[error(
        "another `{entity}` with the key {key} is already in the session; use `session.merge(…)` to bring both together"
    )]
    DuplicateKey {
        /// The struct.
        entity: &'static str,
        /// The key.
        key: String,
    },
    /// A value that was to be attached stands for no row.
    #[error(
        "`{entity}` cannot be attached: its key column `{column}` has no value, so that it stands for no row; \
         use `session.add(…)` for a new object, or `session.merge(…)` where there are new ones among its children"
    )]
    NoIdentity {
        /// The struct.
        entity: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A column of the primary key has no value at flush.
    #[error(
        "`{entity}` cannot be inserted: its key column `{column}` has no value, and the database does not generate one"
    )]
    NoKey {
        /// The struct.
        entity: &'static str,
        /// The column.
        column: String,
    },
    /// The generated key of a persistent object was set back to nothing.
    #[error(
        "the primary key of a persistent `{entity}` was {from} and is unset now: a row keeps its key, or gets another one; `delete` it and `add` a new object"
    )]
    KeyUnset {
        /// The struct.
        entity: &'static str,
        /// The key it has in the database.
        from: String,
    },
    /// A to-one relationship whose key column is NOT NULL has no target at flush.
    #[error(
        "`{entity}` cannot be inserted: `{relationship}` has no target, and its column `{column}` is NOT NULL"
    )]
    NoParent {
        /// The struct.
        entity: &'static str,
        /// The relationship field.
        relationship: String,
        /// The foreign-key column.
        column: String,
    },
    /// A parent is deleted whose children can neither be deleted nor live without it.
    #[error(
        "`{entity}` cannot be deleted: its `{relationship}` still has `{child}` objects whose column `{column}` is NOT NULL; \
         add `cascade = \"all, delete-orphan\"` to the relationship, or `passive_deletes` where the database cascades, \
         or delete or move them first"
    )]
    NotNullChildren {
        /// The parent's struct.
        entity: &'static str,
        /// The relationship field.
        relationship: &'static str,
        /// The child's struct.
        child: &'static str,
        /// The foreign-key column.
        column: String,
    },
    /// Rows that wait for each other, by these relationships.
    #[error(
        "new objects wait for each other's keys in a circle, by {0}: declare `post_update` on one of these relationships"
    )]
    CircularDependency(String),
    /// A relationship was to be loaded that its mapping, or an option of the query that read the object, does not let be
    /// loaded on demand.
    #[error(
        "`{entity}::{relationship}` is not loaded on demand{}: `raise` stands in its mapping, or among the options of the query that \
         read the object; load it with the query, by `.options(selectin({entity}::{relationship}))`, or by \
         `session.load(…, selectin({entity}::{relationship}))`",
        if *.sql_only { " where that takes SQL" } else { "" }
    )]
    LoadRefused {
        /// The struct that has the relationship.
        entity: &'static str,
        /// The relationship field.
        relationship: &'static str,
        /// Whether it would be given where it took no SQL: `raise_on_sql`.
        sql_only: bool,
    },
    /// In a [strict](crate::Session::strict) session one line reads for one object after the other what one statement
    /// would read for all.
    #[error(
        "`{what}` is {} one by one, for {objects} objects so far, at {location}: {}",
        if *.is_get { "read" } else { "loaded" },
        one_by_one_hint(what, *.is_get)
    )]
    OneByOne {
        /// What is read: `User::addresses`, or `User` by its keys.
        what: String,
        /// The line.
        location: &'static std::panic::Location<'static>,
        /// For how many objects, the refused one included.
        objects: usize,
        /// Whether it is [`get`](crate::Session::get).
        is_get: bool,
    },
    /// [`Synchronize::Evaluate`](orm_query::typed::Synchronize::Evaluate) was asked for, and Rust cannot tell which
    /// objects the statement matches.
    #[error(
        "{construct} cannot be evaluated in Rust, as `Synchronize::Evaluate` asks for; use `Synchronize::Fetch`, which asks \
         the database, or `Synchronize::Auto`, which chooses"
    )]
    NotEvaluable {
        /// What is not certain in Rust.
        construct: String,
    },
    /// A column that a query left out with `raise` was to be read later.
    #[error(
        "`{entity}::{column}` was left out by an option with `raise`: read it by `.options(undefer({entity}::{column}))` on the query"
    )]
    ColumnRefused {
        /// The struct.
        entity: &'static str,
        /// The column.
        column: String,
    },
    /// Anything else, in words.
    #[error("{0}")]
    Misuse(String),
}

fn one_by_one_hint(what: &str, is_get: bool) -> String {
    if is_get {
        format!("read them by one query, `select({what}).filter(….in_(keys))`")
    } else {
        format!(
            "load it with the query, by `.options(selectin({what}))`, or for all of them by `session.load_many(&handles, {what})`"
        )
    }
}

/// The kind of a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IntegrityKind {
    /// A value that must be unique stands there already.
    Unique,
    /// A row that is referenced does not exist, or is still referenced.
    ForeignKey,
    /// A NULL where none is allowed.
    NotNull,
    /// A CHECK constraint.
    Check,
    /// A row that excludes another one stands there already.
    Exclusion,
    /// Any other constraint.
    Other,
}

impl fmt::Display for IntegrityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IntegrityKind::Unique => "a unique constraint was",
            IntegrityKind::ForeignKey => "a foreign key was",
            IntegrityKind::NotNull => "a NOT NULL constraint was",
            IntegrityKind::Check => "a check constraint was",
            IntegrityKind::Exclusion => "an exclusion constraint was",
            IntegrityKind::Other => "a constraint was",
        })
    }
}

/// Why a column cannot hold a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DataKind {
    /// A text or bytes that are longer than the column.
    TooLong,
    /// A number or a date out of range.
    OutOfRange,
    /// A text that cannot be read as the column's type.
    Malformed,
    /// A division by zero.
    DivisionByZero,
}

impl fmt::Display for DataKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DataKind::TooLong => "a value is too long for its column",
            DataKind::OutOfRange => "a value is out of range",
            DataKind::Malformed => "a value cannot be read as the column's type",
            DataKind::DivisionByZero => "a division by zero",
        })
    }
}

/// What took too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutKind {
    /// Another transaction holds the database, the table or the row.
    Lock,
    /// The statement ran past its limit.
    Statement,
    /// All connections of the pool are in use.
    Pool,
}

impl fmt::Display for TimeoutKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TimeoutKind::Lock => "waiting for a lock",
            TimeoutKind::Statement => "the statement",
            TimeoutKind::Pool => "waiting for a connection of the pool",
        })
    }
}

/// Why a database refuses a statement before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatementKind {
    /// It is not SQL to this database.
    Syntax,
    /// No such table.
    NoSuchTable,
    /// No such column.
    NoSuchColumn,
    /// The table or index is there already.
    AlreadyExists,
    /// The user may not do it.
    PermissionDenied,
    /// The transaction has failed before, and takes nothing but a rollback.
    FailedTransaction,
}

impl fmt::Display for StatementKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StatementKind::Syntax => "syntax",
            StatementKind::NoSuchTable => "no such table",
            StatementKind::NoSuchColumn => "no such column",
            StatementKind::AlreadyExists => "already exists",
            StatementKind::PermissionDenied => "permission denied",
            StatementKind::FailedTransaction => "the transaction has failed before",
        })
    }
}

/// The statement that an error is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementInfo {
    /// Its SQL.
    pub sql: Arc<str>,
    /// Its values as Rust prints them; empty with `hide_parameters`.
    pub parameters: String,
}

impl Error {
    /// This error with the statement that it is about, where it has a place for one and none yet.
    #[must_use]
    pub fn with_statement(mut self, info: impl FnOnce() -> StatementInfo) -> Self {
        if let Some(place @ None) = self.statement_mut() {
            *place = Some(Box::new(info()));
        }
        self
    }

    /// The statement that the error is about.
    pub fn statement(&self) -> Option<&StatementInfo> {
        match self {
            Error::NoResultFound { statement, .. }
            | Error::MultipleResultsFound { statement }
            | Error::Integrity { statement, .. }
            | Error::Serialization { statement, .. }
            | Error::Deadlock { statement, .. }
            | Error::Data { statement, .. }
            | Error::Full { statement, .. }
            | Error::Timeout { statement, .. }
            | Error::Statement { statement, .. }
            | Error::ReadOnly { statement, .. }
            | Error::Decode { statement, .. }
            | Error::Database { statement, .. } => statement.as_deref(),
            _ => None,
        }
    }

    fn statement_mut(&mut self) -> Option<&mut Option<Box<StatementInfo>>> {
        match self {
            Error::NoResultFound { statement, .. }
            | Error::MultipleResultsFound { statement }
            | Error::Integrity { statement, .. }
            | Error::Serialization { statement, .. }
            | Error::Deadlock { statement, .. }
            | Error::Data { statement, .. }
            | Error::Full { statement, .. }
            | Error::Timeout { statement, .. }
            | Error::Statement { statement, .. }
            | Error::ReadOnly { statement, .. }
            | Error::Decode { statement, .. }
            | Error::Database { statement, .. } => Some(statement),
            _ => None,
        }
    }

    /// The error of a listener that does I/O, such as one of `before_flush`, which thereby ends what was under way. The
    /// session puts in which event it was.
    ///
    /// ```
    /// let error = orm::Error::listener("no more users");
    /// assert_eq!(error.to_string(), "a listener of `an event` refused: no more users");
    /// ```
    pub fn listener(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Error::Listener { event: UNNAMED_LISTENER, entity: None, source: source.into() }
    }

    /// Whether the same transaction may succeed when it is run again.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Error::Serialization { .. }
                | Error::Deadlock { .. }
                | Error::Timeout { what: TimeoutKind::Lock, .. }
        )
    }

    /// Whether the connection is gone.
    pub fn is_disconnect(&self) -> bool {
        matches!(self, Error::Connection { .. } | Error::CommitUnknown { .. })
    }
}

/// The event of a listener that does not know where it stands.
pub(crate) const UNNAMED_LISTENER: &str = "an event";

impl From<CompileError> for Error {
    fn from(error: CompileError) -> Self {
        match error {
            CompileError::Unsupported { dialect, feature, hint } => {
                Error::Unsupported { dialect, feature, hint }
            }
            error => Error::Compile(error),
        }
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Error::Decode { error, statement: None }
    }
}

impl From<SessionError> for Error {
    fn from(error: SessionError) -> Self {
        Error::Session(error)
    }
}

/// At most this much of a statement is shown; [`StatementInfo`] has all of it.
const SHOWN: usize = 2_000;

/// ` [SQL: … parameters: …]` behind a message.
struct At<'a>(&'a Option<Box<StatementInfo>>);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(info) = self.0 else { return Ok(()) };
        match info.sql.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(f, " [SQL: {}… ({} characters)]", &info.sql[..end], info.sql.len())?,
            None => write!(f, " [SQL: {}]", info.sql)?,
        }
        if !info.parameters.is_empty() {
            write!(f, " [parameters: {}]", info.parameters)?;
        }
        Ok(())
    }
}

/// ` while writing User(…)` behind a message.
struct For<'a>(&'a Option<Box<str>>);

impl fmt::Display for For<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |object| write!(f, " for `{object}`"))
    }
}

struct During<'a>(&'a Option<Box<str>>);

impl fmt::Display for During<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().map_or(Ok(()), |object| write!(f, " while writing {object}"))
    }
}

struct Names<'a> {
    constraint: &'a Option<Box<str>>,
    table: &'a Option<Box<str>>,
    column: &'a Option<Box<str>>,
}

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (word, name) in [("constraint", self.constraint), ("table", self.table), ("column", self.column)]
        {
            if let Some(name) = name {
                write!(f, " ({word} `{name}`)")?;
            }
        }
        Ok(())
    }
}

// Small enough to be returned by value everywhere; clippy's limit is 128.
const _: () = assert!(size_of::<Error>() <= 120);
