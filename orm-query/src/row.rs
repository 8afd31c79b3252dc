//! One row of a result, as a driver holds it.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::value::{BitString, Hstore, Inet, Interval, Range};
use crate::{DataType, DecodeError, RangeType, Value};

/// What a getter of [`Row`] gives: `None` for NULL.
pub type Cell<T> = Result<Option<T>, DecodeError>;

const NO_SUCH_TYPE: &str = "the database has no such type";

/// A row under a driver's cursor, read by position.
///
/// A getter reads the value at `position` (from 0), gives `None` for NULL, and an error for a value that the type
/// cannot hold exactly: never a silent change. Third-party drivers implement this trait.
pub trait Row {
    /// The number of columns.
    fn len(&self) -> usize;
    /// The name of the column at `position` in the result.
    fn column_name(&self, position: usize) -> Option<&str>;
    /// Whether the value is NULL.
    ///
    /// # Errors
    /// When the row has no such position.
    fn is_null(&self, position: usize) -> Result<bool, DecodeError>;
    /// Reads a BOOLEAN.
    ///
    /// # Errors
    /// This and the other getters: when the value does not fit the type.
    fn bool(&self, position: usize) -> Cell<bool>;
    /// Reads an integer of any width.
    fn i64(&self, position: usize) -> Cell<i64>;
    /// Reads a 32-bit float.
    fn f32(&self, position: usize) -> Cell<f32>;
    /// Reads a 64-bit float.
    fn f64(&self, position: usize) -> Cell<f64>;
    /// Reads an exact decimal.
    fn decimal(&self, position: usize) -> Cell<Decimal>;
    /// Reads text.
    fn text(&self, position: usize) -> Cell<Cow<'_, str>>;
    /// Reads bytes.
    fn bytes(&self, position: usize) -> Cell<Cow<'_, [u8]>>;
    /// Reads a date.
    fn date(&self, position: usize) -> Cell<NaiveDate>;
    /// Reads a time of day.
    fn time(&self, position: usize) -> Cell<NaiveTime>;
    /// Reads a date and time without a zone.
    fn datetime(&self, position: usize) -> Cell<NaiveDateTime>;
    /// Reads a moment, in UTC.
    fn timestamp_tz(&self, position: usize) -> Cell<DateTime<Utc>>;
    /// Reads a UUID.
    fn uuid(&self, position: usize) -> Cell<Uuid>;
    /// Reads a JSON document.
    fn json(&self, position: usize) -> Cell<serde_json::Value>;

    /// Reads an integer without a sign.
    fn u64(&self, position: usize) -> Cell<u64> {
        let read = self.i64(position)?;
        read.map(|v| v.try_into().map_err(|_| self.misfit(position, "u64", &format!("{v} is out of range"))))
            .transpose()
    }
    /// Reads a span of time.
    fn interval(&self, position: usize) -> Cell<Interval> {
        Err(self.misfit(position, "Interval", NO_SUCH_TYPE))
    }
    /// Reads an array of `element`s, in which each may be NULL.
    fn array(&self, position: usize, element: &DataType) -> Cell<Vec<Value>> {
        Err(self.misfit(position, &format!("array of {element}"), NO_SUCH_TYPE))
    }
    /// Reads a range.
    fn range(&self, position: usize, range: RangeType) -> Cell<Range<Value>> {
        Err(self.misfit(position, &format!("range of {}", range.element()), NO_SUCH_TYPE))
    }
    /// Reads texts by text keys.
    fn hstore(&self, position: usize) -> Cell<Hstore> {
        Err(self.misfit(position, "Hstore", NO_SUCH_TYPE))
    }
    /// Reads the address of a host or a network.
    fn inet(&self, position: usize) -> Cell<Inet> {
        Err(self.misfit(position, "Inet", NO_SUCH_TYPE))
    }
    /// Reads bits.
    fn bits(&self, position: usize) -> Cell<BitString> {
        Err(self.misfit(position, "BitString", NO_SUCH_TYPE))
    }

    /// Whether the query left out the column that would stand at `position`.
    fn is_absent(&self, position: usize) -> bool {
        _ = position;
        false
    }

    /// The type in which the database gives the value at `position`, as near as it can be told: what
    /// [`read_value`](crate::read_value) reads without loss. `None` where the row has no such position.
    fn data_type(&self, position: usize) -> Option<DataType>;

    /// An error for the value at `position`.
    fn misfit(&self, position: usize, expected: &str, reason: &str) -> DecodeError {
        DecodeError {
            position,
            column: self.column_name(position).unwrap_or("").to_owned(),
            expected: expected.to_owned(),
            reason: reason.to_owned(),
        }
    }

    /// Whether the row has no column.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
