//! Statements as plain data: one file for each concept.
//!
//! The typed builders make these, the dialects read them. A tree has no handle to an engine and no interior
//! mutability; two equal trees compile to equal SQL.

mod array;
mod case;
mod compound;
mod criteria;
mod custom;
mod ddl;
mod delete;
mod display;
mod expr;
mod extract;
mod from;
mod full_text;
mod function;
mod grouping;
mod hint;
mod in_rows;
mod insert;
mod json;
mod left_out;
mod like;
mod limit;
mod merge;
mod names;
mod negated;
mod on_conflict;
mod operator;
mod param;
mod parts;
mod query;
mod regexp;
mod rows;
mod select;
mod set_target;
mod statement;
mod text;
mod typed_as;
mod update;
mod update_rows;
mod values;
mod view;
mod window;
mod windowed;
mod with;

pub use array::{Array, Index, QuantifiedArray, Slice};
pub use case::Case;
pub use compound::{Compound, SetOperation, SetOperator};
pub use criteria::Criteria;
pub use custom::Custom;
pub use ddl::{
    AlterTable, CreateEnum, CreateIndex, CreateSchema, CreateSequence, CreateTable, DropConstraint, DropEnum,
    DropIndex, DropSchema, DropSequence, DropTable, SetComment, TableChange,
};
pub use delete::Delete;
pub use expr::{
    Between, Binary, Cast, Collate, ColumnRef, Exists, Expr, Field, InList, InQuery, Quantified, Subquery,
    Unary,
};
pub use extract::{DateField, Extract};
pub use from::{From, Join, JoinKind, Joined, Sample, SourceRef, TableFunction, TableRef};
pub use full_text::FullText;
pub use function::{Function, NullTreatment};
pub use grouping::{Grouping, GroupingKind};
pub use hint::{Hint, Phrase};
pub use in_rows::InRows;
pub use insert::{Insert, InsertOr, InsertSource};
pub use json::{JsonPart, JsonPath, JsonStep};
pub use like::Like;
pub use limit::Limit;
pub use merge::{Merge, MergeAction, MergeBranch, MergeRows};
pub use names::SourceNames;
pub use on_conflict::{ConflictAction, ConflictTarget, Excluded, OnConflict};
pub use operator::{BinaryOperator, Quantifier, UnaryOperator};
pub use param::{Given, Param, ParamState};
pub use query::Query;
pub use regexp::{Regexp, RegexpReplace};
pub use rows::Rows;
pub use select::{Distinct, Lock, LockStrength, LockWait, NullsOrder, OrderBy, Select, SelectItem};
pub use set_target::SetTarget;
pub use statement::{Ddl, Statement};
pub use text::{Text, TextPart};
pub use typed_as::TypedAs;
pub use update::Update;
pub use update_rows::UpdateRows;
pub use values::Values;
pub use view::{CreateTableAs, CreateView, DropView};
pub use window::{Frame, FrameBound, FrameExclusion, FrameUnit, Window};
pub use with::{Cte, With};
