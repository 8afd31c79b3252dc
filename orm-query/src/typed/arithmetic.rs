//! `+ - * / %` and `! & |` on columns and expressions.

use std::ops;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::column::Column;
use super::expression::{Boolean, Expr, Expression, Lifted, Predicate};
use super::operand::literal_operand;
use super::presence::Presence;
use super::scope::{Nil, Plus, SourceSet, Union};
use super::source::Source;
use crate::tree::{self, BinaryOperator, UnaryOperator};
use crate::{Interval, SqlType};

/// Numbers of this type and of the type `R` can be multiplied, and have a remainder.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{R}` cannot be combined by arithmetic in SQL",
    label = "not two numbers, or not two that have a common type",
    note = "`.cast::<…>()` converts an expression"
)]
pub trait Arithmetic<R> {
    /// The type of the result.
    type Output: SqlType<Base = Self::Output>;
}

/// An `R` can be added to a value of this type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{R}` cannot be combined by arithmetic in SQL",
    label = "not two numbers, or not two that have a common type",
    note = "`.cast::<…>()` converts an expression"
)]
pub trait Added<R> {
    /// The type of the sum.
    type Output: SqlType<Base = Self::Output>;
}

/// An `R` can be subtracted from a value of this type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{R}` cannot be combined by arithmetic in SQL",
    label = "not two numbers, or not two that have a common type",
    note = "`.cast::<…>()` converts an expression"
)]
pub trait Subtracted<R> {
    /// The type of the difference.
    type Output: SqlType<Base = Self::Output>;
}

/// Numbers of this type can be divided by numbers of the type `R`; integers divide to a float, as in SQLAlchemy.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be divided by `{R}` in SQL",
    label = "not two numbers"
)]
pub trait Divided<R> {
    /// The type of the quotient.
    type Output: SqlType<Base = Self::Output>;
}

macro_rules! arithmetic {
    ($($left:ty, $right:ty => $output:ty, $quotient:ty;)*) => { $(
        impl Arithmetic<$right> for $left {
            type Output = $output;
        }
        impl Added<$right> for $left {
            type Output = $output;
        }
        impl Subtracted<$right> for $left {
            type Output = $output;
        }
        impl Divided<$right> for $left {
            type Output = $quotient;
        }
    )* };
}

arithmetic! {
    i16, i16 => i16, f64;
    i16, i32 => i32, f64;
    i16, i64 => i64, f64;
    i32, i16 => i32, f64;
    i32, i32 => i32, f64;
    i32, i64 => i64, f64;
    i64, i16 => i64, f64;
    i64, i32 => i64, f64;
    i64, i64 => i64, f64;
    f32, f32 => f32, f32;
    f32, i16 => f32, f32;
    f32, i32 => f64, f64;
    f32, f64 => f64, f64;
    f64, f32 => f64, f64;
    f64, f64 => f64, f64;
    f64, i16 => f64, f64;
    f64, i32 => f64, f64;
    f64, i64 => f64, f64;
    i16, f64 => f64, f64;
    i32, f64 => f64, f64;
    i64, f64 => f64, f64;
    Decimal, Decimal => Decimal, Decimal;
    Decimal, i16 => Decimal, Decimal;
    Decimal, i32 => Decimal, Decimal;
    Decimal, i64 => Decimal, Decimal;
    i16, Decimal => Decimal, Decimal;
    i32, Decimal => Decimal, Decimal;
    i64, Decimal => Decimal, Decimal;
}

macro_rules! times {
    ($($rule:ident { $($left:ty, $right:ty => $output:ty;)* })*) => { $($(
        impl $rule<$right> for $left {
            type Output = $output;
        }
    )*)* };
}

type Moment = DateTime<Utc>;

times! {
    Added {
    NaiveDate, Interval => NaiveDateTime;
    NaiveDate, TimeDelta => NaiveDateTime;
    NaiveDate, i32 => NaiveDate;
    NaiveTime, Interval => NaiveTime;
    NaiveTime, TimeDelta => NaiveTime;
    NaiveDateTime, Interval => NaiveDateTime;
    NaiveDateTime, TimeDelta => NaiveDateTime;
    Moment, Interval => Moment;
    Moment, TimeDelta => Moment;
    Interval, Interval => Interval;
    TimeDelta, TimeDelta => TimeDelta;
    }
    Subtracted {
    NaiveDate, NaiveDate => i32;
    NaiveDate, Interval => NaiveDateTime;
    NaiveDate, TimeDelta => NaiveDateTime;
    NaiveDate, i32 => NaiveDate;
    NaiveTime, NaiveTime => Interval;
    NaiveTime, Interval => NaiveTime;
    NaiveTime, TimeDelta => NaiveTime;
    NaiveDateTime, NaiveDateTime => Interval;
    NaiveDateTime, Interval => NaiveDateTime;
    NaiveDateTime, TimeDelta => NaiveDateTime;
    Moment, Moment => Interval;
    Moment, Interval => Moment;
    Moment, TimeDelta => Moment;
    Interval, Interval => Interval;
    TimeDelta, TimeDelta => TimeDelta;
    }
    Arithmetic {
    Interval, i32 => Interval;
    Interval, f64 => Interval;
    }
}

/// What may stand on the right of an arithmetic operator whose left side is an `L`: a column, an expression, or a
/// Rust number; of the integers only the one that `L` is, so that `User::id + 1` infers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand on the right of an arithmetic operator in SQL, behind a `{L}`",
    label = "not a number that fits, a column or an expression"
)]
pub trait Term<L> {
    /// Its type.
    type Sql: SqlType;
    /// The sources that it reads.
    type Sources: SourceSet;
    /// It as data.
    fn into_term(self) -> tree::Expr;
}

impl<L, S: Source, T: SqlType, D: Presence> Term<L> for Column<S, T, D> {
    type Sql = T;
    type Sources = S;

    fn into_term(self) -> tree::Expr {
        self.into_tree()
    }
}

impl<L, T: SqlType, S: SourceSet, K: 'static> Term<L> for Expr<T, S, K> {
    type Sql = T;
    type Sources = S;

    fn into_term(self) -> tree::Expr {
        self.into_tree()
    }
}

macro_rules! terms {
    ($($left:ty: $($rust:ty)*;)*) => { $($(
        impl Term<$left> for $rust {
            type Sql = $rust;
            type Sources = Nil;

            fn into_term(self) -> tree::Expr {
                literal_operand(&self)
            }
        }
    )*)* };
}

terms! {
    i16: i16 f64 Decimal;
    i32: i32 f64 Decimal;
    i64: i64 f64 Decimal;
    f32: f32 i32;
    f64: f64 i32;
    Decimal: Decimal i32;
    NaiveDate: NaiveDate Interval TimeDelta i32;
    NaiveTime: NaiveTime Interval TimeDelta;
    NaiveDateTime: NaiveDateTime Interval TimeDelta;
    Moment: Moment Interval TimeDelta;
    Interval: Interval i32 f64;
    TimeDelta: TimeDelta;
}

fn operator<L: Expression, R: Term<Base<L::Sql>>, T, S>(
    left: L,
    operator: BinaryOperator,
    right: R,
) -> Expr<T, S> {
    Expr::from_tree(left.into_tree().binary(operator, right.into_term()))
}

type Base<T> = <T as SqlType>::Base;

macro_rules! operators {
    ($($trait:ident $method:ident $variant:ident $rule:ident;)*) => { $(
        impl<S, T, D, R> ops::$trait<R> for Column<S, T, D>
        where
            S: Source,
            D: Presence,
            T: SqlType<Base: $rule<Base<R::Sql>>>,
            R: Term<Base<T>, Sources: Plus<S>>,
        {
            type Output =
                Expr<Lifted<T, R::Sql, <Base<T> as $rule<Base<R::Sql>>>::Output>, Union<S, R::Sources>>;

            fn $method(self, right: R) -> Self::Output {
                operator(self, BinaryOperator::$variant, right)
            }
        }

        impl<T, S, K, R> ops::$trait<R> for Expr<T, S, K>
        where
            K: 'static,
            S: SourceSet,
            T: SqlType<Base: $rule<Base<R::Sql>>>,
            R: Term<Base<T>, Sources: Plus<S>>,
        {
            type Output =
                Expr<Lifted<T, R::Sql, <Base<T> as $rule<Base<R::Sql>>>::Output>, Union<S, R::Sources>>;

            fn $method(self, right: R) -> Self::Output {
                operator(self, BinaryOperator::$variant, right)
            }
        }
    )* };
}

operators! {
    Add add Add Added;
    Sub sub Subtract Subtracted;
    Mul mul Multiply Arithmetic;
    Div div Divide Divided;
    Rem rem Modulo Arithmetic;
}

impl<S: Source, T: SqlType<Base: Arithmetic<T::Base>>, D: Presence> ops::Neg for Column<S, T, D> {
    type Output = Expr<T, S>;

    fn neg(self) -> Expr<T, S> {
        Expr::from_tree(self.into_tree().unary(UnaryOperator::Negate))
    }
}

impl<S: SourceSet, T: SqlType<Base: Arithmetic<T::Base>>, K: 'static> ops::Neg for Expr<T, S, K> {
    type Output = Expr<T, S>;

    fn neg(self) -> Expr<T, S> {
        Expr::from_tree(self.into_tree().unary(UnaryOperator::Negate))
    }
}

impl<S: Source, T: Boolean, D: Presence> ops::Not for Column<S, T, D> {
    type Output = Expr<T, S>;

    fn not(self) -> Expr<T, S> {
        Expression::not(self)
    }
}

impl<S: SourceSet, T: Boolean, K: 'static> ops::Not for Expr<T, S, K> {
    type Output = Expr<T, S>;

    fn not(self) -> Expr<T, S> {
        Expression::not(self)
    }
}

macro_rules! logic {
    ($($trait:ident $method:ident $with:ident;)*) => { $(
        impl<S, T, D, R> ops::$trait<R> for Column<S, T, D>
        where
            S: Source,
            D: Presence,
            T: Boolean,
            R: Predicate<Sources: Plus<S>>,
        {
            type Output = Expr<Lifted<T, R::Sql, bool>, Union<S, R::Sources>>;

            fn $method(self, right: R) -> Self::Output {
                Expression::$with(self, right)
            }
        }

        impl<T, S, K, R> ops::$trait<R> for Expr<T, S, K>
        where
            K: 'static,
            S: SourceSet,
            T: Boolean,
            R: Predicate<Sources: Plus<S>>,
        {
            type Output = Expr<Lifted<T, R::Sql, bool>, Union<S, R::Sources>>;

            fn $method(self, right: R) -> Self::Output {
                Expression::$with(self, right)
            }
        }
    )* };
}

logic! {
    BitAnd bitand and;
    BitOr bitor or;
}
