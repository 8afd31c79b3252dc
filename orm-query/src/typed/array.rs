//! Arrays, and `ANY` and `ALL` of them.

use std::marker::PhantomData;

use super::column::Column;
use super::expression::{BaseOf, Expr, Expression};
use super::operand::{Operand, literal_operand};
use super::presence::Presence;
use super::scope::{Nil, SourceSet};
use super::source::Source;
use super::subquery::Quantity;
use crate::tree::{self, Quantifier};
use crate::{ArrayElement, Bind, SqlType, Value};

/// The elements of an array that is made in SQL.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an element of `array([…])`",
    label = "not an expression and not a value of a type that arrays have"
)]
pub trait ArrayItem {
    /// The type of the element.
    type Sql: ArrayElement;
    /// The sources that it reads.
    type Sources: SourceSet;
    /// It as data.
    fn into_item(self) -> tree::Expr;
}

impl<S: Source, T: ArrayElement, D: Presence> ArrayItem for Column<S, T, D> {
    type Sql = T;
    type Sources = S;

    fn into_item(self) -> tree::Expr {
        self.into_tree()
    }
}

impl<T: ArrayElement, S: SourceSet, K: 'static> ArrayItem for Expr<T, S, K> {
    type Sql = T;
    type Sources = S;

    fn into_item(self) -> tree::Expr {
        self.into_tree()
    }
}

macro_rules! items {
    ($($rust:ty => $sql:ty;)*) => { $(
        impl ArrayItem for $rust {
            type Sql = $sql;
            type Sources = Nil;

            fn into_item(self) -> tree::Expr {
                <$rust as Operand<$sql>>::into_operand(self)
            }
        }
    )* };
}

items! {
    bool => bool;
    i16 => i16;
    i32 => i32;
    i64 => i64;
    f64 => f64;
    &str => String;
    String => String;
    rust_decimal::Decimal => rust_decimal::Decimal;
    chrono::NaiveDate => chrono::NaiveDate;
    chrono::NaiveDateTime => chrono::NaiveDateTime;
    uuid::Uuid => uuid::Uuid;
}

/// `ARRAY[a, b, …]`, of expressions or Rust values; without elements it is `array(Vec::<i32>::new())`.
pub fn array<A, L>(items: A) -> Expr<Vec<L::Sql>, L::Sources>
where
    A: IntoIterator<Item = L>,
    L: ArrayItem,
{
    let items = items.into_iter().map(ArrayItem::into_item).collect();
    let element = <L::Sql as ArrayElement>::ELEMENT.plain().clone();
    Expr::from_tree(tree::Expr::Array(Box::new(tree::Array { items, element })))
}

impl<T: ArrayElement, L: Operand<T>, const N: usize> Operand<Vec<T>> for [L; N] {
    type Sql = Vec<T>;
    type Sources = L::Sources;

    /// One bind where all of them are values.
    fn into_operand(self) -> tree::Expr {
        let items: Vec<tree::Expr> = self.into_iter().map(Operand::into_operand).collect();
        let values: Option<Vec<Value>> = items
            .iter()
            .map(|item| match item {
                tree::Expr::Bind(bind) => Some(bind.value.clone()),
                _ => None,
            })
            .collect();
        match values {
            Some(values) => tree::Expr::Bind(Bind::new(Value::Array(values), <Vec<T> as SqlType>::DATA_TYPE)),
            None => tree::Expr::Array(Box::new(tree::Array { items, element: T::ELEMENT.plain().clone() })),
        }
    }
}

/// An array.
#[diagnostic::on_unimplemented(
    message = "only an array has elements, and this expression is of type `{Self}`",
    label = "not a `Vec` of a SQL type but `{Self}`",
    note = "the parts of a JSON document are `.json(…)`, a part of a text is `substr(…)`"
)]
pub trait Elements: SqlType {
    /// The type of an element.
    type Element: SqlType<Base = Self::Element>;
}

impl<T: ArrayElement> Elements for Vec<T> {
    type Element = T::Base;
}

/// A place in an array: a number, or one for each dimension; the first is 1.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no place in an array",
    label = "not an `i32` or a tuple of them"
)]
pub trait ArrayPlace {
    /// The places, one for each dimension.
    fn indexes(self) -> Vec<tree::Expr>;
}

impl ArrayPlace for i32 {
    fn indexes(self) -> Vec<tree::Expr> {
        vec![literal_operand(&self)]
    }
}

impl ArrayPlace for (i32, i32) {
    fn indexes(self) -> Vec<tree::Expr> {
        vec![literal_operand(&self.0), literal_operand(&self.1)]
    }
}

impl ArrayPlace for (i32, i32, i32) {
    fn indexes(self) -> Vec<tree::Expr> {
        vec![literal_operand(&self.0), literal_operand(&self.1), literal_operand(&self.2)]
    }
}

/// Operators of arrays, beside `contains`, `contained_by`, `overlaps` and `concat`.
pub trait ArrayOperators: Expression {
    /// `self[place]`: the element there, from 1; NULL where there is none. A tuple is a place in several dimensions.
    fn at<P: ArrayPlace>(self, place: P) -> Expr<Option<<BaseOf<Self> as Elements>::Element>, Self::Sources>
    where
        BaseOf<Self>: Elements,
    {
        let data_type = <BaseOf<Self> as Elements>::Element::DATA_TYPE;
        let index = tree::Index { operand: self.into_tree(), indexes: place.indexes(), data_type };
        Expr::from_tree(tree::Expr::Index(Box::new(index)))
    }

    /// `self[first:last]`, both included, from 1.
    fn slice(self, first: i32, last: i32) -> Expr<Self::Sql, Self::Sources>
    where
        BaseOf<Self>: Elements,
    {
        Expr::from_tree(tree::Expr::Slice(Box::new(tree::Slice {
            operand: self.into_tree(),
            lower: Some(literal_operand(&first)),
            upper: Some(literal_operand(&last)),
        })))
    }
}

impl<E: Expression> ArrayOperators for E {}

/// `ANY (…)` or `ALL (…)` of values of type `T`, on the right of a comparison.
#[derive(Debug, Clone)]
pub struct AnyOrAll<T, S> {
    tree: tree::Expr,
    types: PhantomData<fn() -> (T, S)>,
}

/// `ANY (…)` of an array or a subquery: one of them is enough. It stands on the right of a comparison or of LIKE:
/// `literal("red").eq(any_(Doc::tags))`.
pub fn any_<T, I, Q: Quantity<T, I>>(of: Q) -> AnyOrAll<T, Q::Sources> {
    AnyOrAll { tree: of.into_quantified(Quantifier::Any), types: PhantomData }
}

/// `ALL (…)` of an array or a subquery: each of them must do. It stands on the right of a comparison or of LIKE.
pub fn all_<T, I, Q: Quantity<T, I>>(of: Q) -> AnyOrAll<T, Q::Sources> {
    AnyOrAll { tree: of.into_quantified(Quantifier::All), types: PhantomData }
}

impl<T: SqlType<Base = T>, S: SourceSet> Operand<T> for AnyOrAll<T, S> {
    type Sql = Option<T>;
    type Sources = S;

    fn into_operand(self) -> tree::Expr {
        self.tree
    }
}

fn quantified(quantifier: Quantifier, array: tree::Expr) -> tree::Expr {
    tree::Expr::QuantifiedArray(Box::new(tree::QuantifiedArray { quantifier, array }))
}

impl<S: Source, A, T, D: Presence> Quantity<T, Nil> for Column<S, A, D>
where
    A: SqlType<Base: Elements<Element = T>>,
{
    type Sources = S;

    fn into_quantified(self, quantifier: Quantifier) -> tree::Expr {
        quantified(quantifier, self.into_tree())
    }
}

impl<A, S: SourceSet, K: 'static, T> Quantity<T, Nil> for Expr<A, S, K>
where
    A: SqlType<Base: Elements<Element = T>>,
{
    type Sources = S;

    fn into_quantified(self, quantifier: Quantifier) -> tree::Expr {
        quantified(quantifier, self.into_tree())
    }
}
