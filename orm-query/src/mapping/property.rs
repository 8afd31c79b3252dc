use std::fmt;

use crate::{DataType, tree};

/// When a column or a property is read that a query may leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Deferral {
    /// Whether it is left out unless a query asks for it.
    pub by_default: bool,
    /// The group by which `undefer_group` asks for it.
    pub group: Option<&'static str>,
}

/// An attribute that is read like a column and is none: a `#[column_property(…)]` or a `#[query_expression]`.
#[derive(Clone, Copy)]
pub struct PropertyDef {
    /// The name of its field.
    pub name: &'static str,
    /// The type of its values.
    pub data_type: fn() -> DataType,
    /// What it is, over the columns of the struct's own table; a query expression is nothing until a query says it.
    pub expr: Option<fn() -> tree::Expr>,
    /// When it is read.
    pub deferral: Deferral,
}

impl PropertyDef {
    /// Leaves it out unless a query asks for it.
    #[must_use]
    pub const fn deferred(mut self) -> Self {
        self.deferral.by_default = true;
        self
    }

    /// Puts it into a group, and leaves it out unless a query asks for it.
    #[must_use]
    pub const fn deferred_group(mut self, group: &'static str) -> Self {
        self.deferral = Deferral { by_default: true, group: Some(group) };
        self
    }
}

impl fmt::Debug for PropertyDef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PropertyDef").field("name", &self.name).field("deferral", &self.deferral).finish()
    }
}
