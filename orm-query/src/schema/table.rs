use super::column::put;
use super::{CheckDef, ColumnDef, DialectOption, ExcludeDef, ForeignKeyDef, IndexDef, List, Name, UniqueDef};

/// What a COMMIT does to the rows of a temporary table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OnCommit {
    /// They stay.
    PreserveRows,
    /// They go.
    DeleteRows,
    /// The table goes.
    Drop,
}

impl OnCommit {
    /// The words in SQL.
    pub const fn sql(self) -> &'static str {
        match self {
            OnCommit::PreserveRows => "ON COMMIT PRESERVE ROWS",
            OnCommit::DeleteRows => "ON COMMIT DELETE ROWS",
            OnCommit::Drop => "ON COMMIT DROP",
        }
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TableDef {
    /// The schema it lives in; the connection's default where `None`.
    pub schema: Option<Name>,
    /// Its name.
    pub name: Name,
    /// Its columns, in their order.
    pub columns: List<ColumnDef>,
    /// The name of the primary key's constraint; the database makes one up where there is none.
    pub primary_key_name: Option<Name>,
    /// Its foreign keys.
    pub foreign_keys: List<ForeignKeyDef>,
    /// Its UNIQUE constraints.
    pub uniques: List<UniqueDef>,
    /// Its CHECK constraints.
    pub checks: List<CheckDef>,
    /// Its exclusion constraints.
    pub excludes: List<ExcludeDef>,
    /// Its indexes.
    pub indexes: List<IndexDef>,
    /// A comment, where the database keeps them.
    pub comment: Option<Name>,
    /// Whether it is the connection's alone, and goes with it.
    pub temporary: bool,
    /// What a COMMIT does to the rows of a temporary table.
    pub on_commit: Option<OnCommit>,
    /// What single databases have beyond this.
    pub options: List<DialectOption>,
}

impl TableDef {
    /// A table of `columns` without constraints.
    pub const fn new(name: Name, columns: List<ColumnDef>) -> Self {
        TableDef {
            schema: None,
            name,
            columns,
            primary_key_name: None,
            foreign_keys: List::Borrowed(&[]),
            uniques: List::Borrowed(&[]),
            checks: List::Borrowed(&[]),
            excludes: List::Borrowed(&[]),
            indexes: List::Borrowed(&[]),
            comment: None,
            temporary: false,
            on_commit: None,
            options: List::Borrowed(&[]),
        }
    }

    /// Puts it into a schema.
    #[must_use]
    pub const fn schema(mut self, schema: &'static str) -> Self {
        put(&mut self.schema, Some(Name::Borrowed(schema)));
        self
    }

    /// Names its primary key.
    #[must_use]
    pub const fn primary_key_name(mut self, name: &'static str) -> Self {
        put(&mut self.primary_key_name, Some(Name::Borrowed(name)));
        self
    }

    /// Gives it foreign keys.
    #[must_use]
    pub const fn foreign_keys(mut self, keys: &'static [ForeignKeyDef]) -> Self {
        put(&mut self.foreign_keys, List::Borrowed(keys));
        self
    }

    /// Gives it UNIQUE constraints.
    #[must_use]
    pub const fn uniques(mut self, uniques: &'static [UniqueDef]) -> Self {
        put(&mut self.uniques, List::Borrowed(uniques));
        self
    }

    /// Gives it CHECK constraints.
    #[must_use]
    pub const fn checks(mut self, checks: &'static [CheckDef]) -> Self {
        put(&mut self.checks, List::Borrowed(checks));
        self
    }

    /// Gives it indexes.
    #[must_use]
    pub const fn indexes(mut self, indexes: &'static [IndexDef]) -> Self {
        put(&mut self.indexes, List::Borrowed(indexes));
        self
    }

    /// Comments on it.
    #[must_use]
    pub const fn comment(mut self, comment: &'static str) -> Self {
        put(&mut self.comment, Some(Name::Borrowed(comment)));
        self
    }

    /// Gives it exclusion constraints.
    #[must_use]
    pub fn excludes(mut self, excludes: impl Into<List<ExcludeDef>>) -> Self {
        self.excludes = excludes.into();
        self
    }

    /// Makes it the connection's alone.
    #[must_use]
    pub const fn temporary(mut self) -> Self {
        self.temporary = true;
        self
    }

    /// Makes it the connection's alone, and says what a COMMIT does to it.
    #[must_use]
    pub const fn on_commit(mut self, on_commit: OnCommit) -> Self {
        self.on_commit = Some(on_commit);
        self.temporary()
    }

    /// Says what one database has beyond this.
    #[must_use]
    pub fn option(mut self, option: DialectOption) -> Self {
        self.options.to_mut().push(option);
        self
    }

    /// The position of the column of that name.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column)
    }

    /// The columns of the primary key with their positions.
    pub fn primary_key(&self) -> impl Iterator<Item = (usize, &ColumnDef)> {
        self.columns.iter().enumerate().filter(|(_, c)| c.primary_key)
    }

    /// The name with its schema, as it is said in messages.
    pub fn full_name(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.to_string(),
        }
    }
}
