use std::fmt;
use std::marker::PhantomData;

use super::column::Column;
use super::expression::Predicate;
use super::insert::typed_bind;
use super::operand::{AssignTo, Operand};
use super::projection::Projection;
use super::query::{Executable, Returning};
use super::scope::{InScope, Inner, Nil};
use super::synchronize::Synchronize;
use super::table::Table;
use crate::tree::{self, TableRef};
use crate::{Bind, Mapped, SqlType};

/// An UPDATE or DELETE that nobody has yet said the rows of.
#[derive(Debug)]
pub enum Unfiltered {}
/// An UPDATE or DELETE with a condition.
#[derive(Debug)]
pub enum Filtered {}
/// An UPDATE or DELETE of every row, on purpose.
#[derive(Debug)]
pub enum AllRows {}

/// An UPDATE or DELETE that may run: it has a condition, or means every row.
#[diagnostic::on_unimplemented(
    message = "this statement would change or delete every row of the table",
    label = "it has no `.filter(…)`",
    note = "add `.filter(…)`, or `.all_rows()` where every row is meant"
)]
pub trait Bounded {}

impl Bounded for Filtered {}
impl Bounded for AllRows {}

/// `UPDATE E`; what a session holds of it follows as [`Synchronize`] says.
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct Update<E, W> {
    tree: tree::Update,
    pub(super) synchronize: Synchronize,
    types: PhantomData<fn() -> (E, W)>,
}

/// An UPDATE of the table of `E`. It does not run without a `filter` until `all_rows` says that all rows are meant.
/// Columns with `on_update` get their value too, where they are not set.
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
/// engine.execute(insert(User).values([User::new("a"), User::new("b")])).await?;
/// let renamed = update(User).set(User::name, User::name.concat("!")).filter(User::name.eq("a"));
/// assert_eq!(engine.all(renamed.returning(User::name)).await?, ["a!"]);
/// assert_eq!(engine.execute(update(User).set(User::name, "x").all_rows()).await?, 2);
/// # Ok(())
/// # }
/// ```
pub fn update<E: Mapped>(_: Table<E>) -> Update<E, Unfiltered> {
    let table = TableRef::new(E::TABLE);
    let tree = tree::Update { table, set: Vec::new(), filter: None, returning: Vec::new() };
    Update { tree, synchronize: Synchronize::Auto, types: PhantomData }
}

impl<E, W> Update<E, W> {
    pub(super) fn into_tree(self) -> tree::Update {
        self.tree
    }
}

impl<E: Mapped, W> Update<E, W> {
    /// `SET column = value`: a Rust value, or an expression over the row.
    pub fn set<T: SqlType, R, I>(mut self, column: Column<E, T>, value: R) -> Self
    where
        R: Operand<T::Base, Sources: InScope<(Inner<E>, Nil), I>, Sql: AssignTo<T>>,
    {
        let value = typed_bind::<E>(column.name(), value.into_operand());
        self.tree.set.push((column.name().into(), value));
        self
    }

    /// `WHERE`; several are joined by AND.
    pub fn filter<C: Predicate, I>(mut self, condition: C) -> Update<E, Filtered>
    where
        C::Sources: InScope<(Inner<E>, Nil), I>,
    {
        self.tree.filter = Some(match self.tree.filter.take() {
            Some(filter) => filter.and(condition.into_tree()),
            None => condition.into_tree(),
        });
        Update { tree: self.tree, synchronize: self.synchronize, types: PhantomData }
    }

    /// Says that every row is meant.
    pub fn all_rows(self) -> Update<E, AllRows> {
        Update { tree: self.tree, synchronize: self.synchronize, types: PhantomData }
    }

    /// How the objects of a session follow.
    pub fn synchronize(mut self, synchronize: Synchronize) -> Self {
        self.synchronize = synchronize;
        self
    }

    /// `RETURNING`: columns, expressions or whole entities of the changed rows.
    pub fn returning<P: Projection>(self, list: P) -> Returning<P, (Inner<E>, Nil)>
    where
        W: Bounded,
    {
        let synchronize = self.synchronize;
        Returning::new(tree::Statement::Update(self.with_on_update()), list).synchronized(synchronize)
    }

    /// With the columns that get a value at each update.
    fn with_on_update(mut self) -> tree::Update {
        if self.tree.set.is_empty() {
            return self.tree;
        }
        for column in &*E::TABLE.columns {
            if let Some(on_update) = column.on_update
                && self.tree.set.iter().all(|(name, _)| *name != column.name)
            {
                let value = tree::Expr::Bind(Bind::new((on_update.0)(), column.data_type.clone()));
                self.tree.set.push((column.name.clone(), value));
            }
        }
        self.tree
    }
}

impl<E, W> Clone for Update<E, W> {
    fn clone(&self) -> Self {
        Update { tree: self.tree.clone(), synchronize: self.synchronize, types: PhantomData }
    }
}

impl<E, W> fmt::Debug for Update<E, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}

impl<E: Mapped, W: Bounded> Executable for Update<E, W> {
    fn into_statement(self) -> tree::Statement {
        tree::Statement::Update(self.with_on_update())
    }

    fn synchronize(&self) -> Synchronize {
        self.synchronize
    }
}
