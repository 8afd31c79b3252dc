//! Tables as data: what the derive macros emit, and what DDL is made of.
//!
//! Every descriptor can be built in a `const` from borrowed parts, or at run time from owned ones.

use std::borrow::Cow;

mod column;
mod compare;
mod constraint;
mod index;
mod normalized;
mod sequence;
mod table;

pub use column::{ColumnDef, Default, Version};
pub use compare::Difference;
pub use constraint::{CheckDef, Deferrable, ForeignKeyDef, ReferentialAction, UniqueDef};
pub use index::{IndexColumn, IndexDef};
pub use normalized::normalized_sql;
pub use sequence::{Counter, IdentityDef, SequenceDef};
pub use table::TableDef;

/// An identifier as it was written; quoting is the dialect's business.
pub type Name = Cow<'static, str>;

/// A list that is either in the program's text or built at run time.
pub type List<T> = Cow<'static, [T]>;
