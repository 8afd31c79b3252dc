use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::{BitString, Cell, DataType, DecodeError, Hstore, Inet, Interval, Range, RangeType, Row, Value};

/// A row of a statement that leaves items of its select list out, read by the positions of the planned list.
struct SparseRow<'r> {
    row: &'r dyn Row,
    /// Where each planned item stands in the row.
    positions: &'r [Option<usize>],
}

impl SparseRow<'_> {
    /// Where the item stands; an error where it was left out.
    fn at(&self, position: usize) -> Result<usize, DecodeError> {
        match self.positions.get(position) {
            Some(Some(position)) => Ok(*position),
            Some(None) => Err(DecodeError {
                position,
                column: String::new(),
                expected: "a column".into(),
                reason: "the query left it out, and its field is not a `Deferred`".into(),
            }),
            // The row has no such position, which its driver says.
            None => Ok(self.row.len() + position - self.positions.len()),
        }
    }
}

/// Shows a row as its statement planned it: `positions` are what
/// [`Statement::sent_positions`](crate::tree::Statement::sent_positions) says of it.
pub fn with_row<T>(
    row: &dyn Row,
    positions: Option<&[Option<usize>]>,
    read: impl FnOnce(&dyn Row) -> T,
) -> T {
    match positions {
        Some(positions) => read(&SparseRow { row, positions }),
        None => read(row),
    }
}

macro_rules! forwarded {
    ($($getter:ident $type:ty;)*) => {$(
        fn $getter(&self, position: usize) -> Cell<$type> {
            self.row.$getter(self.at(position)?)
        }
    )*};
}

impl Row for SparseRow<'_> {
    fn len(&self) -> usize {
        self.positions.len()
    }

    fn column_name(&self, position: usize) -> Option<&str> {
        self.row.column_name(self.at(position).ok()?)
    }

    fn is_null(&self, position: usize) -> Result<bool, DecodeError> {
        self.row.is_null(self.at(position)?)
    }

    forwarded! {
        bool bool;
        i64 i64;
        f32 f32;
        f64 f64;
        decimal Decimal;
        date NaiveDate;
        time NaiveTime;
        datetime NaiveDateTime;
        timestamp_tz DateTime<Utc>;
        uuid Uuid;
        json serde_json::Value;
        u64 u64;
        interval Interval;
        hstore Hstore;
        inet Inet;
        bits BitString;
    }

    fn text(&self, position: usize) -> Cell<Cow<'_, str>> {
        self.row.text(self.at(position)?)
    }

    fn bytes(&self, position: usize) -> Cell<Cow<'_, [u8]>> {
        self.row.bytes(self.at(position)?)
    }

    fn array(&self, position: usize, element: &DataType) -> Cell<Vec<Value>> {
        self.row.array(self.at(position)?, element)
    }

    fn range(&self, position: usize, range: RangeType) -> Cell<Range<Value>> {
        self.row.range(self.at(position)?, range)
    }

    fn is_absent(&self, position: usize) -> bool {
        matches!(self.positions.get(position), Some(None))
    }

    fn data_type(&self, position: usize) -> Option<DataType> {
        self.row.data_type(self.at(position).ok()?)
    }
}
