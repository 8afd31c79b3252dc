//! What the output of `#[derive(Mapped)]` and `#[derive(SqlType)]` calls, so that it stays short. Not for use by hand.

use std::error::Error;

use super::{
    Deferral, Deferred, Field, JoinOn, Mapped, Multiplicity, OrderDef, PropertyDef, RelationField,
    RelationKind, RelationshipDef, assert_back_populates, find_foreign_key,
};
use crate::schema::{
    CheckDef, ColumnDef, ForeignKeyDef, IndexColumn, IndexDef, List, Name, TableDef, UniqueDef,
};
use crate::typed::{
    AskedFor, Column, Expression, InScope, Inner, Nil, Property, RecordColumn, Relationship, RowWise, Stored,
};
use crate::{DataType, DecodeError, ElementType, EnumType, Row, SqlType, Value, ValueError, tree};

/// The accessor of a field of the type `F`.
pub type ColumnOf<E, F> = Column<E, <F as Field>::Sql, <F as Field>::Presence>;

/// The accessor of a `#[column_property(…)]` of the type `F`.
pub type PropertyOf<E, F> = Column<E, <F as Field>::Sql, Property>;

/// The accessor of a `#[query_expression]` of the type `F`.
pub type QueryExpressionOf<E, F> = AskedFor<E, <F as Field>::Sql>;

/// A property that is the expression `expr` over the columns of `E`.
pub const fn column_property<F: DeferredField>(name: &'static str, expr: fn() -> tree::Expr) -> PropertyDef {
    PropertyDef { expr: Some(expr), ..query_expression::<F>(name) }
}

/// The tree of a property's expression.
pub fn property_expr<E: Mapped, F: DeferredField, X, I>(expression: X) -> tree::Expr
where
    X: Expression<Sql = F::Sql, Sources: RowWise + InScope<(Inner<E>, Nil), I>>,
{
    expression.into_tree()
}

/// A property that each query may say for itself.
pub const fn query_expression<F: DeferredField>(name: &'static str) -> PropertyDef {
    let deferral = Deferral { by_default: false, group: None };
    PropertyDef { name, data_type: || <F::Sql as SqlType>::DATA_TYPE, expr: None, deferral }
}

/// The type of a property's field.
#[diagnostic::on_unimplemented(
    message = "a property may be absent, and `{Self}` cannot",
    label = "make this `Deferred<{Self}>`",
    note = "it is absent in a new object, and where a query leaves it out"
)]
pub trait DeferredField: Field {}

impl<T: SqlType> DeferredField for Deferred<T> {}

/// Reads a property: it is absent where the row ends before it, as the row of a text may.
///
/// # Errors
/// When the value does not fit.
pub fn read_property<F: DeferredField + Default>(row: &dyn Row, position: usize) -> Decoded<F> {
    if position >= row.len() && !row.is_absent(position) {
        return Ok(F::default());
    }
    F::read(row, position)
}

/// Reads a query expression: NULL stands for one that was not asked for, where its type has no NULL of its own.
///
/// # Errors
/// When the value does not fit.
pub fn read_expression<F: DeferredField + Default>(row: &dyn Row, position: usize) -> Decoded<F> {
    let is_left = position >= row.len() && !row.is_absent(position);
    if is_left || (!<F::Sql as SqlType>::NULLABLE && !row.is_absent(position) && row.is_null(position)?) {
        return Ok(F::default());
    }
    F::read(row, position)
}

/// The accessor of the `N`th relationship field, of the type `F`.
pub type RelationshipOf<E, F, const N: usize> =
    Relationship<E, <F as RelationField>::Target, <F as RelationField>::Multiplicity, N>;

/// The column of a record's field.
pub const fn record_column<T: SqlType>(name: &'static str) -> RecordColumn {
    RecordColumn { name, data_type: T::DATA_TYPE }
}

/// What reading a `T` from a row gives.
pub type Decoded<T> = Result<T, DecodeError>;

/// What writing a value into a field gives.
pub type Put = Result<(), ValueError>;

/// The table of `E`, without its constraints.
pub const fn table<E: Mapped>(columns: &'static [ColumnDef]) -> TableDef {
    let table = TableDef::new(Name::Borrowed(E::NAME), List::Borrowed(columns));
    match E::SCHEMA {
        Some(schema) => table.schema(schema),
        None => table,
    }
}

/// The column of a field: `<F as Field>::COLUMN` with its name.
pub const fn column(name: &'static str, mut column: ColumnDef) -> ColumnDef {
    std::mem::forget(std::mem::replace(&mut column.name, Name::Borrowed(name)));
    column
}

/// A foreign key to the table of `T`.
pub const fn foreign_key<T: Mapped>(
    columns: &'static [Name],
    target_columns: &'static [Name],
) -> ForeignKeyDef {
    let key =
        ForeignKeyDef::new(List::Borrowed(columns), Name::Borrowed(T::NAME), List::Borrowed(target_columns));
    match T::SCHEMA {
        Some(schema) => key.target_schema(schema),
        None => key,
    }
}

/// An expression of an index.
pub const fn index_expression(sql: &'static str) -> IndexColumn {
    IndexColumn::expression(Name::Borrowed(sql))
}

/// A UNIQUE constraint.
pub const fn unique(name: Option<&'static str>, columns: &'static [Name]) -> UniqueDef {
    UniqueDef::new(borrowed(name), List::Borrowed(columns))
}

/// An index.
pub const fn index(name: Option<&'static str>, columns: &'static [IndexColumn], unique: bool) -> IndexDef {
    IndexDef::new(borrowed(name), List::Borrowed(columns), unique)
}

/// A column of an index.
pub const fn index_column(name: &'static str) -> IndexColumn {
    IndexColumn::new(Name::Borrowed(name))
}

/// A CHECK constraint.
pub const fn check(name: Option<&'static str>, sql: &'static str) -> CheckDef {
    CheckDef::new(borrowed(name), Name::Borrowed(sql))
}

const fn borrowed(name: Option<&'static str>) -> Option<Name> {
    match name {
        Some(name) => Some(Name::Borrowed(name)),
        None => None,
    }
}

/// A relationship from `E`; `kind` is the `KIND` of its field's type.
pub const fn relationship<E: Mapped>(
    name: &'static str,
    kind: RelationKind,
    join: JoinOn,
) -> RelationshipDef {
    RelationshipDef::new(name, || E::ENTITY, kind.target, kind.to_many, kind.optional, join)
}

/// The join through the link table of `L`.
pub const fn secondary<L: Mapped>(source_key: usize, target_key: usize) -> JoinOn {
    JoinOn::Secondary { link: || L::ENTITY, source_key, target_key }
}

/// The position of the foreign key of `C` to `P` that `column` belongs to.
#[track_caller]
pub const fn key_of<C: Mapped, P: Mapped, T>(column: Column<C, T>) -> usize {
    find_foreign_key(C::TABLE, column.name(), P::NAME)
}

/// A column of a relationship's order.
pub const fn order<S, T, D: Stored>(column: Column<S, T, D>, descending: bool) -> OrderDef {
    OrderDef { column: column.name(), descending }
}

/// What `default = …` gives.
#[diagnostic::on_unimplemented(
    message = "this default gives a `{Self}`, and the column is a `{T}`",
    label = "not a `{T}`, and not convertible into one"
)]
pub trait DefaultFor<T> {
    /// The value as the column has it.
    fn into_default(self) -> T;
}

#[diagnostic::do_not_recommend]
impl<T, U: Into<T>> DefaultFor<T> for U {
    fn into_default(self) -> T {
        self.into()
    }
}

/// The value of a default for a field of the type `F`.
pub fn default_value<F: Field, V: DefaultFor<F::Sql>>(value: V) -> Value {
    value.into_default().to_value()
}

/// The number behind a version: 1 for a new row, and again 1 behind the greatest that the column can hold.
pub fn count_version<F: Field>(before: Option<Value>) -> Value {
    let next = match before {
        Some(Value::I16(v)) => i128::from(v) + 1,
        Some(Value::I32(v)) => i128::from(v) + 1,
        Some(Value::I64(v)) => i128::from(v) + 1,
        Some(Value::U64(v)) => i128::from(v) + 1,
        _ => 1,
    };
    let version = |number: i128| {
        let number = u64::try_from(number).map(Value::U64).ok()?;
        F::Sql::from_value(number).ok().map(|version| version.to_value())
    };
    version(next).or_else(|| version(1)).unwrap_or(Value::Null)
}

/// The version that a function makes of the one before.
pub fn next_version<F: Field>(before: Option<Value>, next: fn(Option<F::Sql>) -> F::Sql) -> Value {
    next(before.and_then(|before| F::Sql::from_value(before).ok())).to_value()
}

/// A version that counts up is an integer.
///
/// # Panics
/// At compile time, where it is not.
#[track_caller]
pub const fn assert_version<F: Field>() {
    assert!(
        data_type::<F>().is_integer() && !<F::Sql as SqlType>::NULLABLE,
        "a `version` that counts up is an integer and not NULL; for another type name a function, `version = next`, or leave it to the database by `server_default` or `computed`"
    );
}

/// A column of the primary key is never NULL.
///
/// # Panics
/// At compile time, where it may be.
#[track_caller]
pub const fn assert_key<F: Field>() {
    assert!(
        !<F::Sql as SqlType>::NULLABLE,
        "a column of the primary key cannot be NULL: take the `Option` off"
    );
    assert!(!F::DEFERRABLE, "a column of the primary key is read with every row: take the `Deferred` off");
}

/// The SQL type of a field of the type `F`.
const fn data_type<F: Field>() -> &'static DataType {
    const { &<F::Sql as SqlType>::DATA_TYPE }
}

/// Both sides of a relationship name each other, and are joined by the same foreign key in opposite directions.
///
/// # Panics
/// At compile time, where they are not.
#[track_caller]
pub const fn assert_both_sides<
    A: Mapped,
    B: Mapped,
    M: Multiplicity,
    N: Multiplicity,
    const I: usize,
    const J: usize,
>(
    one: &Relationship<A, B, M, I>,
    other: &Relationship<B, A, N, J>,
) {
    assert_back_populates(one, other);
    let opposite = match (one.definition().join, other.definition().join) {
        (JoinOn::TargetKey(a), JoinOn::SourceKey(b)) => a == b,
        // The other side says so.
        (JoinOn::SourceKey(_), JoinOn::TargetKey(_)) => true,
        (
            JoinOn::Secondary { source_key: a, target_key: b, .. },
            JoinOn::Secondary { source_key: c, target_key: d, .. },
        ) => a == d && b == c,
        _ => false,
    };
    assert!(
        opposite || one.definition().view_only || other.definition().view_only,
        "the two sides of `back_populates` do not go by the same foreign key; name it on both by `foreign_key`, or by `secondary`"
    );
}

/// The length of a column of text or of bits.
///
/// # Panics
/// At compile time, where the column is neither.
#[track_caller]
pub const fn length<F: Field>(length: u32) -> u32 {
    assert!(
        matches!(
            data_type::<F>(),
            DataType::Text | DataType::Varchar(_) | DataType::Bit(_) | DataType::BitVarying(_)
        ),
        "`length` is for columns of text and of bits (`BitString`) only"
    );
    length
}

/// The number of bits of a column of bits.
///
/// # Panics
/// At compile time, where the column has none.
#[track_caller]
pub const fn bits<F: Field>(bits: u32) -> u32 {
    assert!(
        matches!(data_type::<F>(), DataType::Bit(_) | DataType::BitVarying(_)),
        "`bits` is for `BitString` columns only"
    );
    bits
}

/// The collation of a column of text.
///
/// # Panics
/// At compile time, where the column is no text.
#[track_caller]
pub const fn collation<F: Field>(collation: &'static str) -> &'static str {
    assert!(has_text(data_type::<F>()), "`collation` is for columns of text only");
    collation
}

/// Whether its values, or their elements, may be texts.
const fn has_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Text | DataType::Varchar(_) | DataType::Enum(_) | DataType::Other(_) => true,
        DataType::Array(ElementType::Borrowed(element)) => has_text(element),
        _ => false,
    }
}

/// The digits of a decimal column.
///
/// # Panics
/// At compile time, where the column is no decimal.
#[track_caller]
pub const fn decimal_digits<F: Field>(precision: u8) -> u8 {
    assert!(
        matches!(data_type::<F>(), DataType::Numeric { .. }),
        "`precision` and `scale` are for `Decimal` columns only"
    );
    precision
}

/// A column that is counted up is an integer.
///
/// # Panics
/// At compile time, where it is not.
#[track_caller]
pub const fn assert_integer<F: Field>() {
    assert!(data_type::<F>().is_integer(), "`identity` and `autoincrement` are for integer columns only");
}

/// A column that `set null` sets can be NULL.
///
/// # Panics
/// At compile time, where it cannot.
#[track_caller]
pub const fn assert_set_null<F: Field>() {
    assert!(
        <F::Sql as SqlType>::NULLABLE,
        "`set null` on a column that cannot be NULL: make the field an `Option`, or say `cascade` or `restrict`"
    );
}

/// For a field of which nothing is known because of an error: it is never compiled to the end.
///
/// # Panics
/// Always.
#[cold]
pub fn unread<T>() -> T {
    panic!("this field could not be mapped")
}

/// For a position that no column has.
///
/// # Panics
/// Always.
#[cold]
pub fn no_such_column(entity: &str, position: usize) -> ! {
    panic!("`{entity}` has no column at the position {position}")
}

/// The inside of a newtype is not nullable.
///
/// # Panics
/// At compile time, where it is.
#[track_caller]
pub const fn assert_not_null(nullable: bool) {
    assert!(!nullable, "a newtype of an `Option` cannot be a SQL type; use an `Option` of the newtype");
}

/// A value that must be there.
///
/// # Errors
/// When it is NULL, or could not be read.
pub fn not_null<T>(
    value: Result<Option<T>, DecodeError>,
    row: &dyn Row,
    position: usize,
    name: &str,
) -> Result<T, DecodeError> {
    value?.ok_or_else(|| DecodeError::null(row, position, name))
}

/// The SQL type of an enum that is stored as text; `native` where the database's own enums may be used.
pub const fn text_enum(name: &'static str, values: &'static [Name], native: bool) -> DataType {
    let enum_type = EnumType::new(Name::Borrowed(name), List::Borrowed(values));
    DataType::Enum(if native { enum_type } else { enum_type.as_text() })
}

/// The value of an enum that is stored as text.
pub fn text_value(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// The variant that is stored as a text.
///
/// # Errors
/// When there is none.
pub fn variant_from_text<T: Clone>(
    value: Value,
    name: &'static str,
    variants: &[(&str, T)],
) -> Result<T, ValueError> {
    let found = match &value {
        Value::Text(text) => variants.iter().find(|(stored, _)| stored == text),
        _ => None,
    };
    found.map(|(_, variant)| variant.clone()).ok_or_else(|| wrong(name, &value))
}

/// Reads the variant that is stored as a text.
///
/// # Errors
/// When there is none.
pub fn read_text_variant<T: Clone>(
    row: &dyn Row,
    position: usize,
    name: &str,
    variants: &[(&str, T)],
) -> Result<Option<T>, DecodeError> {
    let Some(text) = row.text(position)? else { return Ok(None) };
    match variants.iter().find(|(stored, _)| *stored == text) {
        Some((_, variant)) => Ok(Some(variant.clone())),
        None => {
            let known =
                variants.iter().map(|(stored, _)| format!("`{stored}`")).collect::<Vec<_>>().join(", ");
            Err(DecodeError::new(row, position, name, format!("`{text}` is not one of {known}")))
        }
    }
}

/// The variant that is stored as an integer.
///
/// # Errors
/// When there is none.
pub fn variant_from_integer<R: SqlType + PartialEq, T: Clone>(
    value: Value,
    name: &'static str,
    variants: &[(R, T)],
) -> Result<T, ValueError> {
    let integer = R::from_value(value.clone()).map_err(|_| wrong(name, &value))?;
    let found = variants.iter().find(|(stored, _)| *stored == integer);
    found.map(|(_, variant)| variant.clone()).ok_or_else(|| wrong(name, &value))
}

/// Reads the variant that is stored as an integer.
///
/// # Errors
/// When there is none.
pub fn read_integer_variant<R: SqlType + PartialEq + std::fmt::Display, T: Clone>(
    row: &dyn Row,
    position: usize,
    name: &str,
    variants: &[(R, T)],
) -> Result<Option<T>, DecodeError> {
    let Some(integer) = R::decode_nullable(row, position)? else { return Ok(None) };
    match variants.iter().find(|(stored, _)| *stored == integer) {
        Some((_, variant)) => Ok(Some(variant.clone())),
        None => {
            let known = variants.iter().map(|(stored, _)| stored.to_string()).collect::<Vec<_>>().join(", ");
            Err(DecodeError::new(row, position, name, format!("{integer} is not one of {known}")))
        }
    }
}

/// [`TypeDecorator::process_result`](crate::TypeDecorator::process_result) of the type `T`.
pub type ProcessResult<I, T> = fn(I) -> Result<T, Box<dyn Error + Send + Sync>>;

/// The value of a type that is stored by way of another.
///
/// # Errors
/// When the value is of another type, or is none that the type stores.
pub fn decorated<I: SqlType, T>(
    value: Value,
    name: &'static str,
    process_result: ProcessResult<I, T>,
) -> Result<T, ValueError> {
    let stored = I::from_value(value.clone()).map_err(|_| wrong(name, &value))?;
    process_result(stored)
        .map_err(|reason| ValueError { expected: name, value: format!("{value:?} ({reason})") })
}

/// Reads a type that is stored by way of another.
///
/// # Errors
/// When the value is none that the type stores.
pub fn read_decorated<I: SqlType, T>(
    row: &dyn Row,
    position: usize,
    name: &str,
    process_result: ProcessResult<I, T>,
) -> Decoded<Option<T>> {
    let Some(stored) = I::decode_nullable(row, position)? else { return Ok(None) };
    match process_result(stored) {
        Ok(value) => Ok(Some(value)),
        Err(reason) => Err(DecodeError::new(row, position, name, reason.to_string())),
    }
}

fn wrong(name: &'static str, value: &Value) -> ValueError {
    ValueError { expected: name, value: format!("{value:?}") }
}
