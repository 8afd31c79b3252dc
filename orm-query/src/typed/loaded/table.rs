use std::fmt;
use std::marker::PhantomData;

use crate::typed::load::LoadPath;
use crate::typed::nullness::Nullness;
use crate::typed::projection::{EntityAt, Projection};
use crate::typed::record::{ColumnsOf, Entities};
use crate::typed::row_in::{Convert, Mode, RowIn};
use crate::typed::scope::InFrom;
use crate::typed::select::Select;
use crate::typed::source::Source;
use crate::typed::table::Table;
use crate::{Mapped, Row};

use super::list::LoadedList;
use super::option::{LoadingOf, LoadingOptions};

/// An entity in a select list, with what is loaded of it; made by [`Table::loading`].
pub struct LoadedTable<S, L> {
    paths: Vec<LoadPath>,
    types: PhantomData<fn() -> (S, L)>,
}

impl<S: Source<Kind = Entities, Record: Mapped>> Table<S> {
    /// The entity with relationships that are loaded along, in a select list: `select((User.loading(selectin(
    /// User::addresses)), Address::email))`. See [`Select::loading`].
    pub fn loading<O: LoadingOptions<S, ()>>(self, options: O) -> LoadedTable<S, O::Out> {
        LoadedTable { paths: Vec::new(), types: PhantomData::<fn() -> (S, ())> }.loading(options)
    }
}

impl<S, L> LoadedTable<S, L> {
    /// Loads more.
    #[must_use]
    pub fn loading<O: LoadingOptions<S, L>>(mut self, options: O) -> LoadedTable<S, O::Out> {
        options.add_to(&mut self.paths);
        LoadedTable { paths: self.paths, types: PhantomData }
    }
}

impl<P, F> Select<P, F> {
    /// Loads relationships with the rows, as [`options`](Select::options) does, and has the compiler know of it: rows
    /// are [`Loaded`](super::Loaded) trees on a connection and `LoadedHandle`s in a session, of which
    /// `.get(User::addresses)` gives the addresses and not a `Result`. A relationship that is not among them does not
    /// compile there.
    ///
    /// It takes the options that load something for certain (`selectin`, `joined`, `subquery`, `immediate`,
    /// `contains_eager`), with all that they may say (`then`, `filter`, `limit`, …), or a tuple of them; several calls
    /// add up, and each relationship is said once (twice is an error of `cargo build`). A to-one relationship with a filter gives an `Option`. Of one that
    /// is followed by [`recursive`](super::super::LoadOption::recursive), the first level is known.
    ///
    /// A to-one relationship without an `Option` that leads nowhere all the same, because its key dangles or criteria
    /// leave its row out, is an error of the query.
    ///
    /// In a list of several things it is said of the entity: `select((User.loading(…), Address::email))`. A function
    /// names what it takes by [`loads!`](crate::loads).
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
    /// # let mut session = Session::new(&engine);
    /// # session.add(User { posts: many![Post::new("first")], ..User::new("sandy") });
    /// # session.commit().await?;
    /// let users = engine.all(select(User).loading(selectin(User::posts))).await?;
    /// for user in &users {
    ///     for post in user.get(User::posts) {
    ///         println!("{}: {}", user.name, post.title);
    ///     }
    /// }
    ///
    /// let handle = session.one(select(User).loading(selectin(User::posts))).await?;
    /// assert_eq!(session.view(handle).get(User::posts).len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn loading<O: LoadingOf<P>>(mut self, options: O) -> Select<O::Out, F> {
        options.add_to(&mut self.load_mut().paths);
        self.reselect()
    }
}

impl<S, L> Projection for LoadedTable<S, L>
where
    S: Source<Kind = Entities, Record: Mapped>,
    L: LoadedList,
{
    type Head = S;

    fn items(self, list: &mut Vec<crate::tree::SelectItem>) {
        Table::<S>::new().items(list);
    }

    fn paths(&self, list: &mut Vec<LoadPath>) {
        list.extend_from_slice(&self.paths);
    }

    fn entities(at: &mut usize, list: &mut Vec<EntityAt>) {
        let before = list.len();
        Table::<S>::entities(at, list);
        for entity in &mut list[before..] {
            entity.known = L::KNOWN;
        }
    }
}

impl<S, L, F, I> RowIn<F, I> for LoadedTable<S, L>
where
    S: Source<Kind = Entities, Record: Mapped> + InFrom<F, I>,
    L: LoadedList,
{
    type Row<M: Mode> = <S::Null as Nullness>::Entity<M::Loaded<S::Record, L>>;
    type Columns = <S::Null as Nullness>::Either<ColumnsOf<S>, (Option<S::Record>,)>;

    fn decode<M: Mode>(
        context: &mut M::Context<'_>,
        row: &dyn Row,
        at: &mut usize,
    ) -> Result<Self::Row<M>, M::Error> {
        let entity = <Table<S> as RowIn<F, I>>::decode::<M>(context, row, at)?;
        Ok(<S::Null as Nullness>::map(entity, M::loaded::<S::Record, L>))
    }

    fn convert<M: Mode, N: Mode>(row: Self::Row<M>, change: &mut impl Convert<M, N>) -> Self::Row<N> {
        <S::Null as Nullness>::map(row, |loaded| change.loaded::<S::Record, L>(loaded))
    }
}

impl<S, L> Clone for LoadedTable<S, L> {
    fn clone(&self) -> Self {
        LoadedTable { paths: self.paths.clone(), types: PhantomData }
    }
}

impl<S, L> fmt::Debug for LoadedTable<S, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(std::any::type_name::<S>()).field(&self.paths).finish()
    }
}
