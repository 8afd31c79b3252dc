//! Ranges of values.

use std::ops::Bound;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_decimal::Decimal;

use crate::{DataType, DecodeError, RangeType, Row, SqlType, Value, ValueError};

/// All values between two bounds, each of them included, excluded or missing; or no value at all.
///
/// PostgreSQL writes ranges of integers and dates in one form, the lower bound included and the upper one excluded; so
/// `1..=3` comes back as the equal `1..4`.
///
/// ```
/// use orm_query::Range;
///
/// assert_eq!(Range::from(1..4), Range::from(1..4));
/// assert!(Range::<i32>::Empty.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Range<T> {
    /// No value.
    Empty,
    /// From the first bound to the second.
    Bounds(Bound<T>, Bound<T>),
}

impl<T> Range<T> {
    /// Whether it holds no value by definition.
    pub fn is_empty(&self) -> bool {
        matches!(self, Range::Empty)
    }

    /// The range with each bound changed by `change`.
    ///
    /// # Errors
    /// The first error of `change`.
    pub fn try_map<U, E>(self, mut change: impl FnMut(T) -> Result<U, E>) -> Result<Range<U>, E> {
        let mut bound = |bound| {
            Ok(match bound {
                Bound::Included(value) => Bound::Included(change(value)?),
                Bound::Excluded(value) => Bound::Excluded(change(value)?),
                Bound::Unbounded => Bound::Unbounded,
            })
        };
        Ok(match self {
            Range::Empty => Range::Empty,
            Range::Bounds(lower, upper) => {
                let lower = bound(lower)?;
                Range::Bounds(lower, bound(upper)?)
            }
        })
    }
}

impl<T> From<std::ops::Range<T>> for Range<T> {
    fn from(range: std::ops::Range<T>) -> Self {
        Range::Bounds(Bound::Included(range.start), Bound::Excluded(range.end))
    }
}

impl<T> From<std::ops::RangeInclusive<T>> for Range<T> {
    fn from(range: std::ops::RangeInclusive<T>) -> Self {
        let (start, end) = range.into_inner();
        Range::Bounds(Bound::Included(start), Bound::Included(end))
    }
}

impl<T> From<std::ops::RangeFrom<T>> for Range<T> {
    fn from(range: std::ops::RangeFrom<T>) -> Self {
        Range::Bounds(Bound::Included(range.start), Bound::Unbounded)
    }
}

impl<T> From<std::ops::RangeTo<T>> for Range<T> {
    fn from(range: std::ops::RangeTo<T>) -> Self {
        Range::Bounds(Bound::Unbounded, Bound::Excluded(range.end))
    }
}

impl<T> From<std::ops::RangeFull> for Range<T> {
    fn from(_: std::ops::RangeFull) -> Self {
        Range::Bounds(Bound::Unbounded, Bound::Unbounded)
    }
}

/// What a range may be of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the bound of a range",
    label = "no range column is of this type"
)]
pub trait RangeElement: SqlType {
    /// The range's type.
    const RANGE: RangeType;
}

macro_rules! elements {
    ($($rust:ty, $variant:ident;)*) => { $(
        impl RangeElement for $rust {
            const RANGE: RangeType = RangeType::$variant;
        }
    )* };
}

elements! {
    i32, Integer;
    i64, BigInt;
    Decimal, Numeric;
    NaiveDate, Date;
    NaiveDateTime, Timestamp;
    DateTime<Utc>, TimestampTz;
}

impl<T: RangeElement> SqlType for Range<T> {
    type Base = Range<T>;
    type Lift<U: SqlType> = U;
    const DATA_TYPE: DataType = DataType::Range(T::RANGE);
    const NULLABLE: bool = false;

    fn to_value(&self) -> Value {
        let as_value = |value: T| Ok::<_, std::convert::Infallible>(value.to_value());
        match self.clone().try_map(as_value) {
            Ok(range) => Value::Range(Box::new(range)),
        }
    }

    fn from_value(value: Value) -> Result<Self, ValueError> {
        match value {
            Value::Range(range) => range.try_map(T::from_value),
            other => Err(ValueError { expected: "Range", value: format!("{other:?}") }),
        }
    }

    fn decode(row: &dyn Row, position: usize) -> Result<Self, DecodeError> {
        Self::decode_nullable(row, position)?.ok_or_else(|| DecodeError::null(row, position, "Range"))
    }

    fn decode_nullable(row: &dyn Row, position: usize) -> Result<Option<Self>, DecodeError> {
        let Some(range) = row.range(position, T::RANGE)? else { return Ok(None) };
        let misfit = |error: ValueError| DecodeError::new(row, position, "Range", error.to_string());
        range.try_map(T::from_value).map(Some).map_err(misfit)
    }
}
