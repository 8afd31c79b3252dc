use super::{Expr, From, SelectItem, SetTarget, TableRef, With};
use crate::schema::Name;

/// `MERGE`: a table is brought in line with a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    /// `WITH`
    pub with: With,
    /// The table.
    pub table: TableRef,
    /// `USING`: the source.
    pub using: From,
    /// `ON`: which rows of the source match which rows of the table.
    pub on: Expr,
    /// What is done with them; of those that could be done, the first.
    pub branches: Vec<MergeBranch>,
    /// `RETURNING`
    pub returning: Vec<SelectItem>,
}

impl Merge {
    /// Of a source, with no branch yet.
    pub fn new(table: TableRef, using: From, on: Expr) -> Self {
        Merge { with: With::default(), table, using, on, branches: Vec::new(), returning: Vec::new() }
    }
}

/// `WHEN … [AND condition] THEN action`
#[derive(Debug, Clone, PartialEq)]
pub struct MergeBranch {
    /// Which rows.
    pub rows: MergeRows,
    /// Only those for which it holds.
    pub condition: Option<Expr>,
    /// What is done.
    pub action: MergeAction,
}

/// Which rows a branch of MERGE is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MergeRows {
    /// `MATCHED`: rows of the table that a row of the source matches.
    Matched,
    /// `NOT MATCHED`: rows of the source that match no row of the table.
    NotMatched,
    /// `NOT MATCHED BY SOURCE`: rows of the table that no row of the source matches.
    NotMatchedBySource,
}

/// What a branch of MERGE does.
#[derive(Debug, Clone, PartialEq)]
pub enum MergeAction {
    /// `DO NOTHING`
    Nothing,
    /// `UPDATE SET …`
    Update(Vec<(SetTarget, Expr)>),
    /// `DELETE`
    Delete,
    /// `INSERT (columns) VALUES (values)`; a row of defaults where there is no column.
    Insert {
        /// The columns that are given.
        columns: Vec<Name>,
        /// Their values.
        values: Vec<Expr>,
    },
}
