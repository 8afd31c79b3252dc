use super::{Expr, From, Join, SourceRef};
use crate::schema::Name;

/// `SELECT`
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Select {
    /// `DISTINCT`
    pub distinct: bool,
    /// The select list.
    pub columns: Vec<SelectItem>,
    /// `FROM`, the sources between commas.
    pub from: Vec<From>,
    /// The joins onto the last of them.
    pub joins: Vec<Join>,
    /// `WHERE`
    pub filter: Option<Expr>,
    /// `GROUP BY`
    pub group_by: Vec<Expr>,
    /// `HAVING`
    pub having: Option<Expr>,
    /// `ORDER BY`
    pub order_by: Vec<OrderBy>,
    /// The most rows.
    pub limit: Option<u64>,
    /// The rows to skip.
    pub offset: Option<u64>,
    /// `FOR UPDATE` and its like.
    pub lock: Option<Lock>,
}

/// A column of the select list.
#[derive(Debug, Clone, PartialEq)]
pub struct SelectItem {
    /// The expression.
    pub expr: Expr,
    /// `AS label`
    pub label: Option<Name>,
}

impl std::convert::From<Expr> for SelectItem {
    fn from(expr: Expr) -> Self {
        SelectItem { expr, label: None }
    }
}

/// An expression in ORDER BY.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderBy {
    /// What is ordered by.
    pub expr: Expr,
    /// Whether the greatest comes first.
    pub descending: bool,
    /// Where NULLs go; the database's habit where `None`.
    pub nulls: Option<NullsOrder>,
}

impl std::convert::From<Expr> for OrderBy {
    fn from(expr: Expr) -> Self {
        OrderBy { expr, descending: false, nulls: None }
    }
}

/// Where NULLs go in an ordering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NullsOrder {
    /// `NULLS FIRST`
    First,
    /// `NULLS LAST`
    Last,
}

/// A row lock.
#[derive(Debug, Clone, PartialEq)]
pub struct Lock {
    /// How strong.
    pub strength: LockStrength,
    /// The tables whose rows are locked; all where empty.
    pub of: Vec<SourceRef>,
    /// What to do about rows that someone else has locked.
    pub wait: LockWait,
}

/// How strong a row lock is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LockStrength {
    /// `FOR UPDATE`
    Update,
    /// `FOR SHARE`
    Share,
}

/// What to do about rows that someone else has locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LockWait {
    /// Wait for them.
    Wait,
    /// `NOWAIT`
    NoWait,
    /// `SKIP LOCKED`
    SkipLocked,
}

impl Select {
    /// Adds to the condition.
    pub fn and_filter(&mut self, condition: Expr) {
        self.filter = Some(match self.filter.take() {
            Some(filter) => filter.and(condition),
            None => condition,
        });
    }

    /// Adds to the condition on groups.
    pub fn and_having(&mut self, condition: Expr) {
        self.having = Some(match self.having.take() {
            Some(having) => having.and(condition),
            None => condition,
        });
    }
}
