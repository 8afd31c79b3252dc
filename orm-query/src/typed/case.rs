use std::marker::PhantomData;

use super::expression::{BaseOf, Expr, Expression, Predicate};
use super::operand::Operand;
use super::scope::{Nil, Plus, SourceSet, Union};
use crate::{SqlType, tree};

/// `CASE WHEN … THEN …`, to which branches are added.
#[derive(Debug, Clone)]
pub struct CaseBuilder<T, S, N = T> {
    case: tree::Case,
    types: PhantomData<fn() -> (T, S, N)>,
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

/// `N`, nullable where the result `R` is.
type WithResult<N, R, T> = <<R as Operand<T>>::Sql as SqlType>::Lift<N>;

impl<T: SqlType<Base = T>, S: SourceSet, N: SqlType<Base = T>> CaseBuilder<T, S, N> {
    /// `WHEN condition THEN result`
    pub fn when<C, R>(
        mut self,
        condition: C,
        result: R,
    ) -> CaseBuilder<T, WithBranch<S, C, R, T>, WithResult<N, R, T>>
    where
        C: Predicate<Sources: Plus<S>>,
        R: Operand<T, Sources: Plus<Union<S, C::Sources>>>,
    {
        self.case.branches.push((condition.into_tree(), result.into_operand()));
        CaseBuilder { case: self.case, types: PhantomData }
    }

    /// `ELSE result END`
    pub fn otherwise<R>(mut self, result: R) -> CaseElse<T, S, R, N>
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

/// A finished `CASE`: nullable where one of its results is.
pub type CaseElse<T, S, R, N = T> = Expr<WithResult<N, R, T>, Union<S, <R as Operand<T>>::Sources>>;

impl<T: SqlType<Base = T>> CaseBuilder<T, Nil> {
    /// `CASE operand WHEN value THEN … END`: each branch is a value that the operand is compared with.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// let status = literal("paid".to_owned());
    /// let rank = case::<i32>().of(status).when("new", 1).when("paid", 2).otherwise(0);
    /// assert_eq!(engine.one(select(rank)).await?, 2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn of<E: Expression>(mut self, operand: E) -> CaseValue<T, BaseOf<E>, E::Sources> {
        self.case.operand = Some(operand.into_tree());
        CaseValue { case: self.case, types: PhantomData }
    }
}

/// The same as `case::<T>().of(operand)`.
pub fn case_value<T: SqlType<Base = T>, E: Expression>(operand: E) -> CaseValue<T, BaseOf<E>, E::Sources> {
    case::<T>().of(operand)
}

/// `CASE operand WHEN …`, to which branches are added: results of the type `T` for values of the type `V`.
#[derive(Debug, Clone)]
pub struct CaseValue<T, V, S, N = T> {
    case: tree::Case,
    #[allow(clippy::type_complexity)]
    types: PhantomData<fn() -> (T, V, S, N)>,
}

/// The sources of such a `CASE` with one branch more.
type WithValue<S, W, V, R, T> = Union<Union<S, <W as Operand<V>>::Sources>, <R as Operand<T>>::Sources>;

impl<T: SqlType<Base = T>, V, S: SourceSet, N: SqlType<Base = T>> CaseValue<T, V, S, N> {
    /// `WHEN value THEN result`
    pub fn when<W, R>(
        mut self,
        value: W,
        result: R,
    ) -> CaseValue<T, V, WithValue<S, W, V, R, T>, WithResult<N, R, T>>
    where
        W: Operand<V, Sources: Plus<S>>,
        R: Operand<T, Sources: Plus<Union<S, W::Sources>>>,
    {
        self.case.branches.push((value.into_operand(), result.into_operand()));
        CaseValue { case: self.case, types: PhantomData }
    }

    /// `ELSE result END`
    pub fn otherwise<R>(mut self, result: R) -> CaseElse<T, S, R, N>
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
