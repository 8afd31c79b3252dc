//! Expressions of another type, and parts of dates.

use super::expression::{Expr, Expression};
use super::operand::literal_operand;
use super::scope::Nil;
use super::text::parse;
use crate::tree::{self, DateField};
use crate::{Bind, DataType, SqlType, Value};

/// A conversion of an expression to another type.
pub trait Conversion: Expression {
    /// `CAST(self AS data_type)`, to a type with a length, a precision or a name: `cast_as::<String>(DataType::Varchar(10))`.
    ///
    /// `T` is the Rust type that the result is read as.
    fn cast_as<T: SqlType<Base = T>>(
        self,
        data_type: DataType,
    ) -> Expr<<Self::Sql as SqlType>::Lift<T>, Self::Sources> {
        Expr::from_tree(tree::Expr::Cast(Box::new(tree::Cast { operand: self.into_tree(), data_type })))
    }

    /// `TRY_CAST(self AS …)`: NULL where the value cannot be converted. Only MSSQL has it.
    fn try_cast<T: SqlType<Base = T>>(self) -> Expr<Option<T>, Self::Sources> {
        Expr::from_tree(tree::Expr::TryCast(Box::new(tree::Cast {
            operand: self.into_tree(),
            data_type: T::DATA_TYPE.into_plain(),
        })))
    }

    /// The same expression read as another type, without any SQL that converts it.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// let document = literal(r#"{"a": 1}"#.to_owned()).type_coerce::<serde_json::Value>();
    /// assert_eq!(engine.one(select(document)).await?, serde_json::json!({"a": 1}));
    /// # Ok(())
    /// # }
    /// ```
    fn type_coerce<T: SqlType<Base = T>>(self) -> Expr<<Self::Sql as SqlType>::Lift<T>, Self::Sources> {
        Expr::from_tree(tree::Expr::TypedAs(Box::new(tree::TypedAs {
            operand: self.into_tree(),
            data_type: T::DATA_TYPE,
        })))
    }
}

impl<E: Expression> Conversion for E {}

/// A type that has parts: a date, a time, both, or an interval.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no year, hour or other field of a date",
    label = "not a date, a time or an interval"
)]
pub trait Dated: SqlType {}

impl Dated for chrono::NaiveDate {}
impl Dated for chrono::NaiveTime {}
impl Dated for chrono::NaiveDateTime {}
impl Dated for chrono::DateTime<chrono::Utc> {}
impl Dated for crate::Interval {}

/// `EXTRACT(field FROM expression)`, as a whole number.
///
/// ```
/// # use orm::prelude::*;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// use orm::functions::extract;
/// use orm::DateField;
///
/// let day = literal(chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap());
/// let parts = (extract(DateField::Year, day.clone()), extract(DateField::DayOfYear, day));
/// assert_eq!(engine.one(select(parts)).await?, (2024, 60));
/// # Ok(())
/// # }
/// ```
pub fn extract<E>(field: DateField, expression: E) -> Expr<<E::Sql as SqlType>::Lift<i64>, E::Sources>
where
    E: Expression<Sql: SqlType<Base: Dated>>,
{
    let operand = expression.into_tree();
    Expr::from_tree(tree::Expr::Extract(Box::new(tree::Extract { field, operand })))
}

/// A Rust value as an expression: sent as a bind.
pub fn literal<T: SqlType>(value: T) -> Expr<T, Nil> {
    Expr::from_tree(literal_operand(&value))
}

/// A Rust value as an expression, written into the SQL: for what is the same in every call, so that the database may plan
/// for it.
pub fn inline<T: SqlType>(value: T) -> Expr<T, Nil> {
    let bind = Bind::new(value.to_value(), T::DATA_TYPE);
    Expr::from_tree(tree::Expr::Literal(Box::new(bind)))
}

/// `NULL`
pub fn null<T: SqlType<Base = T>>() -> Expr<Option<T>, Nil> {
    Expr::from_tree(tree::Expr::Literal(Box::new(Bind::new(Value::Null, T::DATA_TYPE))))
}

/// SQL of one's own as an expression of the type `T`: `literal_column::<i64>("1 + 1")`.
///
/// It goes into the statement as it is: never make it of what others have written. Parameters are those of
/// [`text`](super::text()), given by `.bind(…)` of the statement. What it reads is not checked.
pub fn literal_column<T: SqlType>(sql: impl AsRef<str>) -> Expr<T, Nil> {
    let text = tree::Text { parts: parse(sql.as_ref()), binds: Vec::new() };
    typed_text(text)
}

/// Text as an expression of the type `T`.
pub(super) fn typed_text<T: SqlType>(text: tree::Text) -> Expr<T, Nil> {
    Expr::from_tree(tree::Expr::TypedAs(Box::new(tree::TypedAs {
        operand: tree::Expr::Text(Box::new(text)),
        data_type: T::DATA_TYPE,
    })))
}
