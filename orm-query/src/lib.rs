//! What is asked of a database, as plain data, and the typed builders that make it.
//!
//! | room | holds |
//! | --- | --- |
//! | [`tree`] | statements and expressions, one file for each concept |
//! | [`schema`] | tables, columns and constraints |
//! | [`mapping`] | what a mapped struct is: its columns, its relationships, and its fields `Many`, `One`, `Auto` |
//! | [`dynamic`] | statements over tables that are known at run time only |
//! | [`typed`] | the typed front: `select()`, columns, operators, functions, and the scope that checks them |
//! | [`Value`], [`SqlType`], [`Row`] | values on their way to a database and back |
//! | [`Dialect`] | the seam to `orm-dialects` |
//!
//! Not here: any I/O, anything async, the SQL of any one database.

mod data_type;
mod dialect;
mod error;
mod options;
mod row;
mod sparse_row;
mod sql_type;
mod type_decorator;
mod value;

pub mod dynamic;
pub mod mapping;
pub mod schema;
pub mod tree;
pub mod typed;
pub mod types;

pub use data_type::{Converted, DataType, ElementType, EnumType, RangeType};
pub use dialect::{Compiled, Dialect, Features, LikeCase};
pub use error::{CompileError, DecodeError, ValueError};
pub use mapping::{Auto, Deferred, Field, Many, Mapped, One, WriteOnly};
pub use options::{ExecutionOptions, IsolationLevel};
pub use row::{Cell, Row};
pub use sparse_row::with_row;
pub use sql_type::SqlType;
pub use type_decorator::TypeDecorator;
pub use value::{
    ArrayElement, Bind, BitString, Hstore, Inet, InetError, Interval, IntervalError, Jsonb, MultiRange,
    Range, RangeElement, RegConfig, TsQuery, TsVector, Value, read_value,
};
