//! Tables as data: what the derive macros emit, and what DDL is made of.
//!
//! Every descriptor can be built in a `const` from borrowed parts, or at run time from owned ones.

use std::borrow::Cow;

mod column;
mod column_type;
mod compare;
mod constraint;
mod index;
mod normalized;
mod option;
mod sequence;
mod table;

pub use column::{ColumnDef, Default, Version};
pub use column_type::{ColumnType, Declared, NativeType, StandardType};
pub use compare::Difference;
pub use constraint::{
    CheckDef, Constraint, ConstraintKind, Deferrable, ExcludeDef, ExcludeElement, ForeignKeyDef,
    PrimaryKeyDef, ReferentialAction, UniqueDef,
};
pub use index::{IndexColumn, IndexDef};
pub use normalized::normalized_sql;
pub use option::{DialectOption, OptionValue};
pub use sequence::{Counter, IdentityDef, SequenceDef};
pub use table::{OnCommit, TableDef};

/// An identifier as it was written; quoting is the dialect's business.
pub type Name = Cow<'static, str>;

/// A list that is either in the program's text or built at run time.
pub type List<T> = Cow<'static, [T]>;
