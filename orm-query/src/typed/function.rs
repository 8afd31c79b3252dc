use std::marker::PhantomData;

use super::column::Column;
use super::expression::{Call, Expr, Expression, Joined, Lifted, Textual};
use super::operand::Operand;
use super::scope::{Nil, Plus, SourceSet, Total, Union};
use super::source::Source;
use crate::schema::Name;
use crate::tree::{self, Function};
use crate::{DataType, SqlType};

/// A Rust value as an expression: sent as a bind.
pub fn literal<T: SqlType>(value: T) -> Expr<T, Nil> {
    Expr::from_tree(super::operand::literal_operand(&value))
}

/// Any function of the database by its name.
///
/// The name goes into the SQL as it is and must be a plain identifier, or several joined by dots: anything else is
/// refused when the statement is compiled. Arguments are expressions or Rust values, which are sent as binds.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// #     #[relationship(back_populates = user)]
/// #     posts: Many<Post>,
/// # }
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Post {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     title: String,
/// #     #[column(foreign_key = User::id)]
/// #     user_id: Option<i64>,
/// #     #[relationship(back_populates = posts)]
/// #     user: One<Option<User>>,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User, Post].create_all(&engine).await?;
/// engine.execute(insert(User).values(User::new("sandy"))).await?;
/// let position = func("instr", (User::name, "d")).returns::<i64>();
/// assert_eq!(engine.one(select(position)).await?, 4);
/// # Ok(())
/// # }
/// ```
pub fn func<A: Arguments>(name: impl Into<Name>, arguments: A) -> FunctionCall<A::Sources> {
    let mut list = Vec::new();
    arguments.arguments(&mut list);
    FunctionCall { name: name.into(), arguments: list, sources: PhantomData }
}

/// A function call whose type is still to be named.
#[derive(Debug, Clone)]
#[must_use = "name the type of the result with `.returns::<…>()`"]
pub struct FunctionCall<S> {
    name: Name,
    arguments: Vec<tree::Expr>,
    sources: PhantomData<fn() -> S>,
}

impl<S: SourceSet> FunctionCall<S> {
    /// The type of the result; an `Option` where it may be NULL.
    pub fn returns<T: SqlType>(self) -> Expr<T, S, Call> {
        Expr::call(Function::new(self.name, self.arguments, T::DATA_TYPE))
    }
}

/// An argument of a function: an expression, or a Rust value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of a SQL function",
    label = "not an expression and not a value of a SQL type",
    note = "a value of another type that has `#[derive(SqlType)]` is written `literal(value)`"
)]
pub trait Argument {
    /// The sources that it reads.
    type Sources: SourceSet;
    /// It as data.
    fn into_argument(self) -> tree::Expr;
}

impl<S: Source, T: SqlType> Argument for Column<S, T> {
    type Sources = S;

    fn into_argument(self) -> tree::Expr {
        self.into_tree()
    }
}

impl<T: SqlType, S: SourceSet, K: 'static> Argument for Expr<T, S, K> {
    type Sources = S;

    fn into_argument(self) -> tree::Expr {
        self.into_tree()
    }
}

macro_rules! values {
    ($($rust:ty => $sql:ty;)*) => { $(
        impl Argument for $rust {
            type Sources = Nil;

            fn into_argument(self) -> tree::Expr {
                <$rust as Operand<$sql>>::into_operand(self)
            }
        }
    )* };
}

values! {
    bool => bool;
    i32 => i32;
    i64 => i64;
    f64 => f64;
    &str => String;
    String => String;
    rust_decimal::Decimal => rust_decimal::Decimal;
    chrono::NaiveDate => chrono::NaiveDate;
    chrono::NaiveDateTime => chrono::NaiveDateTime;
    chrono::DateTime<chrono::Utc> => chrono::DateTime<chrono::Utc>;
}

/// The arguments of a function: none, or a tuple of up to six.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the arguments of a SQL function",
    label = "not a tuple of expressions and values",
    note = "one argument is written `(argument,)`, none `()`; six are the most"
)]
pub trait Arguments {
    /// The sources that they read.
    type Sources: SourceSet;
    /// Adds them.
    fn arguments(self, list: &mut Vec<tree::Expr>);
}

impl Arguments for () {
    type Sources = Nil;

    fn arguments(self, _: &mut Vec<tree::Expr>) {}
}

impl<A: Argument> Arguments for (A,) {
    type Sources = A::Sources;

    fn arguments(self, list: &mut Vec<tree::Expr>) {
        list.push(self.0.into_argument());
    }
}

macro_rules! arguments {
    ($(($last:ident $value:ident; $($name:ident $before:ident),*))*) => { $(
        impl<$($name: Argument,)* $last: Argument> Arguments for ($($name,)* $last,)
        where
            ($($name,)*): Arguments,
            $last::Sources: Plus<<($($name,)*) as Arguments>::Sources>,
        {
            type Sources = Union<<($($name,)*) as Arguments>::Sources, $last::Sources>;

            fn arguments(self, list: &mut Vec<tree::Expr>) {
                let ($($before,)* $value,) = self;
                ($($before,)*).arguments(list);
                list.push($value.into_argument());
            }
        }
    )* };
}

arguments! {
    (B b; A a)
    (C c; A a, B b)
    (D d; A a, B b, C c)
    (E e; A a, B b, C c, D d)
    (F f; A a, B b, C c, D d, E e)
}

macro_rules! text_functions {
    ($($(#[$meta:meta])* $name:ident -> $type:ty;)*) => { $(
        $(#[$meta])*
        pub fn $name<E>(text: E) -> Expr<<E::Sql as SqlType>::Lift<$type>, E::Sources>
        where
            E: Expression<Sql: Textual>,
        {
            plain(Function::new(stringify!($name), vec![text.into_tree()], <$type as SqlType>::DATA_TYPE))
        }
    )* };
}

text_functions! {
    /// `lower(text)`
    lower -> String;
    /// `upper(text)`
    upper -> String;
    /// `trim(text)`
    trim -> String;
    /// `length(text)`, in characters.
    length -> i64;
}

/// `substr(text, start, length)`, the first character being 1.
pub fn substr<E>(text: E, start: i32, length: i32) -> Expr<E::Sql, E::Sources>
where
    E: Expression<Sql: Textual>,
{
    let arguments = vec![
        text.into_tree(),
        super::operand::literal_operand(&start),
        super::operand::literal_operand(&length),
    ];
    plain(Function::new("substr", arguments, DataType::Text))
}

/// `abs(number)`
pub fn abs<E>(number: E) -> Expr<E::Sql, E::Sources>
where
    E: Expression<Sql: SqlType<Base: super::Summed>>,
{
    plain(Function::new("abs", vec![number.into_tree()], E::Sql::DATA_TYPE))
}

/// `round(number, digits)`
pub fn round<E>(number: E, digits: i32) -> Expr<E::Sql, E::Sources>
where
    E: Expression<Sql: SqlType<Base: super::Summed>>,
{
    let arguments = vec![number.into_tree(), super::operand::literal_operand(&digits)];
    plain(Function::new("round", arguments, E::Sql::DATA_TYPE))
}

/// `a || b`
pub fn concat<A, R>(
    a: A,
    b: R,
) -> Expr<Lifted<A::Sql, <R as Operand<String>>::Sql, String>, Joined<A, R, String>>
where
    A: Expression<Sql: Textual>,
    R: Operand<String, Sources: Plus<A::Sources>>,
{
    a.concat(b)
}

/// A call that takes neither DISTINCT nor OVER.
fn plain<T, S>(function: Function) -> Expr<T, S> {
    Expr::from_tree(tree::Expr::Function(Box::new(function)))
}

/// `coalesce(a, b)`: `b` where `a` is NULL; NULL only where `b` may be.
pub fn coalesce<A, R>(
    a: A,
    b: R,
) -> Expr<<R::Sql as SqlType>::Lift<<A::Sql as SqlType>::Base>, Union<Total<A::Sources>, R::Sources>>
where
    A: Expression,
    R: Operand<<A::Sql as SqlType>::Base, Sources: Plus<Total<A::Sources>>>,
{
    plain(Function::new("coalesce", vec![a.into_tree(), b.into_operand()], A::Sql::DATA_TYPE))
}

/// `nullif(a, b)`: NULL where both are equal, else `a`.
pub fn nullif<A, R>(
    a: A,
    b: R,
) -> Expr<Option<<A::Sql as SqlType>::Base>, Joined<A, R, <A::Sql as SqlType>::Base>>
where
    A: Expression,
    R: Operand<<A::Sql as SqlType>::Base, Sources: Plus<A::Sources>>,
{
    plain(Function::new("nullif", vec![a.into_tree(), b.into_operand()], A::Sql::DATA_TYPE))
}
