use super::{Expr, From, OrderBy, Phrase, SelectItem, SetTarget, TableRef, With};

/// `UPDATE`
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// `WITH`
    pub with: With,
    /// What stands right behind the word UPDATE.
    pub prefixes: Vec<Phrase>,
    /// The table.
    pub table: TableRef,
    /// `SET column = value`
    pub set: Vec<(SetTarget, Expr)>,
    /// The other sources that it reads.
    pub from: Vec<From>,
    /// `WHERE`; every row where `None`.
    pub filter: Option<Expr>,
    /// `ORDER BY`: which rows come first.
    pub order_by: Vec<OrderBy>,
    /// `LIMIT`: the most rows.
    pub limit: Option<u64>,
    /// `RETURNING`
    pub returning: Vec<SelectItem>,
}

impl Update {
    /// Of every row.
    pub fn new(table: TableRef) -> Self {
        Update {
            with: With::default(),
            prefixes: Vec::new(),
            table,
            set: Vec::new(),
            from: Vec::new(),
            filter: None,
            order_by: Vec::new(),
            limit: None,
            returning: Vec::new(),
        }
    }
}
