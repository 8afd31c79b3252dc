use std::marker::PhantomData;

use super::expression::{Expr, Predicate};
use super::operand::Operand;
use super::scope::{Nil, Plus, SourceSet, Union};
use crate::{SqlType, tree};

/// `CASE WHEN … THEN …`, to which branches are added.
#[derive(Debug, Clone)]
pub struct CaseBuilder<T, S> {
    case: tree::Case,
    types: PhantomData<fn() -> (T, S)>,
}

/// Starts a `CASE` whose results are of the type `T`.
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
/// engine.execute(insert(User).values([User::new("sandy"), User::new("gary")])).await?;
/// let kind = case::<String>().when(User::name.eq("gary"), "snail").otherwise("squirrel");
/// assert_eq!(engine.all(select(kind).order_by(User::id)).await?, ["squirrel", "snail"]);
/// # Ok(())
/// # }
/// ```
pub fn case<T: SqlType<Base = T>>() -> CaseBuilder<T, Nil> {
    let case = tree::Case { operand: None, branches: Vec::new(), otherwise: None };
    CaseBuilder { case, types: PhantomData }
}

/// The sources of a `CASE` with one branch more.
type WithBranch<S, C, R, T> = Union<Union<S, <C as super::Expression>::Sources>, <R as Operand<T>>::Sources>;

impl<T: SqlType<Base = T>, S: SourceSet> CaseBuilder<T, S> {
    /// `WHEN condition THEN result`
    pub fn when<C, R>(mut self, condition: C, result: R) -> CaseBuilder<T, WithBranch<S, C, R, T>>
    where
        C: Predicate<Sources: Plus<S>>,
        R: Operand<T, Sources: Plus<Union<S, C::Sources>>>,
    {
        self.case.branches.push((condition.into_tree(), result.into_operand()));
        CaseBuilder { case: self.case, types: PhantomData }
    }

    /// `ELSE result END`
    pub fn otherwise<R>(mut self, result: R) -> CaseElse<T, S, R>
    where
        R: Operand<T, Sources: Plus<S>>,
    {
        self.case.otherwise = Some(result.into_operand());
        Expr::from_tree(tree::Expr::Case(Box::new(self.case)))
    }

    /// `END`: NULL where no branch fits.
    pub fn end(self) -> Expr<Option<T>, S> {
        Expr::from_tree(tree::Expr::Case(Box::new(self.case)))
    }
}

/// A finished `CASE`: nullable where its ELSE is; a THEN that may be NULL wants `.end()` or a nullable ELSE.
pub type CaseElse<T, S, R> =
    Expr<<<R as Operand<T>>::Sql as SqlType>::Lift<T>, Union<S, <R as Operand<T>>::Sources>>;
