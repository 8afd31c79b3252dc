use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::mapping::EntityDef;
use crate::row::Cell;
use crate::value::{BitString, Hstore, Inet, Interval, Range};
use crate::{DataType, DecodeError, RangeType, Row, Value};

/// A row with the columns of an entity in the entity's order, found by their names.
pub(super) struct NamedRow<'r> {
    row: &'r dyn Row,
    positions: Vec<usize>,
}

/// Whether a row has the columns of `entity` and no others, in its order.
pub(super) fn is_in_order(row: &dyn Row, entity: &EntityDef) -> bool {
    let columns = &entity.table.columns;
    let mut named = columns.iter().enumerate();
    row.len() == columns.len() && named.all(|(at, column)| row.column_name(at) == Some(&*column.name))
}

impl<'r> NamedRow<'r> {
    /// Finds the columns of `entity`; others may stand between them.
    ///
    /// # Errors
    /// When one is missing, or stands twice.
    pub(super) fn new(row: &'r dyn Row, entity: &EntityDef) -> Result<Self, DecodeError> {
        let position = |column: &crate::schema::ColumnDef| {
            let mut found = (0..row.len()).filter(|&at| row.column_name(at) == Some(&*column.name));
            let error = |reason: String| DecodeError {
                position: row.len(),
                column: column.name.clone().into_owned(),
                expected: entity.name.to_owned(),
                reason,
            };
            match (found.next(), found.next()) {
                (Some(at), None) => Ok(at),
                (Some(_), Some(_)) => Err(error(format!(
                    "the statement gives two columns of this name; select those of `{}` alone, or rename the other",
                    entity.table.name
                ))),
                (None, _) => {
                    let names: Vec<&str> = (0..row.len()).filter_map(|at| row.column_name(at)).collect();
                    let names = names.join("`, `");
                    Err(error(format!("the statement gives no column of this name, but `{names}`")))
                }
            }
        };
        Ok(NamedRow { row, positions: entity.table.columns.iter().map(position).collect::<Result<_, _>>()? })
    }

    fn at(&self, position: usize) -> usize {
        // What is beyond the entity's columns is beyond those of the row as well.
        self.positions.get(position).copied().unwrap_or(usize::MAX)
    }
}

macro_rules! getters {
    ($($name:ident $type:ty;)*) => { $(
        fn $name(&self, position: usize) -> $type {
            self.row.$name(self.at(position))
        }
    )* };
}

impl Row for NamedRow<'_> {
    fn len(&self) -> usize {
        self.positions.len()
    }

    getters! {
        column_name Option<&str>;
        is_null Result<bool, DecodeError>;
        bool Cell<bool>;
        i64 Cell<i64>;
        u64 Cell<u64>;
        f32 Cell<f32>;
        f64 Cell<f64>;
        decimal Cell<Decimal>;
        text Cell<Cow<'_, str>>;
        bytes Cell<Cow<'_, [u8]>>;
        date Cell<NaiveDate>;
        time Cell<NaiveTime>;
        datetime Cell<NaiveDateTime>;
        timestamp_tz Cell<DateTime<Utc>>;
        uuid Cell<Uuid>;
        json Cell<serde_json::Value>;
        interval Cell<Interval>;
        hstore Cell<Hstore>;
        inet Cell<Inet>;
        bits Cell<BitString>;
        data_type Option<DataType>;
    }

    fn array(&self, position: usize, element: &DataType) -> Cell<Vec<Value>> {
        self.row.array(self.at(position), element)
    }

    fn range(&self, position: usize, range: RangeType) -> Cell<Range<Value>> {
        self.row.range(self.at(position), range)
    }
}
