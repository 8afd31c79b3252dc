//! Conditions and values of a statement, computed in Rust from what the session holds of a row.
//!
//! It must never be wrong: what a database decides in a way of its own (collations, rounding, overflow, clocks) is
//! [`NotEvaluable`]. What depends on the expression alone is told when it is compiled, before any object is looked at.
//! Values are taken to be stored as orm stores them.

mod assign;
mod class;
mod compare;
mod compile;
mod node;
mod number;
mod pattern;

use std::borrow::Cow;

use orm_query::schema::{ColumnDef, TableDef};
use orm_query::tree::{Expr, SourceRef};
use orm_query::{Features, Value};

use class::Class;
use node::Node;

/// Why something cannot be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NotEvaluable {
    /// Rust is not certain of what the database makes of it, in words.
    Uncertain(Cow<'static, str>),
    /// A value of the row is not known.
    Unread,
}

pub(crate) type Evaluated<T> = Result<T, NotEvaluable>;

fn refuse<T>(what: impl Into<Cow<'static, str>>) -> Evaluated<T> {
    Err(NotEvaluable::Uncertain(what.into()))
}

/// The table whose rows are evaluated, and the rules of its database.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) table: &'a TableDef,
    pub(crate) source: &'a SourceRef,
    pub(crate) features: &'a Features,
}

/// The values of a row's columns by their positions; `None` where it is not known.
pub(crate) type RowValues<'a> = dyn Fn(usize) -> Option<Value> + 'a;

/// A condition over one row.
#[derive(Debug)]
pub(crate) struct Condition(Node);

impl Condition {
    /// # Errors
    /// For what cannot be evaluated whatever the row is.
    pub(crate) fn new(scope: Scope<'_>, expr: &Expr) -> Evaluated<Self> {
        let typed = compile::compile(scope, expr)?;
        if typed.class != Class::Boolean {
            return refuse("a condition that is no boolean");
        }
        Ok(Condition(typed.node))
    }

    /// Whether it is true; unknown is not.
    ///
    /// # Errors
    /// For what cannot be evaluated for this row.
    pub(crate) fn is_true(&self, row: &RowValues<'_>) -> Evaluated<bool> {
        Ok(self.0.value(row)? == Value::Bool(true))
    }
}

/// A value to be stored in a column, over one row.
#[derive(Debug)]
pub(crate) struct Assignment<'a> {
    node: Node,
    column: &'a ColumnDef,
}

impl<'a> Assignment<'a> {
    /// # Errors
    /// For what cannot be evaluated whatever the row is.
    pub(crate) fn new(scope: Scope<'_>, column: &'a ColumnDef, expr: &Expr) -> Evaluated<Self> {
        let node = assign::compile(scope, column, expr)?;
        Ok(Assignment { node, column })
    }

    /// The value as the database stores it.
    ///
    /// # Errors
    /// For what cannot be evaluated for this row.
    pub(crate) fn value(&self, row: &RowValues<'_>) -> Evaluated<Value> {
        assign::stored(self.node.value(row)?, self.column)
    }
}
