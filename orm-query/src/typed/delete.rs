use std::fmt;
use std::marker::PhantomData;

use super::expression::Predicate;
use super::projection::Projection;
use super::query::{Executable, Returning};
use super::scope::{InScope, Inner, Nil};
use super::synchronize::Synchronize;
use super::table::Table;
use super::update::{AllRows, Bounded, Filtered, Unfiltered};
use crate::Mapped;
use crate::tree::{self, TableRef};

/// `DELETE FROM E`; what a session holds of it follows as [`Synchronize`] says.
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct Delete<E, W> {
    tree: tree::Delete,
    synchronize: Synchronize,
    types: PhantomData<fn() -> (E, W)>,
}

/// A DELETE from the table of `E`. It does not run without a `filter` until `all_rows` says that all rows are meant.
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
/// assert_eq!(engine.execute(delete(User).filter(User::name.eq("a"))).await?, 1);
/// assert_eq!(engine.execute(delete(User).all_rows()).await?, 1);
/// # Ok(())
/// # }
/// ```
pub fn delete<E: Mapped>(_: Table<E>) -> Delete<E, Unfiltered> {
    let tree = tree::Delete { table: TableRef::new(E::TABLE), filter: None, returning: Vec::new() };
    Delete { tree, synchronize: Synchronize::Auto, types: PhantomData }
}

impl<E: Mapped, W> Delete<E, W> {
    /// `WHERE`; several are joined by AND.
    pub fn filter<C: Predicate, I>(mut self, condition: C) -> Delete<E, Filtered>
    where
        C::Sources: InScope<(Inner<E>, Nil), I>,
    {
        self.tree.filter = Some(match self.tree.filter.take() {
            Some(filter) => filter.and(condition.into_tree()),
            None => condition.into_tree(),
        });
        Delete { tree: self.tree, synchronize: self.synchronize, types: PhantomData }
    }

    /// Says that every row is meant.
    pub fn all_rows(self) -> Delete<E, AllRows> {
        Delete { tree: self.tree, synchronize: self.synchronize, types: PhantomData }
    }

    /// How the objects of a session follow.
    pub fn synchronize(mut self, synchronize: Synchronize) -> Self {
        self.synchronize = synchronize;
        self
    }

    /// `RETURNING`: columns, expressions or whole entities of the deleted rows.
    pub fn returning<P: Projection>(self, list: P) -> Returning<P, (Inner<E>, Nil)>
    where
        W: Bounded,
    {
        Returning::new(tree::Statement::Delete(self.tree), list).synchronized(self.synchronize)
    }
}

impl<E, W> Clone for Delete<E, W> {
    fn clone(&self) -> Self {
        Delete { tree: self.tree.clone(), synchronize: self.synchronize, types: PhantomData }
    }
}

impl<E, W> fmt::Debug for Delete<E, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}

impl<E, W: Bounded> Executable for Delete<E, W> {
    fn into_statement(self) -> tree::Statement {
        tree::Statement::Delete(self.tree)
    }

    fn synchronize(&self) -> Synchronize {
        self.synchronize
    }
}
