use super::{Expr, From, Hint, Join, JoinKind, Limit, Phrase, SourceRef, With};
use crate::schema::Name;

/// `SELECT`
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Select {
    /// `WITH`
    pub with: With,
    /// What stands right behind the word SELECT.
    pub prefixes: Vec<Phrase>,
    /// `DISTINCT`
    pub distinct: Option<Distinct>,
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
    /// `LIMIT … OFFSET …`
    pub limit: Option<Limit>,
    /// `FOR UPDATE` and its like.
    pub lock: Option<Lock>,
    /// What stands at the end of the statement.
    pub suffixes: Vec<Phrase>,
    /// Advice to planners.
    pub hints: Vec<Hint>,
}

/// Which rows are left out as equal to another one.
#[derive(Debug, Clone, PartialEq)]
pub enum Distinct {
    /// `DISTINCT`: those that are equal in all columns.
    Rows,
    /// `DISTINCT ON (…)`: those that are equal in these, but the first in the ordering.
    On(Vec<Expr>),
}

/// A column of the select list.
#[derive(Debug, Clone, PartialEq)]
pub struct SelectItem {
    /// The expression.
    pub expr: Expr,
    /// `AS label`
    pub label: Option<Name>,
    /// Whether it keeps its place in the plan and is not sent: the column of an entity that the query does not read.
    /// It holds for the select list of the statement itself; a subquery has all its items.
    pub left_out: bool,
}

impl std::convert::From<Expr> for SelectItem {
    fn from(expr: Expr) -> Self {
        SelectItem { expr, label: None, left_out: false }
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
    /// `FOR NO KEY UPDATE`
    NoKeyUpdate,
    /// `FOR SHARE`
    Share,
    /// `FOR KEY SHARE`
    KeyShare,
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

    /// The most rows.
    pub fn set_limit(&mut self, rows: u64) {
        self.limit.get_or_insert_default().count = Some(Limit::rows(rows));
    }

    /// The rows to skip.
    pub fn set_offset(&mut self, rows: u64) {
        self.limit.get_or_insert_default().offset = Some(Limit::rows(rows));
    }

    /// A join onto all that stands in FROM. Commas become cross joins, which bind as strongly: else the join would be
    /// one onto the last source alone, and its condition could read no other.
    pub fn join(&mut self, join: Join) {
        if self.from.len() > 1 {
            let crossed = self.from.drain(1..).map(|to| Join { kind: JoinKind::Cross, to, on: None });
            self.joins.splice(0..0, crossed);
        }
        self.joins.push(join);
    }

    /// No more rows than these, where it is known how many it takes.
    pub fn take_at_most(&mut self, rows: u64) {
        Limit::at_most(&mut self.limit, rows);
    }

    /// Adds to the condition on groups.
    pub fn and_having(&mut self, condition: Expr) {
        self.having = Some(match self.having.take() {
            Some(having) => having.and(condition),
            None => condition,
        });
    }
}
