use super::{Expr, Function, Query};
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
        query: Box<Query>,
        /// Its alias.
        alias: Name,
        /// The names of its columns; the query's own where empty.
        columns: Vec<Name>,
        /// `LATERAL`: it may read what stands before it in FROM.
        lateral: bool,
    },
    /// A CTE of a `WITH` around it.
    Cte {
        /// The CTE's name.
        name: Name,
        /// The alias.
        alias: Option<Name>,
    },
    /// A function that gives rows.
    Function(Box<TableFunction>),
    /// A part of a table's rows, taken by chance.
    Sample(Box<Sample>),
    /// Joins between parentheses: the right side of a join that is one itself.
    Joined(Box<Joined>),
}

/// A function that gives rows, in FROM.
#[derive(Debug, Clone, PartialEq)]
pub struct TableFunction {
    /// The call.
    pub function: Function,
    /// The alias.
    pub alias: Name,
    /// The names of its columns, behind the alias; the function's own where empty.
    pub columns: Vec<Name>,
    /// `WITH ORDINALITY`: the last column counts the rows.
    pub ordinality: bool,
    /// `LATERAL`: it may read what stands before it in FROM.
    pub lateral: bool,
}

/// `table TABLESAMPLE method (argument) [REPEATABLE (seed)]`
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The table.
    pub table: TableRef,
    /// How rows are chosen, as `bernoulli` or `system`; a plain SQL identifier.
    pub method: Name,
    /// How many: for these two methods, a percentage.
    pub argument: Expr,
    /// The same seed takes the same rows again.
    pub seed: Option<Expr>,
}

/// `(from JOIN …)`
#[derive(Debug, Clone, PartialEq)]
pub struct Joined {
    /// What stands first.
    pub from: From,
    /// The joins onto it.
    pub joins: Vec<Join>,
}

impl From {
    /// A subquery under an alias.
    pub fn query(query: impl Into<Query>, alias: impl Into<Name>) -> Self {
        From::Query {
            query: Box::new(query.into()),
            alias: alias.into(),
            columns: Vec::new(),
            lateral: false,
        }
    }

    /// The sources that it brings in, under the names that columns are qualified with, and whether each is a table.
    pub fn each_source(&self, each: &mut dyn FnMut(SourceRef, bool)) {
        match self {
            From::Table(table) => each(table.source(), true),
            From::Sample(sample) => each(sample.table.source(), true),
            From::Query { alias, .. } => each(SourceRef::named(alias.clone()), false),
            From::Function(function) => each(SourceRef::named(function.alias.clone()), false),
            From::Cte { name, alias } => {
                each(SourceRef::named(alias.clone().unwrap_or_else(|| name.clone())), false);
            }
            From::Joined(joined) => {
                joined.from.each_source(each);
                joined.joins.iter().for_each(|join| join.to.each_source(each));
            }
        }
    }

    /// Whether one of its sources is `source`.
    pub fn has_source(&self, source: &SourceRef) -> bool {
        let mut found = false;
        self.each_source(&mut |own, _| found |= own == *source);
        found
    }
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
