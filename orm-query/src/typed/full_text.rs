//! Functions of PostgreSQL's full-text search.

use super::expression::{Expr, Expression, Textual};
use super::operand::{Operand, literal_operand};
use super::scope::{Plus, SourceSet, Union};
use crate::tree::{self, Function};
use crate::{DataType, RegConfig, SqlType, TsQuery, TsVector};

fn call<T: SqlType, S: SourceSet>(name: &'static str, arguments: Vec<tree::Expr>) -> Expr<T, S> {
    Expr::from_tree(tree::Expr::Function(Box::new(Function::new(name, arguments, T::DATA_TYPE))))
}

/// `to_tsvector(config, text)`: the words of a text.
pub fn to_tsvector<E>(
    config: impl Into<RegConfig>,
    text: E,
) -> Expr<<E::Sql as SqlType>::Lift<TsVector>, E::Sources>
where
    E: Expression<Sql: Textual>,
{
    call("to_tsvector", vec![literal_operand(&config.into()), text.into_tree()])
}

/// `to_tsquery(config, query)`: words with `&`, `|` and `!` between them.
pub fn to_tsquery<R: Operand<String>>(
    config: impl Into<RegConfig>,
    query: R,
) -> Expr<<R::Sql as SqlType>::Lift<TsQuery>, R::Sources> {
    call("to_tsquery", vec![literal_operand(&config.into()), query.into_operand()])
}

/// `plainto_tsquery(config, words)`: all the words of a text.
pub fn plainto_tsquery<R: Operand<String>>(
    config: impl Into<RegConfig>,
    words: R,
) -> Expr<<R::Sql as SqlType>::Lift<TsQuery>, R::Sources> {
    call("plainto_tsquery", vec![literal_operand(&config.into()), words.into_operand()])
}

/// `ts_rank(vector, query)`: how well the query fits the text.
pub fn ts_rank<V, Q>(
    vector: V,
    query: Q,
) -> Expr<<V::Sql as SqlType>::Lift<f32>, Union<V::Sources, Q::Sources>>
where
    V: Expression<Sql: SqlType<Base = TsVector>>,
    Q: Expression<Sql: SqlType<Base = TsQuery>, Sources: Plus<V::Sources>>,
{
    let function = Function::new("ts_rank", vec![vector.into_tree(), query.into_tree()], DataType::Real);
    Expr::from_tree(tree::Expr::Function(Box::new(function)))
}
