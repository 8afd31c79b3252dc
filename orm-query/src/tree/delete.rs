use super::{Expr, SelectItem, TableRef};

/// `DELETE`
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// The table.
    pub table: TableRef,
    /// `WHERE`; every row where `None`.
    pub filter: Option<Expr>,
    /// `RETURNING`
    pub returning: Vec<SelectItem>,
}
