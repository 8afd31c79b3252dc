use super::{Expr, SetTarget};
use crate::DataType;
use crate::schema::Name;

/// What an INSERT does where a row is there already.
#[derive(Debug, Clone, PartialEq)]
pub struct OnConflict {
    /// Which conflict.
    pub target: ConflictTarget,
    /// What is done.
    pub action: ConflictAction,
}

/// Which unique key a new row may share with one that is there.
#[derive(Debug, Clone, PartialEq)]
pub enum ConflictTarget {
    /// Any.
    Any,
    /// That of these columns.
    Columns {
        /// The columns.
        columns: Vec<Name>,
        /// Whether no other key of the table can be shared, so that it is the same as any.
        is_only: bool,
        /// Those of a partial unique index: the rows that it is of.
        filter: Option<Expr>,
    },
    /// That of the constraint of this name.
    Constraint(Name),
}

/// What is done instead of an INSERT.
#[derive(Debug, Clone, PartialEq)]
pub enum ConflictAction {
    /// The row that is there stays as it is.
    Nothing,
    /// The row that is there is changed.
    Update {
        /// `SET column = value`; [`Excluded`] is the row that was to be inserted.
        set: Vec<(SetTarget, Expr)>,
        /// Only where this holds; else the row stays as it is.
        filter: Option<Expr>,
    },
}

/// A column of the row that was to be inserted, where it meets one that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Excluded {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub data_type: DataType,
}
