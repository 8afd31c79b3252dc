use super::{Limit, OrderBy, Query, With};

/// `a UNION b UNION c …`: queries with one operator between them, from left to right.
///
/// Other operators stand in a compound of their own, which is one of the queries.
#[derive(Debug, Clone, PartialEq)]
pub struct Compound {
    /// `WITH`
    pub with: With,
    /// What stands between the queries.
    pub operator: SetOperator,
    /// The queries: two at least, or a `VALUES` alone.
    pub queries: Vec<Query>,
    /// `ORDER BY`, by labels of the first query.
    pub order_by: Vec<OrderBy>,
    /// `LIMIT … OFFSET …`
    pub limit: Option<Limit>,
}

impl Compound {
    /// No more rows than these, where it is known how many it takes.
    pub fn take_at_most(&mut self, rows: u64) {
        Limit::at_most(&mut self.limit, rows);
    }
}

/// How the rows of two queries become one set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SetOperator {
    /// The operation.
    pub kind: SetOperation,
    /// `ALL`: equal rows are counted, and not made one.
    pub all: bool,
}

/// An operation on sets of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SetOperation {
    /// The rows of either.
    Union,
    /// The rows of the first that the second has not.
    Except,
    /// The rows of both.
    Intersect,
}
