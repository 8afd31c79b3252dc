use super::Expr;
use crate::schema::{Name, TableDef};

/// A table or an alias, as the columns of a statement name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct SourceRef {
    /// The schema of a table that has no alias.
    pub schema: Option<Name>,
    /// The alias, or the table's name.
    pub name: Name,
}

impl SourceRef {
    /// A source known by one name.
    pub fn named(name: impl Into<Name>) -> Self {
        SourceRef { schema: None, name: name.into() }
    }
}

impl std::fmt::Display for SourceRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// A table in a statement, with its alias.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TableRef {
    /// The table's schema.
    pub schema: Option<Name>,
    /// The table's name.
    pub name: Name,
    /// The alias.
    pub alias: Option<Name>,
}

impl TableRef {
    /// `table` under its own name.
    pub fn new(table: &TableDef) -> Self {
        TableRef { schema: table.schema.clone(), name: table.name.clone(), alias: None }
    }

    /// The same under another name.
    #[must_use]
    pub fn alias(mut self, alias: impl Into<Name>) -> Self {
        self.alias = Some(alias.into());
        self
    }

    /// What its columns are qualified with.
    pub fn source(&self) -> SourceRef {
        match &self.alias {
            Some(alias) => SourceRef::named(alias.clone()),
            None => SourceRef { schema: self.schema.clone(), name: self.name.clone() },
        }
    }
}

/// What stands in FROM.
#[derive(Debug, Clone, PartialEq)]
pub enum From {
    /// A table.
    Table(TableRef),
    /// A subquery under an alias.
    Query {
        /// The subquery.
        query: Box<super::Select>,
        /// Its alias.
        alias: Name,
    },
}

/// A join onto what stands before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// The kind.
    pub kind: JoinKind,
    /// What is joined.
    pub to: From,
    /// The condition; `None` only for a cross join.
    pub on: Option<Expr>,
}

/// The kind of a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JoinKind {
    /// `JOIN`
    Inner,
    /// `LEFT OUTER JOIN`
    Left,
    /// `FULL OUTER JOIN`
    Full,
    /// `CROSS JOIN`
    Cross,
}
