//! How a statement is to be run, apart from what it says.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How one statement is run; given by [`execution_options`](crate::typed::StatementOptions::execution_options).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct ExecutionOptions {
    /// How long the database may work on the statement; then it is an error of a statement timeout.
    pub timeout: Option<Duration>,
    /// The isolation of the transaction that the statement begins; an error inside of one.
    pub isolation: Option<IsolationLevel>,
    /// How many rows a stream fetches at a time from a cursor on the server.
    pub batch: Option<usize>,
}

impl ExecutionOptions {
    /// Nothing but the defaults.
    pub const fn new() -> Self {
        ExecutionOptions { timeout: None, isolation: None, batch: None }
    }

    /// How long the database may work on the statement.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The isolation of the transaction that the statement begins.
    #[must_use]
    pub const fn isolation(mut self, level: IsolationLevel) -> Self {
        self.isolation = Some(level);
        self
    }

    /// How many rows a stream fetches at a time.
    #[must_use]
    pub const fn batch(mut self, rows: usize) -> Self {
        self.batch = Some(rows);
        self
    }
}

/// What a transaction may see of others, in SQL's levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum IsolationLevel {
    /// `READ UNCOMMITTED`
    ReadUncommitted,
    /// `READ COMMITTED`
    ReadCommitted,
    /// `REPEATABLE READ`
    RepeatableRead,
    /// `SNAPSHOT`
    Snapshot,
    /// `SERIALIZABLE`
    Serializable,
}

impl IsolationLevel {
    /// The words in SQL.
    pub const fn sql(self) -> &'static str {
        match self {
            IsolationLevel::ReadUncommitted => "READ UNCOMMITTED",
            IsolationLevel::ReadCommitted => "READ COMMITTED",
            IsolationLevel::RepeatableRead => "REPEATABLE READ",
            IsolationLevel::Snapshot => "SNAPSHOT",
            IsolationLevel::Serializable => "SERIALIZABLE",
        }
    }
}

impl fmt::Display for IsolationLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sql())
    }
}

impl FromStr for IsolationLevel {
    type Err = String;

    /// SQL's words in any case, with spaces, `_` or `-` between them.
    fn from_str(text: &str) -> Result<Self, String> {
        let words = text.trim().to_ascii_uppercase().replace(['_', '-'], " ");
        [
            IsolationLevel::ReadUncommitted,
            IsolationLevel::ReadCommitted,
            IsolationLevel::RepeatableRead,
            IsolationLevel::Snapshot,
            IsolationLevel::Serializable,
        ]
        .into_iter()
        .find(|level| level.sql() == words)
        .ok_or_else(|| format!("`{text}` is no isolation level"))
    }
}
