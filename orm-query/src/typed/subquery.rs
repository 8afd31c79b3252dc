use super::column::Column;
use super::compound::Compound;
use super::expression::Expr;
use super::operand::{InOperand, SameType};
use super::presence::Presence;
use super::projection::Projection;
use super::query_expression::QueryExpression;
use super::row_in::RowIn;
use super::scope::{Needs, SourceSet, Total};
use super::select::Select;
use super::source::Source;
use super::values::Values;
use crate::{SqlType, tree};

/// A select list of one value.
#[diagnostic::on_unimplemented(
    message = "a subquery that stands for a value must select one column, and this one selects `{Self}`",
    label = "not a single column or expression"
)]
pub trait Scalar: Projection {
    /// Its type.
    type Sql: SqlType;
}

impl<S: Source, T: SqlType, D: Presence> Scalar for Column<S, T, D> {
    type Sql = T;
}

impl<T: SqlType, S: SourceSet, K: 'static> Scalar for Expr<T, S, K> {
    type Sql = T;
}

/// `EXISTS (SELECT …)`
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
/// let posts = select(Post::id).correlate(User).filter(Post::user_id.eq(User::id));
/// let silent = select(User::name).filter(!exists(posts));
/// assert_eq!(engine.all(silent).await?, ["sandy"]);
/// # Ok(())
/// # }
/// ```
pub fn exists<Q: QueryExpression<I>, I>(query: Q) -> Expr<bool, Total<Q::Needs>> {
    Expr::from_tree(tree::Expr::Exists(Box::new(tree::Exists { query: query.into_query() })))
}

impl<P, F> Select<P, F> {
    /// `(SELECT …)` as a value: NULL where the subquery has no row.
    pub fn scalar<T, S, I>(self) -> Expr<Option<T>, S>
    where
        P: Scalar<Sql: SqlType<Base = T>> + RowIn<F, I>,
        F: Needs<Sources = S>,
    {
        Expr::from_tree(tree::Expr::Subquery(Box::new(tree::Subquery {
            query: self.into_tree().into(),
            data_type: <P::Sql as SqlType>::DATA_TYPE,
        })))
    }
}

/// A subquery of one column of the type `T`, for `ANY` and `ALL`; `I` is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand behind ANY or ALL for an expression of type `{T}`",
    label = "expected a `select(…)` of one column of type `{T}`"
)]
pub trait Quantity<T, I> {
    /// The sources that it takes from the enclosing query.
    type Sources: SourceSet;
    /// `ANY (SELECT …)` or `ALL (SELECT …)`
    fn into_quantified(self, quantifier: tree::Quantifier) -> tree::Expr;
}

impl<P, F, N> Compound<P, F, N> {
    /// `(SELECT … UNION SELECT …)` as a value: NULL where the queries give no row.
    pub fn scalar<T, I>(self) -> Expr<Option<T>, N>
    where
        P: Scalar<Sql: SqlType<Base = T>> + RowIn<F, I>,
        N: SourceSet,
    {
        Expr::from_tree(tree::Expr::Subquery(Box::new(tree::Subquery {
            query: self.into_tree().into(),
            data_type: <P::Sql as SqlType>::DATA_TYPE,
        })))
    }
}

macro_rules! quantities {
    ($($query:ty [$($parameter:ident),*] [$($bound:tt)*];)*) => { $(
        impl<T, I, $($parameter),*> Quantity<T, I> for $query
        where
            $query: QueryExpression<I>,
            $($bound)*
        {
            type Sources = <$query as QueryExpression<I>>::Needs;

            fn into_quantified(self, quantifier: tree::Quantifier) -> tree::Expr {
                tree::Expr::Quantified(Box::new(tree::Quantified { quantifier, query: self.into_query() }))
            }
        }

        impl<T, I, $($parameter),*> InOperand<T, I> for $query
        where
            $query: QueryExpression<I>,
            $($bound)*
        {
            type Sources = <$query as QueryExpression<I>>::Needs;

            fn into_in(self, operand: tree::Expr, negated: bool) -> tree::Expr {
                tree::Expr::InQuery(Box::new(tree::InQuery { operand, query: self.into_query(), negated }))
            }
        }
    )* };
}

quantities! {
    Select<P, F> [P, F] [P: Scalar<Sql: SameType<T>> + RowIn<F, I>, F: Needs];
    Compound<P, F, N> [P, F, N] [P: Scalar<Sql: SameType<T>> + RowIn<F, I>, N: SourceSet];
    Values<(C,), N> [C, N] [C: SameType<T>, N: SourceSet];
}
