//! The typed front: what users write. Each item wraps a plain [`tree`](crate::tree) and says in its type what the
//! tree reads, so that a statement that compiles is well-formed.
//!
//! [`Expression`] has the operators, [`InScope`] proves that a column's table is in FROM, [`RowIn`] computes the
//! row that a select list gives.

mod aggregate;
mod alias;
mod arithmetic;
mod attribute;
mod case;
mod column;
mod columns;
mod delete;
mod expression;
mod function;
mod insert;
mod load;
mod nullness;
mod on_conflict;
mod operand;
mod options;
mod order;
mod projection;
mod query;
mod relationship;
mod row_in;
mod row_mapping;
mod scope;
mod select;
mod source;
mod subquery;
mod synchronize;
mod table;
mod text;
mod update;
mod update_many;
mod window;

pub use aggregate::{Averaged, Countable, Summed, avg, count, max, min, sum};
pub use alias::AliasOf;
#[doc(hidden)]
pub use alias::{alias_from, alias_source};
pub use arithmetic::{Arithmetic, Divided, Term};
pub use attribute::{Attribute, AttributeDef, AttributePlace, Attributes, VisitAttribute};
pub use case::{CaseBuilder, CaseElse, case};
pub use column::Column;
pub use columns::Columns;
pub use delete::{Delete, delete};
pub use expression::{
    BaseOf, Boolean, Call, Callable, Compared, Expr, Expression, Joined, Lifted, Plain, Predicate, Textual,
};
pub use function::{Argument, Arguments, FunctionCall, func, literal};
pub use insert::{AsRows, Insert, InsertColumns, OfNoRow, insert, typed_bind};
pub use load::{LoadOption, LoadPath, Strategy, joined, selectin};
pub use nullness::{MaybeNull, NotNull, Nullness};
pub use on_conflict::{Conflict, ConflictScope, DoUpdate, Excluded, excluded};
pub use operand::{AssignTo, InOperand, Operand, SameType, literal_operand};
pub use options::{StatementOptions, WithOptions};
pub use order::{IntoOrder, Order, OrderList};
pub use projection::{EntityAt, Projection};
pub use query::{Executable, Query, Returning};
pub use relationship::Relationship;
pub use row_in::{Convert, Mode, Owned, RowIn};
pub use row_mapping::{ColumnIndex, FirstColumn, Mappings, RowMapping};
pub use scope::{
    Anywhere, Both, Here, InFrom, InScope, Inner, MakeNullable, Needs, Nil, Nullable, Outer, Plus, Single,
    SourceSet, Standalone, StartScope, There, Total, Union,
};
pub use select::{Select, select};
pub use source::{Source, mapped_from, mapped_source};
pub use subquery::{Quantity, Scalar, exists};
pub use synchronize::Synchronize;
pub use table::Table;
pub use text::{Text, TextRow, TextRows, text};
pub use update::{AllRows, Bounded, Filtered, Unfiltered, Update, update};
pub use update_many::{PlainValue, SetColumns, UpdateMany};
pub use window::{FrameEnd, Over, dense_rank, rank, row_number};

/// Functions of SQL by name, typed.
pub mod functions {
    pub use super::function::{abs, coalesce, concat, length, lower, nullif, round, substr, trim, upper};
}
