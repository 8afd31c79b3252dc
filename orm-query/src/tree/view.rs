use super::{Query, TableRef};
use crate::schema::{List, Name, OnCommit};

/// `CREATE VIEW`
///
/// What its query binds stands in the text, as a view keeps no values.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateView {
    /// The view.
    pub view: TableRef,
    /// The names of its columns; those of the query where there is none.
    pub columns: List<Name>,
    /// What gives its rows.
    pub query: Query,
    /// `OR REPLACE`
    pub or_replace: bool,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// Whether it is the connection's alone.
    pub temporary: bool,
    /// Whether its rows are kept, until they are refreshed.
    pub materialized: bool,
}

impl CreateView {
    /// A view of a query.
    pub fn new(view: TableRef, query: impl Into<Query>) -> Self {
        CreateView {
            view,
            columns: List::Borrowed(&[]),
            query: query.into(),
            or_replace: false,
            if_not_exists: false,
            temporary: false,
            materialized: false,
        }
    }

    /// Names its columns.
    #[must_use]
    pub fn columns<N: Into<Name>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.columns = names.into_iter().map(Into::into).collect();
        self
    }

    /// `OR REPLACE`
    #[must_use]
    pub fn or_replace(mut self) -> Self {
        self.or_replace = true;
        self
    }

    /// `IF NOT EXISTS`
    #[must_use]
    pub fn if_not_exists(mut self) -> Self {
        self.if_not_exists = true;
        self
    }

    /// Makes it the connection's alone.
    #[must_use]
    pub fn temporary(mut self) -> Self {
        self.temporary = true;
        self
    }

    /// Keeps its rows, until they are refreshed.
    #[must_use]
    pub fn materialized(mut self) -> Self {
        self.materialized = true;
        self
    }
}

/// `DROP VIEW`
#[derive(Debug, Clone, PartialEq)]
pub struct DropView {
    /// The view.
    pub view: TableRef,
    /// `IF EXISTS`
    pub if_exists: bool,
    /// Whether what depends on it goes too.
    pub cascade: bool,
    /// Whether it keeps its rows.
    pub materialized: bool,
}

impl DropView {
    /// Drops a view.
    pub fn new(view: TableRef) -> Self {
        DropView { view, if_exists: false, cascade: false, materialized: false }
    }

    /// `IF EXISTS`
    #[must_use]
    pub fn if_exists(mut self) -> Self {
        self.if_exists = true;
        self
    }

    /// Drops what depends on it, too.
    #[must_use]
    pub fn cascade(mut self) -> Self {
        self.cascade = true;
        self
    }

    /// Drops one that keeps its rows.
    #[must_use]
    pub fn materialized(mut self) -> Self {
        self.materialized = true;
        self
    }
}

/// `CREATE TABLE … AS`
///
/// What its query binds stands in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateTableAs {
    /// The table.
    pub table: TableRef,
    /// What gives its columns and rows.
    pub query: Query,
    /// `IF NOT EXISTS`
    pub if_not_exists: bool,
    /// Whether it is the connection's alone.
    pub temporary: bool,
    /// What a COMMIT does to the rows of a temporary table.
    pub on_commit: Option<OnCommit>,
    /// Whether it gets the columns alone, and no row.
    pub without_data: bool,
}

impl CreateTableAs {
    /// A table of the rows of a query.
    pub fn new(table: TableRef, query: impl Into<Query>) -> Self {
        CreateTableAs {
            table,
            query: query.into(),
            if_not_exists: false,
            temporary: false,
            on_commit: None,
            without_data: false,
        }
    }

    /// `IF NOT EXISTS`
    #[must_use]
    pub fn if_not_exists(mut self) -> Self {
        self.if_not_exists = true;
        self
    }

    /// Makes it the connection's alone.
    #[must_use]
    pub fn temporary(mut self) -> Self {
        self.temporary = true;
        self
    }

    /// Makes it the connection's alone, and says what a COMMIT does to it.
    #[must_use]
    pub fn on_commit(mut self, on_commit: OnCommit) -> Self {
        self.on_commit = Some(on_commit);
        self.temporary()
    }

    /// Gives it the columns alone.
    #[must_use]
    pub fn without_data(mut self) -> Self {
        self.without_data = true;
        self
    }
}
