use super::Statement;
use crate::schema::Name;

/// `WITH`: queries with a name, which the statement behind them reads by it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct With {
    /// The queries; each may read those before it.
    pub ctes: Vec<Cte>,
}

/// A common table expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Cte {
    /// Its name.
    pub name: Name,
    /// The names of its columns; those of the query where empty.
    pub columns: Vec<Name>,
    /// The query, or a statement with RETURNING.
    pub statement: Box<Statement>,
    /// Whether it may read itself.
    pub recursive: bool,
    /// Whether its rows are kept, or computed wherever they are read; the database decides where `None`.
    pub materialized: Option<bool>,
}

impl With {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ctes.is_empty()
    }
}
