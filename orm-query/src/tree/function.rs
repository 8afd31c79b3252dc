use super::{Expr, OrderBy, Window};
use crate::DataType;
use crate::schema::Name;

/// A function call, with all that an aggregate or a window function may add.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// The name, as SQL has it; never quoted, so it must be a plain SQL identifier, or several joined by dots.
    pub name: Name,
    /// The arguments.
    pub arguments: Vec<Expr>,
    /// The type of the result.
    pub data_type: DataType,
    /// `DISTINCT` before the arguments.
    pub distinct: bool,
    /// `FILTER (WHERE …)`
    pub filter: Option<Expr>,
    /// `ORDER BY` inside the call.
    pub order_by: Vec<OrderBy>,
    /// `WITHIN GROUP (ORDER BY …)`
    pub within_group: Vec<OrderBy>,
    /// `IGNORE NULLS` or `RESPECT NULLS`; the database's default where `None`.
    pub nulls: Option<NullTreatment>,
    /// `OVER (…)`
    pub over: Option<Window>,
}

/// Whether a window function sees rows whose value is NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NullTreatment {
    /// `RESPECT NULLS`
    Respect,
    /// `IGNORE NULLS`
    Ignore,
}

impl Function {
    /// A plain call.
    pub fn new(name: impl Into<Name>, arguments: Vec<Expr>, data_type: DataType) -> Self {
        Function {
            name: name.into(),
            arguments,
            data_type,
            distinct: false,
            filter: None,
            order_by: Vec::new(),
            within_group: Vec::new(),
            nulls: None,
            over: None,
        }
    }
}
