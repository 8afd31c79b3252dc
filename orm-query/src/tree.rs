//! Statements as plain data: one file for each concept.
//!
//! The typed builders make these, the dialects read them. A tree has no handle to an engine and no interior
//! mutability; two equal trees compile to equal SQL.

mod case;
mod criteria;
mod ddl;
mod delete;
mod expr;
mod from;
mod function;
mod insert;
mod like;
mod on_conflict;
mod operator;
mod parts;
mod rows;
mod select;
mod statement;
mod text;
mod update;
mod update_rows;
mod window;

pub use case::Case;
pub use criteria::Criteria;
pub use ddl::{
    AlterTable, CreateEnum, CreateIndex, CreateSchema, CreateSequence, CreateTable, DropEnum, DropIndex,
    DropSchema, DropSequence, DropTable, SetComment, TableChange,
};
pub use delete::Delete;
pub use expr::{
    Between, Binary, Cast, Collate, ColumnRef, Exists, Expr, InList, InQuery, Quantified, Subquery, Unary,
};
pub use from::{From, Join, JoinKind, SourceRef, TableRef};
pub use function::Function;
pub use insert::{Insert, InsertSource};
pub use like::Like;
pub use on_conflict::{ConflictAction, ConflictTarget, Excluded, OnConflict};
pub use operator::{BinaryOperator, Quantifier, UnaryOperator};
pub use rows::Rows;
pub use select::{Lock, LockStrength, LockWait, NullsOrder, OrderBy, Select, SelectItem};
pub use statement::{Ddl, Statement};
pub use text::{Text, TextPart};
pub use update::Update;
pub use update_rows::UpdateRows;
pub use window::{Frame, FrameBound, FrameUnit, Window};
