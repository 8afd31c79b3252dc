use super::{Expr, From, OrderBy, Phrase, SelectItem, TableRef, With};

/// `DELETE`
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// `WITH`
    pub with: With,
    /// What stands right behind the word DELETE.
    pub prefixes: Vec<Phrase>,
    /// The table.
    pub table: TableRef,
    /// The other sources that it reads.
    pub using: Vec<From>,
    /// `WHERE`; every row where `None`.
    pub filter: Option<Expr>,
    /// `ORDER BY`: which rows come first.
    pub order_by: Vec<OrderBy>,
    /// `LIMIT`: the most rows.
    pub limit: Option<u64>,
    /// `RETURNING`
    pub returning: Vec<SelectItem>,
}

impl Delete {
    /// Of every row.
    pub fn new(table: TableRef) -> Self {
        Delete {
            with: With::default(),
            prefixes: Vec::new(),
            table,
            using: Vec::new(),
            filter: None,
            order_by: Vec::new(),
            limit: None,
            returning: Vec::new(),
        }
    }
}
