//! Parts of JSON documents.

use rust_decimal::Decimal;

use super::expression::{BaseOf, Expr, Expression};
use super::operand::Operand;
use super::scope::{Plus, SourceSet, Union};
use crate::tree::{self, BinaryOperator, JsonPath, JsonStep};
use crate::{Bind, DataType, Hstore, Jsonb, SqlType, Value};

/// The kind of an expression that is a part of a document, and can be taken as a text or a number.
#[derive(Debug)]
pub enum OfDocument {}

/// A JSON document, in either form.
#[diagnostic::on_unimplemented(
    message = "only a JSON document has parts, and this expression is of type `{Self}`",
    label = "not a `serde_json::Value` or `Jsonb` but `{Self}`"
)]
pub trait JsonDocument: SqlType<Base = Self> {}

impl JsonDocument for serde_json::Value {}
impl JsonDocument for Jsonb {}

/// The ways into a JSON document.
///
/// What is not there is NULL. JSON's own `null` is a document like any other; as a text or a number it is NULL.
///
/// ```
/// # use orm::prelude::*;
/// # use serde_json::json;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     profile: serde_json::Value,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User].create_all(&engine).await?;
/// engine.execute(insert(User).values(User::new(json!({"tags": ["a", "b"], "size": {"w": 2}})))).await?;
/// let parts = select((
///     User::profile.json("tags"),
///     User::profile.json("tags").json(1).as_text(),
///     User::profile.json_path(["size", "w"]).as_integer(),
/// ));
/// let parts = engine.one(parts).await?;
/// assert_eq!(parts, (Some(json!(["a", "b"])), Some("b".to_owned()), Some(2)));
/// # Ok(())
/// # }
/// ```
pub trait JsonOperators: Expression {
    /// The member of that name, or the element of that place, from 0.
    fn json(self, step: impl Into<JsonStep>) -> Expr<Option<BaseOf<Self>>, Self::Sources, OfDocument>
    where
        BaseOf<Self>: JsonDocument,
    {
        part(self.into_tree(), JsonPath::Step(step.into()))
    }

    /// What is at the end of several steps.
    fn json_path<P>(self, path: P) -> Expr<Option<BaseOf<Self>>, Self::Sources, OfDocument>
    where
        BaseOf<Self>: JsonDocument,
        P: IntoIterator<Item: Into<JsonStep>>,
    {
        part(self.into_tree(), JsonPath::Steps(path.into_iter().map(Into::into).collect()))
    }
}

impl<E: Expression> JsonOperators for E {}

fn part<T, S>(document: tree::Expr, path: JsonPath) -> Expr<T, S, OfDocument> {
    Expr::from_tree(tree::Expr::Json(Box::new(tree::JsonPart { document, path, scalar: None })))
}

impl<T: SqlType, S: SourceSet> Expr<T, S, OfDocument> {
    fn scalar<U>(self, data_type: DataType) -> Expr<Option<U>, S> {
        let mut tree = self.into_tree();
        // Only `part` makes one.
        if let tree::Expr::Json(part) = &mut tree {
            part.scalar = Some(data_type);
        }
        Expr::from_tree(tree)
    }

    /// It as a text, without quotes. SQLite gives texts only where the document has texts.
    pub fn as_text(self) -> Expr<Option<String>, S> {
        self.scalar(DataType::Text)
    }

    /// It as an integer of 32 bits.
    pub fn as_integer(self) -> Expr<Option<i32>, S> {
        self.scalar(DataType::Integer)
    }

    /// It as an integer of 64 bits.
    pub fn as_bigint(self) -> Expr<Option<i64>, S> {
        self.scalar(DataType::BigInt)
    }

    /// It as a float of 64 bits.
    pub fn as_float(self) -> Expr<Option<f64>, S> {
        self.scalar(DataType::Double)
    }

    /// It as a decimal of so many digits, `scale` of them after the point.
    pub fn as_numeric(self, precision: u8, scale: u8) -> Expr<Option<Decimal>, S> {
        self.scalar(DataType::Numeric { precision: Some(precision), scale: Some(scale) })
    }

    /// It as true or false.
    pub fn as_boolean(self) -> Expr<Option<bool>, S> {
        self.scalar(DataType::Boolean)
    }

    /// It as a document, which it is already.
    pub fn as_json(self) -> Expr<T, S> {
        Expr::from_tree(self.into_tree())
    }
}

/// A value with text keys.
#[diagnostic::on_unimplemented(
    message = "only `Jsonb` and `Hstore` have keys to ask for, and this expression is of type `{Self}`",
    label = "not a `Jsonb` or `Hstore` but `{Self}`"
)]
pub trait Keyed: SqlType {}

impl Keyed for Jsonb {}
impl Keyed for Hstore {}

/// A document in the form that has operators of its own.
#[diagnostic::on_unimplemented(
    message = "only `Jsonb` has this operator, and this expression is of type `{Self}`",
    label = "not a `Jsonb` but `{Self}`"
)]
pub trait JsonbDocument: SqlType {}

impl JsonbDocument for Jsonb {}

macro_rules! keys {
    ($($(#[$meta:meta])* $name:ident $variant:ident $bound:ident $right:ty => $output:ty;)*) => { $(
        $(#[$meta])*
        fn $name<R>(
            self,
            right: R,
        ) -> Expr<<Self::Sql as SqlType>::Lift<$output>, Union<Self::Sources, R::Sources>>
        where
            BaseOf<Self>: $bound,
            R: Operand<$right, Sources: Plus<Self::Sources>>,
        {
            Expr::from_tree(self.into_tree().binary(BinaryOperator::$variant, right.into_operand()))
        }
    )* };
}

/// Operators of PostgreSQL's JSONB, and of the keys of an HSTORE, beside `contains`, `contained_by` and `concat`.
pub trait JsonbOperators: Expression {
    keys! {
        /// `self ? key`: the key is in it.
        has_key HasKey Keyed String => bool;
        /// `self ?| keys`: one of the keys is in it.
        has_any HasAnyKey Keyed Vec<String> => bool;
        /// `self ?& keys`: all the keys are in it.
        has_all HasAllKeys Keyed Vec<String> => bool;
        /// `self - key`: the document without the key.
        delete_key DeleteKey JsonbDocument String => BaseOf<Self>;
        /// `self #- path`: the document without what is at the path.
        delete_path DeletePath JsonbDocument Vec<String> => BaseOf<Self>;
    }

    /// `self @? path`: the SQL/JSON path finds something.
    fn path_exists(self, path: &str) -> Expr<<Self::Sql as SqlType>::Lift<bool>, Self::Sources>
    where
        BaseOf<Self>: JsonbDocument,
    {
        Expr::from_tree(self.into_tree().binary(BinaryOperator::PathExists, json_path(path)))
    }

    /// `self @@ path`: the SQL/JSON path predicate is true; NULL where it is none.
    fn path_match(self, path: &str) -> Expr<Option<bool>, Self::Sources>
    where
        BaseOf<Self>: JsonbDocument,
    {
        Expr::from_tree(self.into_tree().binary(BinaryOperator::PathMatches, json_path(path)))
    }
}

impl<E: Expression> JsonbOperators for E {}

fn json_path(path: &str) -> tree::Expr {
    tree::Expr::Bind(Bind::new(Value::Text(path.to_owned()), DataType::Other("JSONPATH".into())))
}
