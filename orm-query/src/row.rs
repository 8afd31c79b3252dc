//! One row of a result, as a driver holds it.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::DecodeError;

/// What a getter of [`Row`] gives: `None` for NULL.
pub type Cell<T> = Result<Option<T>, DecodeError>;

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

    /// Whether the row has no column.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
