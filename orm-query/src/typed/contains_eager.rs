use std::fmt;
use std::marker::PhantomData;

use super::load::{ColumnOption, LoadOptions, LoadPath, Strategy};
use super::load_option::{Brings, Followed, LoadOption};
use super::query_option::QueryOption;
use super::relationship::Relationship;
use super::scope::{InFrom, InScope, Nil, Plus, SourceSet, Union};
use super::source::Source;
use crate::Mapped;

/// A loader option that reads a relationship from `A` to `B` from the columns of the query's own joins; made by
/// [`contains_eager`].
///
/// `L` says in types what it loads, as that of [`LoadOption`]; `S` are the sources that the query must have in FROM.
pub struct ContainsEager<A, B, L, S = B> {
    path: LoadPath,
    types: PhantomData<fn() -> (A, B, L, S)>,
}

/// Takes a relationship from the columns of a join that the query makes itself. Where the join is to an alias, so is the
/// option: `contains_eager(User::addresses.to(Home))`.
///
/// A collection holds what the rows of the query have of it, each parent comes once, and what an outer join left out is
/// not in it. It is known to be a part, since the query may filter: `session.load` reads all of it later.
///
/// A LIMIT of the query counts joined rows, not parents, and so does `first`.
///
/// What is read must stand in FROM, or `.options(…)` does not compile; `.loading(…)` tells it when the query is run.
///
/// ```
/// use orm::contains_eager;
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
/// # engine.execute(insert(User).values(User::new("sandy"))).await?;
/// # engine.execute(insert(Post).values(["one", "two"].map(|title| Post { user_id: Some(1), ..Post::new(title) }))).await?;
/// let query = select(User)
///     .join(User::posts)
///     .filter(Post::title.eq("two"))
///     .options(contains_eager(User::posts));
/// let users = engine.all(query).await?;
/// let posts = users[0].posts.loaded().unwrap();
/// assert_eq!(posts.iter().map(|post| post.title.as_str()).collect::<Vec<_>>(), ["two"]);
/// # Ok(())
/// # }
/// ```
pub fn contains_eager<A, B, M, const N: usize>(
    relationship: Relationship<A, B, M, N>,
) -> ContainsEager<A, B, Brings<Relationship<A::Record, B::Record, M, N>, ()>>
where
    A: Source<Record: Mapped>,
    B: Source<Record: Mapped>,
{
    let definition = relationship.definition();
    let path = LoadPath::new(A::source_ref(), definition, B::source_ref(), Strategy::ContainsEager);
    ContainsEager { path, types: PhantomData }
}

impl<A, B, L, S: SourceSet> ContainsEager<A, B, L, S> {
    /// It as data.
    pub fn into_path(self) -> LoadPath {
        self.path
    }

    /// Loads a relationship of the loaded objects as well: from a further join of the query, or by a strategy of its own.
    #[must_use]
    pub fn then<N: BehindJoin<B>>(
        mut self,
        next: N,
    ) -> ContainsEager<A, B, L::Out, Union<S, <N as BehindJoin<B>>::Sources>>
    where
        L: Followed<N::Brings>,
        N::Sources: Plus<S>,
    {
        self.path.then.push(next.into_path());
        ContainsEager { path: self.path, types: PhantomData }
    }

    /// Which columns of the loaded objects to read.
    #[must_use]
    pub fn columns_option(mut self, option: ColumnOption) -> Self {
        self.path.columns.push(option);
        self
    }
}

/// What can be loaded of objects of `B` that [`contains_eager`] reads.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not load a relationship of `{B}`",
    label = "expected a loader option that starts from `{B}`",
    note = "`.then(…)` goes on where the option before it has arrived"
)]
pub trait BehindJoin<B> {
    /// What it loads.
    type Brings;
    /// The sources that the query must have in FROM.
    type Sources: SourceSet;
    /// It as data.
    fn into_path(self) -> LoadPath;
}

impl<B, C, L> BehindJoin<B> for LoadOption<B, C, L> {
    type Brings = L;
    type Sources = Nil;

    fn into_path(self) -> LoadPath {
        LoadOption::into_path(self)
    }
}

impl<B, C, L, S: SourceSet> BehindJoin<B> for ContainsEager<B, C, L, S> {
    type Brings = L;
    type Sources = S;

    fn into_path(self) -> LoadPath {
        self.path
    }
}

impl<A, B, L, S, F, I, J> QueryOption<F, (I, J)> for ContainsEager<A, B, L, S>
where
    A: Source<Record: Mapped> + InFrom<F, I>,
    S: SourceSet + InScope<F, J>,
{
    fn add_to(self, options: &mut LoadOptions) {
        options.paths.push(self.path);
    }
}

impl<A, B, L, S> Clone for ContainsEager<A, B, L, S> {
    fn clone(&self) -> Self {
        ContainsEager { path: self.path.clone(), types: PhantomData }
    }
}

impl<A, B, L, S> fmt::Debug for ContainsEager<A, B, L, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}
