use std::sync::Arc;

use super::load::LoadOptions;
use super::projection::EntityAt;
use super::query::Query;
use super::row_in::{Convert, Mode, Owned};
use super::text::{Text, TextRow, TextRows};
use crate::{DecodeError, Row, SqlType, Value, read_value, tree};

/// A row whose columns are known at run time only: values by position and by name, each in the type in which the
/// database gave it.
///
/// `text(…).mappings()` gives such rows, and so does any other statement by [`Mappings`].
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RowMapping {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

/// What a column of a [`RowMapping`] is asked for by: its position or its name.
pub trait ColumnIndex {
    /// The position in a row of those columns.
    fn position(&self, columns: &[String]) -> Option<usize>;
    /// The column as messages name it.
    fn describe(&self) -> String;
}

impl ColumnIndex for usize {
    fn position(&self, columns: &[String]) -> Option<usize> {
        (*self < columns.len()).then_some(*self)
    }

    fn describe(&self) -> String {
        format!("column {self}")
    }
}

impl ColumnIndex for &str {
    /// The only column of that name.
    fn position(&self, columns: &[String]) -> Option<usize> {
        let mut found = columns.iter().enumerate().filter(|(_, column)| *column == self);
        match (found.next(), found.next()) {
            (Some((position, _)), None) => Some(position),
            _ => None,
        }
    }

    fn describe(&self) -> String {
        (*self).to_owned()
    }
}

impl RowMapping {
    fn read(row: &dyn Row) -> Result<Self, DecodeError> {
        let columns = (0..row.len()).map(|at| row.column_name(at).unwrap_or("").to_owned()).collect();
        let value = |at| {
            if row.is_null(at)? {
                return Ok(Value::Null);
            }
            match row.data_type(at) {
                Some(data_type) => read_value(row, at, &data_type),
                None => Err(DecodeError::new(row, at, "value", "the database does not tell its type")),
            }
        };
        let values: Result<_, DecodeError> = (0..row.len()).map(value).collect();
        Ok(RowMapping { columns, values: values? })
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The values, in the order of the columns.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The value of a column, by position or by name, as a Rust type: integers of any width that holds it, otherwise the
    /// type in which the database gave it.
    ///
    /// # Errors
    /// When there is no such column, or more than one of that name, or the value is not of that type.
    pub fn get<T: SqlType>(&self, column: impl ColumnIndex) -> Result<T, DecodeError> {
        let error = |position, reason: String| DecodeError {
            position,
            column: column.describe(),
            expected: std::any::type_name::<T>().to_owned(),
            reason,
        };
        let Some(position) = column.position(&self.columns) else {
            return Err(error(0, format!("the row has no such column, or two of them: {:?}", self.columns)));
        };
        T::from_value(self.values[position].clone()).map_err(|e| error(position, e.to_string()))
    }
}

impl TextRow for RowMapping {
    // Nobody knows them before it runs, so it fits nowhere inside of another statement.
    type Columns = ();

    fn read(row: &dyn Row) -> Result<Self, DecodeError> {
        RowMapping::read(row)
    }
}

impl Text {
    /// Rows whose columns are known at run time only.
    pub fn mappings(self) -> TextRows<RowMapping> {
        self.columns()
    }
}

/// A statement whose rows are read as [`RowMapping`]s, whatever its types say.
#[derive(Debug, Clone)]
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct Mappings<Q>(pub Q);

impl<Q: Query<I>, I> Query<I> for Mappings<Q> {
    type Row<M: Mode> = RowMapping;
    type Read<M: Mode> = RowMapping;

    fn into_statement(self) -> (tree::Statement, LoadOptions) {
        (self.0.into_statement().0, LoadOptions::default())
    }

    fn run_options(&self) -> crate::ExecutionOptions {
        self.0.run_options()
    }

    fn entities() -> Vec<EntityAt> {
        Vec::new()
    }

    fn decode<M: Mode>(_: &mut M::Context<'_>, row: &dyn Row) -> Result<RowMapping, M::Error> {
        Ok(RowMapping::read(row)?)
    }

    fn convert<M: Mode, N: Mode>(row: RowMapping, _: &mut impl Convert<M, N>) -> RowMapping {
        row
    }

    fn finish<M: Mode>(row: RowMapping, _: &mut impl Convert<M, Owned>) -> RowMapping {
        row
    }
}

/// A row with a first column to take out of it.
pub trait FirstColumn {
    /// Its type.
    type First;
    /// The first column; the rest is dropped.
    fn into_first(self) -> Self::First;
}

macro_rules! tuples {
    ($(($name:ident $place:ident $value:ident $(, $more:ident $more_place:ident $more_value:ident)*))*) => { $(
        impl<$name $(, $more)*> FirstColumn for ($name, $($more,)*) {
            type First = $name;

            fn into_first(self) -> $name {
                self.0
            }
        }
    )* };
}

crate::typed::projection::for_tuples!(tuples);
