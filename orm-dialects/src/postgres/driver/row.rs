use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use orm_query::{
    BitString, Cell, DataType, DecodeError, EnumType, Hstore, Inet, Interval, Range, RangeType, Row, Value,
};
use rust_decimal::Decimal;
use sqlx::postgres::{PgColumn, PgRow, PgTypeInfo, PgTypeKind};
use sqlx::{Column, Row as _, TypeInfo, ValueRef};
use uuid::Uuid;

use super::wire::Read;
use super::wire::datum::{Datum, Kind};

/// What the columns of a result are, found out once for all of its rows.
#[derive(Debug, Default)]
pub(super) struct Columns(Vec<Kind>);

impl Columns {
    pub(super) fn of(row: &PgRow) -> Self {
        Columns(row.columns().iter().map(|column| kind(column.type_info())).collect())
    }
}

fn kind(info: &PgTypeInfo) -> Kind {
    match info.oid().map_or(Kind::Unknown, |oid| Kind::of_number(oid.0)) {
        Kind::Unknown => {}
        known => return known,
    }
    match info.kind() {
        PgTypeKind::Enum(_) => Kind::Text,
        PgTypeKind::Array(_) => Kind::Array,
        PgTypeKind::Domain(base) => kind(base),
        // An extension's types have other numbers in every database, and the name of their schema where it is not
        // on the search path.
        PgTypeKind::Simple => match info.name().rsplit('.').next() {
            Some("hstore") => Kind::Hstore,
            Some("citext") => Kind::Text,
            _ => Kind::Unknown,
        },
        _ => Kind::Unknown,
    }
}

const NO_COLUMN: &str = "the row has no such column";

/// One row, whose values are read where they lie.
#[derive(Debug)]
pub(super) struct PostgresRow {
    row: PgRow,
    columns: Columns,
}

impl PostgresRow {
    /// The first row of a result.
    pub(super) fn first(row: PgRow) -> Self {
        let columns = Columns::of(&row);
        PostgresRow { row, columns }
    }

    /// The next row of the same result.
    pub(super) fn replace(&mut self, row: PgRow) {
        self.row = row;
    }

    /// The value at `position`: `Some(None)` where it is NULL, `None` where there is no such column.
    #[inline]
    fn datum(&self, position: usize) -> Option<Option<Datum<'_>>> {
        let kind = *self.columns.0.get(position)?;
        let value = self.row.try_get_raw(position).ok()?;
        Some(value.as_bytes().ok().map(|bytes| Datum { kind, bytes }))
    }

    #[inline]
    fn read<'r, T>(
        &'r self,
        position: usize,
        expected: &str,
        read: impl FnOnce(Datum<'r>) -> Read<T>,
    ) -> Cell<T> {
        match self.datum(position) {
            Some(Some(datum)) => match read(datum) {
                Ok(value) => Ok(Some(value)),
                Err(reason) => Err(self.unreadable(position, expected, &reason)),
            },
            Some(None) => Ok(None),
            None => Err(self.unreadable(position, expected, NO_COLUMN)),
        }
    }

    #[cold]
    fn unreadable(&self, position: usize, expected: &str, reason: &str) -> DecodeError {
        if !reason.is_empty() {
            return self.misfit(position, expected, reason);
        }
        let name = self.info(position).map_or("?", PgTypeInfo::name);
        let hint = match self.columns.0.get(position) {
            Some(Kind::Unknown) => "; the driver does not read this type: cast it to text in the query",
            _ => "",
        };
        self.misfit(position, expected, &format!("it is of the type {name}{hint}"))
    }

    fn column(&self, position: usize) -> Option<&PgColumn> {
        self.row.columns().get(position)
    }

    fn info(&self, position: usize) -> Option<&PgTypeInfo> {
        self.column(position).map(Column::type_info)
    }
}

impl Row for PostgresRow {
    fn len(&self) -> usize {
        self.columns.0.len()
    }

    fn column_name(&self, position: usize) -> Option<&str> {
        self.column(position).map(Column::name)
    }

    fn is_null(&self, position: usize) -> Result<bool, DecodeError> {
        match self.row.try_get_raw(position) {
            Ok(value) => Ok(value.is_null()),
            Err(_) => Err(self.misfit(position, "any value", NO_COLUMN)),
        }
    }

    fn bool(&self, position: usize) -> Cell<bool> {
        self.read(position, "bool", Datum::bool)
    }

    fn i64(&self, position: usize) -> Cell<i64> {
        self.read(position, "i64", Datum::i64)
    }

    fn u64(&self, position: usize) -> Cell<u64> {
        self.read(position, "u64", Datum::u64)
    }

    fn f32(&self, position: usize) -> Cell<f32> {
        self.read(position, "f32", Datum::f32)
    }

    fn f64(&self, position: usize) -> Cell<f64> {
        self.read(position, "f64", Datum::f64)
    }

    fn decimal(&self, position: usize) -> Cell<Decimal> {
        self.read(position, "Decimal", Datum::decimal)
    }

    fn text(&self, position: usize) -> Cell<Cow<'_, str>> {
        self.read(position, "String", |datum| datum.text().map(Cow::Borrowed))
    }

    fn bytes(&self, position: usize) -> Cell<Cow<'_, [u8]>> {
        self.read(position, "Vec<u8>", |datum| datum.bytes().map(Cow::Borrowed))
    }

    fn date(&self, position: usize) -> Cell<NaiveDate> {
        self.read(position, "NaiveDate", Datum::date)
    }

    fn time(&self, position: usize) -> Cell<NaiveTime> {
        self.read(position, "NaiveTime", Datum::time)
    }

    fn datetime(&self, position: usize) -> Cell<NaiveDateTime> {
        self.read(position, "NaiveDateTime", Datum::datetime)
    }

    fn timestamp_tz(&self, position: usize) -> Cell<DateTime<Utc>> {
        self.read(position, "DateTime<Utc>", Datum::timestamp_tz)
    }

    fn uuid(&self, position: usize) -> Cell<Uuid> {
        self.read(position, "Uuid", Datum::uuid)
    }

    fn json(&self, position: usize) -> Cell<serde_json::Value> {
        self.read(position, "serde_json::Value", Datum::json)
    }

    fn interval(&self, position: usize) -> Cell<Interval> {
        self.read(position, "Interval", Datum::interval)
    }

    fn array(&self, position: usize, element: &DataType) -> Cell<Vec<Value>> {
        let own = match self.info(position).map(PgTypeInfo::kind) {
            Some(PgTypeKind::Array(element)) => kind(element),
            _ => Kind::Unknown,
        };
        self.read(position, "Vec", |datum| datum.array(own, element))
    }

    fn range(&self, position: usize, range: RangeType) -> Cell<Range<Value>> {
        self.read(position, "Range", |datum| datum.range(range))
    }

    fn hstore(&self, position: usize) -> Cell<Hstore> {
        self.read(position, "Hstore", Datum::hstore)
    }

    fn inet(&self, position: usize) -> Cell<Inet> {
        self.read(position, "Inet", Datum::inet)
    }

    fn bits(&self, position: usize) -> Cell<BitString> {
        self.read(position, "BitString", Datum::bits)
    }

    fn data_type(&self, position: usize) -> Option<DataType> {
        self.info(position).map(data_type)
    }
}

fn data_type(info: &PgTypeInfo) -> DataType {
    match info.kind() {
        PgTypeKind::Enum(values) => {
            let values = values.iter().map(|value| Cow::Owned(value.to_string())).collect();
            DataType::Enum(EnumType::new(Cow::Owned(info.name().to_owned()), Cow::Owned(values)))
        }
        PgTypeKind::Array(element) => DataType::Array(data_type(element).into()),
        PgTypeKind::Domain(base) => data_type(base),
        _ => kind(info).data_type().unwrap_or_else(|| DataType::Other(Cow::Owned(info.name().to_owned()))),
    }
}
