use super::{Expr, SelectItem, TableRef};
use crate::schema::Name;

/// `UPDATE`
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The table.
    pub table: TableRef,
    /// `SET column = value`
    pub set: Vec<(Name, Expr)>,
    /// `WHERE`; every row where `None`.
    pub filter: Option<Expr>,
    /// `RETURNING`
    pub returning: Vec<SelectItem>,
}
