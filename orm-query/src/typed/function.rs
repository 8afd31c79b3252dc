use std::marker::PhantomData;

use super::column::Column;
use super::expression::{Call, Expr, Expression, Joined, Lifted, Textual};
use super::operand::Operand;
use super::presence::Presence;
use super::scope::{Nil, Plus, SourceSet, Total, Union};
use super::source::Source;
use crate::schema::Name;
use crate::tree::{self, Function};
use crate::{DataType, SqlType};

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
    pub(super) fn into_function(self, data_type: DataType) -> Function {
        Function::new(self.name, self.arguments, data_type)
    }

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

impl<S: Source, T: SqlType, D: Presence> Argument for Column<S, T, D> {
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
    i16 => i16;
    f32 => f32;
    chrono::NaiveTime => chrono::NaiveTime;
    uuid::Uuid => uuid::Uuid;
    Vec<u8> => Vec<u8>;
    serde_json::Value => serde_json::Value;
    crate::Interval => crate::Interval;
}

/// The arguments of a function: none, or a tuple of up to twelve.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the arguments of a SQL function",
    label = "not a tuple of expressions and values",
    note = "one argument is written `(argument,)`, none `()`; twelve are the most"
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
    (G g; A a, B b, C c, D d, E e, F f)
    (H h; A a, B b, C c, D d, E e, F f, G g)
    (I i; A a, B b, C c, D d, E e, F f, G g, H h)
    (J j; A a, B b, C c, D d, E e, F f, G g, H h, I i)
    (K k; A a, B b, C c, D d, E e, F f, G g, H h, I i, J j)
    (L l; A a, B b, C c, D d, E e, F f, G g, H h, I i, J j, K k)
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
    /// `ltrim(text)`
    ltrim -> String;
    /// `rtrim(text)`
    rtrim -> String;
    /// `reverse(text)`. SQLite has none.
    reverse -> String;
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

/// `text` with every `from` in it replaced.
pub fn replace<E>(text: E, from: &str, to: &str) -> Expr<E::Sql, E::Sources>
where
    E: Expression<Sql: Textual>,
{
    let arguments = vec![text.into_tree(), text_operand(from), text_operand(to)];
    plain(Function::new("replace", arguments, DataType::Text))
}

/// Where `sought` begins in `text`, from 1; 0 where it does not stand there.
pub fn position<E, R>(
    text: E,
    sought: R,
) -> Expr<Lifted<E::Sql, <R as Operand<String>>::Sql, i64>, Joined<E, R, String>>
where
    E: Expression<Sql: Textual>,
    R: Operand<String, Sources: Plus<E::Sources>>,
{
    plain(Function::new("strpos", vec![text.into_tree(), sought.into_operand()], DataType::BigInt))
}

macro_rules! counted_text {
    ($($(#[$meta:meta])* $name:ident;)*) => { $(
        $(#[$meta])*
        pub fn $name<E>(text: E, count: i32) -> Expr<E::Sql, E::Sources>
        where
            E: Expression<Sql: Textual>,
        {
            let arguments = vec![text.into_tree(), super::operand::literal_operand(&count)];
            plain(Function::new(stringify!($name), arguments, DataType::Text))
        }
    )* };
}

counted_text! {
    /// The first characters of a text.
    left;
    /// The last characters of a text.
    right;
    /// The text so many times. SQLite has none.
    repeat;
}

macro_rules! padded_text {
    ($($(#[$meta:meta])* $name:ident;)*) => { $(
        $(#[$meta])*
        pub fn $name<E>(text: E, length: i32, fill: &str) -> Expr<E::Sql, E::Sources>
        where
            E: Expression<Sql: Textual>,
        {
            let length = super::operand::literal_operand(&length);
            let arguments = vec![text.into_tree(), length, text_operand(fill)];
            plain(Function::new(stringify!($name), arguments, DataType::Text))
        }
    )* };
}

padded_text! {
    /// `lpad(text, length, fill)`: filled up on the left, or cut off. SQLite has none.
    lpad;
    /// `rpad(text, length, fill)`: filled up on the right, or cut off. SQLite has none.
    rpad;
}

fn text_operand(text: &str) -> tree::Expr {
    super::operand::literal_operand(&text.to_owned())
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

macro_rules! same_number {
    ($($(#[$meta:meta])* $name:ident;)*) => { $(
        $(#[$meta])*
        pub fn $name<E>(number: E) -> Expr<E::Sql, E::Sources>
        where
            E: Expression<Sql: SqlType<Base: super::Summed>>,
        {
            plain(Function::new(stringify!($name), vec![number.into_tree()], E::Sql::DATA_TYPE))
        }
    )* };
}

same_number! {
    /// `floor(number)`: the greatest whole number that is not greater.
    floor;
    /// `ceil(number)`: the least whole number that is not less.
    ceil;
}

macro_rules! float_functions {
    ($($(#[$meta:meta])* $name:ident;)*) => { $(
        $(#[$meta])*
        pub fn $name<E>(number: E) -> Expr<<E::Sql as SqlType>::Lift<f64>, E::Sources>
        where
            E: Expression<Sql: SqlType<Base = f64>>,
        {
            plain(Function::new(stringify!($name), vec![number.into_tree()], DataType::Double))
        }
    )* };
}

float_functions! {
    /// `sqrt(number)`
    sqrt;
    /// `exp(number)`
    exp;
    /// `ln(number)`: the natural logarithm.
    ln;
}

/// `power(number, exponent)`
pub fn power<E, R>(
    number: E,
    exponent: R,
) -> Expr<Lifted<E::Sql, <R as Operand<f64>>::Sql, f64>, Joined<E, R, f64>>
where
    E: Expression<Sql: SqlType<Base = f64>>,
    R: Operand<f64, Sources: Plus<E::Sources>>,
{
    plain(Function::new("power", vec![number.into_tree(), exponent.into_operand()], DataType::Double))
}

/// A number from 0 to 1 that is another one for each row.
pub fn random() -> Expr<f64, Nil> {
    plain(Function::new("random", Vec::new(), DataType::Double))
}

macro_rules! clocks {
    ($($(#[$meta:meta])* $name:ident = $sql:literal -> $type:ty;)*) => { $(
        $(#[$meta])*
        pub fn $name() -> Expr<$type, Nil> {
            plain(Function::new($sql, Vec::new(), <$type as SqlType>::DATA_TYPE))
        }
    )* };
}

clocks! {
    /// The moment at which the statement, or its transaction, began.
    now = "now" -> chrono::DateTime<chrono::Utc>;
    /// `CURRENT_TIMESTAMP`: as [`now`].
    current_timestamp = "current_timestamp" -> chrono::DateTime<chrono::Utc>;
    /// `LOCALTIMESTAMP`: the date and time in the session's time zone.
    localtimestamp = "localtimestamp" -> chrono::NaiveDateTime;
    /// `CURRENT_DATE`
    current_date = "current_date" -> chrono::NaiveDate;
    /// `CURRENT_TIME`: the time of day in the session's time zone.
    current_time = "current_time" -> chrono::NaiveTime;
}

/// `json_object(key, value, …)`: keys and values in turn.
pub fn json_object<A: Arguments>(pairs: A) -> Expr<serde_json::Value, A::Sources> {
    let mut arguments = Vec::new();
    pairs.arguments(&mut arguments);
    plain(Function::new("json_object", arguments, DataType::Json))
}

/// `json_array(value, …)`
pub fn json_array<A: Arguments>(values: A) -> Expr<serde_json::Value, A::Sources> {
    let mut arguments = Vec::new();
    values.arguments(&mut arguments);
    plain(Function::new("json_array", arguments, DataType::Json))
}

macro_rules! extremes {
    ($($(#[$meta:meta])* $name:ident;)*) => { $(
        $(#[$meta])*
        pub fn $name<A, R>(
            a: A,
            b: R,
        ) -> Expr<Option<<A::Sql as SqlType>::Base>, Joined<A, R, <A::Sql as SqlType>::Base>>
        where
            A: Expression,
            R: Operand<<A::Sql as SqlType>::Base, Sources: Plus<A::Sources>>,
        {
            plain(chained(stringify!($name), a.into_tree(), b.into_operand(), A::Sql::DATA_TYPE))
        }
    )* };
}

extremes! {
    /// The greater of both; calls within each other become one call.
    ///
    /// With a NULL among them it is NULL, but in PostgreSQL and MSSQL, which leave NULLs out.
    greatest;
    /// The lesser of both; calls within each other become one call.
    ///
    /// With a NULL among them it is NULL, but in PostgreSQL and MSSQL, which leave NULLs out.
    least;
}

/// `name(a, b)`, or `name(a, b, c)` where `a` is `name(a, b)` already.
fn chained(name: &'static str, a: tree::Expr, b: tree::Expr, data_type: DataType) -> Function {
    match a {
        tree::Expr::Function(mut f) if f.name == name => {
            f.arguments.push(b);
            *f
        }
        a => Function::new(name, vec![a, b], data_type),
    }
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

/// `coalesce(a, b)`: `b` where `a` is NULL; NULL only where `b` may be. Calls within each other become one call.
pub fn coalesce<A, R>(
    a: A,
    b: R,
) -> Expr<<R::Sql as SqlType>::Lift<<A::Sql as SqlType>::Base>, Union<Total<A::Sources>, R::Sources>>
where
    A: Expression,
    R: Operand<<A::Sql as SqlType>::Base, Sources: Plus<Total<A::Sources>>>,
{
    plain(chained("coalesce", a.into_tree(), b.into_operand(), A::Sql::DATA_TYPE))
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
