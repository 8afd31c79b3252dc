use super::Expr;
use crate::schema::Name;

/// What stands on the left of an assignment.
// Most are columns, and there are few of the others.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Clone, PartialEq)]
pub enum SetTarget {
    /// `column`
    Column(Name),
    /// `column[index]`: an element of an array, or a value inside of JSON.
    Element {
        /// The column.
        column: Name,
        /// The way to it, from outside in.
        path: Vec<Expr>,
    },
    /// `column[low:high]`: some elements of an array.
    Slice {
        /// The column.
        column: Name,
        /// The place of the first one, counted from 1.
        low: Expr,
        /// The place of the last one.
        high: Expr,
    },
    /// `(a, b, …)`: the columns of a row, which a subquery gives.
    Columns(Vec<Name>),
}

impl SetTarget {
    /// The columns that are changed.
    pub fn columns(&self) -> &[Name] {
        match self {
            SetTarget::Column(column)
            | SetTarget::Element { column, .. }
            | SetTarget::Slice { column, .. } => std::slice::from_ref(column),
            SetTarget::Columns(columns) => columns,
        }
    }

    /// Whether a column of that name is changed.
    pub fn changes(&self, name: &str) -> bool {
        self.columns().iter().any(|column| column == name)
    }
}

impl From<Name> for SetTarget {
    fn from(column: Name) -> Self {
        SetTarget::Column(column)
    }
}

impl From<&'static str> for SetTarget {
    fn from(column: &'static str) -> Self {
        SetTarget::Column(column.into())
    }
}
