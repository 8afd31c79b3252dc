use std::net::IpAddr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::column::Column;
use super::expression::{Expr, Expression};
use super::presence::Presence;
use super::scope::{Nil, Plus, SourceSet, Union};
use super::source::Source;
use crate::{
    ArrayElement, Bind, BitString, Hstore, Inet, Interval, Jsonb, Range, RangeElement, SqlType, tree,
};

/// What may stand on the right of a `T`: a Rust value, an `Option` of one, a column, an expression, a scalar
/// subquery.
#[diagnostic::on_unimplemented(
    message = "a SQL expression of type `{T}` cannot be compared with or set to `{Self}`",
    label = "expected `{T}`: a value, a column or an expression of that type",
    note = "SQL types are never converted silently; `.cast::<…>()` converts an expression"
)]
pub trait Operand<T> {
    /// Its type: `T` or `Option<T>`.
    type Sql: SqlType;
    /// The sources that it reads.
    type Sources: SourceSet;
    /// It as data.
    fn into_operand(self) -> tree::Expr;
}

/// A Rust value as a bind of its own SQL type.
pub fn literal_operand<T: SqlType>(value: &T) -> tree::Expr {
    tree::Expr::Bind(Bind::new(value.to_value(), T::DATA_TYPE))
}

macro_rules! literals {
    ($($rust:ty => $sql:ty, $convert:expr;)*) => { $(
        impl Operand<$sql> for $rust {
            type Sql = $sql;
            type Sources = Nil;

            fn into_operand(self) -> tree::Expr {
                let convert: fn($rust) -> $sql = $convert;
                literal_operand::<$sql>(&convert(self))
            }
        }
    )* };
}

literals! {
    bool => bool, |v| v;
    i8 => i8, |v| v;
    i16 => i16, |v| v;
    i32 => i32, |v| v;
    i64 => i64, |v| v;
    u8 => u8, |v| v;
    u16 => u16, |v| v;
    u32 => u32, |v| v;
    u64 => u64, |v| v;
    f32 => f32, |v| v;
    f64 => f64, |v| v;
    Decimal => Decimal, |v| v;
    i32 => Decimal, Decimal::from;
    String => String, |v| v;
    &String => String, Clone::clone;
    &str => String, str::to_owned;
    Vec<u8> => Vec<u8>, |v| v;
    &[u8] => Vec<u8>, <[u8]>::to_vec;
    NaiveDate => NaiveDate, |v| v;
    NaiveTime => NaiveTime, |v| v;
    NaiveDateTime => NaiveDateTime, |v| v;
    DateTime<Utc> => DateTime<Utc>, |v| v;
    Uuid => Uuid, |v| v;
    serde_json::Value => serde_json::Value, |v| v;
    Jsonb => Jsonb, |v| v;
    serde_json::Value => Jsonb, Jsonb;
    Interval => Interval, |v| v;
    TimeDelta => TimeDelta, |v| v;
    Hstore => Hstore, |v| v;
    Inet => Inet, |v| v;
    IpAddr => Inet, Inet::from;
    BitString => BitString, |v| v;
}

impl<T: ArrayElement> Operand<Vec<T>> for Vec<T> {
    type Sql = Vec<T>;
    type Sources = Nil;

    fn into_operand(self) -> tree::Expr {
        literal_operand(&self)
    }
}

impl<T: RangeElement> Operand<Range<T>> for Range<T> {
    type Sql = Range<T>;
    type Sources = Nil;

    fn into_operand(self) -> tree::Expr {
        literal_operand(&self)
    }
}

impl<T: SqlType<Base = T>, L: Operand<T>> Operand<T> for Option<L> {
    type Sql = Option<T>;
    type Sources = L::Sources;

    fn into_operand(self) -> tree::Expr {
        match self {
            Some(operand) => operand.into_operand(),
            None => tree::Expr::Bind(Bind::new(crate::Value::Null, T::DATA_TYPE)),
        }
    }
}

/// An expression of the type `Self` may stand where a `T` is expected: it is a `T`, or an `Option` of it.
#[diagnostic::on_unimplemented(
    message = "a SQL expression of type `{T}` cannot be compared with or set to one of type `{Self}`",
    label = "expected an expression of type `{T}`, and this is a `{Self}`",
    note = "SQL types are never converted silently; `.cast::<…>()` converts an expression"
)]
pub trait SameType<T>: SqlType {}

impl<T: SqlType<Base = T>> SameType<T> for T {}
impl<T: SqlType<Base = T>> SameType<T> for Option<T> {}

impl<S: Source, T: SameType<U>, U, D: Presence> Operand<U> for Column<S, T, D> {
    type Sql = T;
    type Sources = S;

    fn into_operand(self) -> tree::Expr {
        self.into_tree()
    }
}

impl<T: SameType<U>, S: SourceSet, K: 'static, U> Operand<U> for Expr<T, S, K> {
    type Sql = T;
    type Sources = S;

    fn into_operand(self) -> tree::Expr {
        self.into_tree()
    }
}

/// A value of this type can be stored in a column of type `T`.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be set to a value of type `{Self}`",
    label = "expected `{T}`, and this is `{Self}`",
    note = "a column whose field is no `Option` is NOT NULL: it takes nothing that may be NULL"
)]
pub trait AssignTo<T> {}

impl<T: SqlType> AssignTo<T> for T {}
impl<T: SqlType<Base = T>> AssignTo<Option<T>> for T {}

/// What may stand behind `IN`: a list of values of type `T`, or a query that gives them; `I` is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand behind IN for an expression of type `{T}`",
    label = "expected a list of `{T}`, as in `[a, b]`, or a `select(…)` of one column of that type"
)]
pub trait InOperand<T, I> {
    /// The sources that it reads.
    type Sources: SourceSet;
    /// `operand [NOT] IN self`
    fn into_in(self, operand: tree::Expr, negated: bool) -> tree::Expr;
}

fn in_list<T, L: Operand<T>>(
    operand: tree::Expr,
    list: impl IntoIterator<Item = L>,
    negated: bool,
) -> tree::Expr {
    let list = list.into_iter().map(Operand::into_operand).collect();
    tree::Expr::InList(Box::new(tree::InList { operand, list, negated }))
}

impl<T, L: Operand<T>> InOperand<T, ()> for Vec<L> {
    type Sources = L::Sources;

    fn into_in(self, operand: tree::Expr, negated: bool) -> tree::Expr {
        in_list(operand, self, negated)
    }
}

impl<T, L: Operand<T>, const N: usize> InOperand<T, ()> for [L; N] {
    type Sources = L::Sources;

    fn into_in(self, operand: tree::Expr, negated: bool) -> tree::Expr {
        in_list(operand, self, negated)
    }
}

impl<T, L: Operand<T> + Clone> InOperand<T, ()> for &[L] {
    type Sources = L::Sources;

    fn into_in(self, operand: tree::Expr, negated: bool) -> tree::Expr {
        in_list(operand, self.iter().cloned(), negated)
    }
}

impl<T, L: Operand<T> + Clone> InOperand<T, ()> for &Vec<L> {
    type Sources = L::Sources;

    fn into_in(self, operand: tree::Expr, negated: bool) -> tree::Expr {
        in_list(operand, self.iter().cloned(), negated)
    }
}

macro_rules! in_tuples {
    ($(($($name:ident $value:ident),*) $sources:ty where [$($bound:tt)*];)*) => { $(
        impl<T, $($name: Operand<T>),*> InOperand<T, ()> for ($($name,)*)
        where
            $($bound)*
        {
            type Sources = $sources;

            fn into_in(self, operand: tree::Expr, negated: bool) -> tree::Expr {
                let ($($value,)*) = self;
                let list = vec![$($value.into_operand()),*];
                tree::Expr::InList(Box::new(tree::InList { operand, list, negated }))
            }
        }
    )* };
}

// Expressions of unlike kinds.
in_tuples! {
    (A a, B b) Union<A::Sources, B::Sources> where [B::Sources: Plus<A::Sources>];
    (A a, B b, C c) Union<Union<A::Sources, B::Sources>, C::Sources>
        where [B::Sources: Plus<A::Sources>, C::Sources: Plus<Union<A::Sources, B::Sources>>];
    (A a, B b, C c, D d) Union<Union<Union<A::Sources, B::Sources>, C::Sources>, D::Sources>
        where [
            B::Sources: Plus<A::Sources>,
            C::Sources: Plus<Union<A::Sources, B::Sources>>,
            D::Sources: Plus<Union<Union<A::Sources, B::Sources>, C::Sources>>
        ];
}
