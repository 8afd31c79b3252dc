//! One object by its key.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context, Poll};

use orm_query::mapping::{EntityDef, EntityKey, IntoKey};
use orm_query::tree::{LockStrength, LockWait};
use orm_query::typed::{Inner, LoadOptions, Nil, QueryOption, Table};
use orm_query::{Mapped, Value};

use super::events::Purpose;
use super::graph::{Id, describe_key};
use super::key::Key;
use super::load::{self, ByKey, Existing, Marks, Reading};
use super::{Handle, Session};
use crate::driver::BoxFuture;
use crate::{Error, Result};

impl Session {
    /// The object with this primary key, if its row is there: from the identity map without SQL where the session
    /// holds it, unless it is [expired](Session::expire). Flushes before a SELECT.
    ///
    /// A key of several columns is a tuple. An object that is marked to be deleted is found until the flush deletes it.
    ///
    /// # Errors
    /// What the database says.
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
    /// # engine.execute(insert(User).values([User::new("sandy")])).await?;
    /// let mut session = Session::new(&engine);
    /// let sandy = session.get(User, 1).options(selectin(User::posts)).await?.unwrap();
    /// assert_eq!(session.get(User, 1).await?, Some(sandy)); // no SQL
    /// assert_eq!(session.get(User, 2).await?, None);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn get<E: Mapped>(&mut self, _: Table<E>, key: impl IntoKey<E::Key>) -> Get<'_, E> {
        let location = Location::caller();
        Get { session: self, key: key.into_key(), by: ByKey::default(), location }
    }

    /// The object with this primary key, whose row must be there: [`get`](Session::get) with an error in place of
    /// `None`.
    ///
    /// # Errors
    /// [`Error::NoResultFound`], which names the key, and those of [`get`](Session::get).
    #[track_caller]
    pub fn get_one<E: Mapped>(&mut self, table: Table<E>, key: impl IntoKey<E::Key>) -> GetOne<'_, E> {
        GetOne(self.get(table, key))
    }

    /// The object with that key, where it is here and needs no SQL.
    fn known(&self, entity: &'static EntityDef, key: &Key, by: &ByKey) -> Option<Id> {
        let id = self.graph.lookup(self.graph.find_kind(entity)?, key)?;
        (!by.must_read() && !self.graph.is_expired(id)).then_some(id)
    }

    /// Whether all that options want loaded of an object is here; what they forbid to load is marked then.
    fn has_all(&mut self, id: Id, options: &LoadOptions) -> bool {
        if !options.criteria.is_empty() || !options.columns.is_empty() {
            return false;
        }
        if !options.paths.iter().all(|path| self.graph.find_here(&[id], path, true).is_ok_and(|here| here)) {
            return false;
        }
        if let Some(marks) = Marks::of(&self.graph, &options.paths, &options.raise) {
            let at = load::entity_at(self.graph.entity(id));
            marks.set(&mut self.graph, &at, &[id]);
        }
        true
    }

    /// The error for a key that must be there and is not.
    fn nothing(&self, entity: &'static EntityDef, values: &[Value]) -> Error {
        let object = describe_key(entity, values, self.engine.hide_parameters);
        Error::NoResultFound { object: Some(object.into()), statement: None }
    }

    async fn ask(
        &mut self,
        entity: &'static EntityDef,
        values: Vec<Value>,
        by: ByKey,
        location: &'static Location<'static>,
        must_be_there: bool,
    ) -> Result<Option<Id>> {
        let found = self.ask_if_there(entity, values.clone(), by, location).await?;
        if must_be_there && found.is_none() { Err(self.nothing(entity, &values)) } else { Ok(found) }
    }

    async fn ask_if_there(
        &mut self,
        entity: &'static EntityDef,
        values: Vec<Value>,
        by: ByKey,
        location: &'static Location<'static>,
    ) -> Result<Option<Id>> {
        let Some(key) = Key::new(values.clone()) else { return Ok(None) };
        self.before_query().await?;
        // The flush may have brought it in.
        let known = self.known(entity, &key, &by);
        let (graph, connection) = self.parts()?;
        if let Some(id) = known {
            let mut reading = Reading::new(Existing::Keep);
            reading.criteria = by.options.criteria;
            let marks = Marks::of(graph, &by.options.paths, &by.options.raise);
            reading.refusals = load::columns::refusals(&[], &by.options.paths);
            let missing = load::columns::missing(graph, id, &by.options.columns);
            if let Some(gone) = load::columns::fill(graph, connection, &[id], &missing).await? {
                graph.lose(gone);
                return Ok(None);
            }
            for mut path in by.options.paths {
                load::add_defaults_behind(&mut path, &by.options.raise);
                load::load_path(graph, connection, &[id], &path, &mut reading).await?;
            }
            if let Some(marks) = marks {
                marks.set(graph, &load::entity_at(entity), &[id]);
            }
            return Ok(known);
        }
        self.counts.get(entity, &values, location)?;
        let (graph, connection) = self.parts()?;
        let is_skipped = by.lock.as_ref().is_some_and(|lock| lock.wait == LockWait::SkipLocked);
        let kind = graph.kind(entity);
        let here = graph.lookup(kind, &key);
        let purpose = if here.is_some() { Purpose::Refresh } else { Purpose::Statement };
        let found = load::one_entity(graph, connection, entity, values, by, purpose).await?;
        if let (None, Some(gone), false) = (found, here, is_skipped) {
            graph.lose(gone);
        }
        Ok(found)
    }
}

/// What [`Session::get`] asks for; `.await` runs it.
#[must_use = "nothing is asked for before it is awaited"]
pub struct Get<'s, E: Mapped> {
    session: &'s mut Session,
    key: E::Key,
    by: ByKey,
    /// The line of the program that asks.
    location: &'static Location<'static>,
}

impl<'s, E: Mapped> Get<'s, E> {
    /// How to load a relationship with the object; several calls load several. One of an object that is here already
    /// is loaded where it is not.
    pub fn options<O, I>(mut self, options: O) -> Self
    where
        O: QueryOption<(Inner<E>, Nil), I>,
    {
        options.add_to(&mut self.by.options);
        self
    }

    /// `FOR UPDATE`: locks the row. It is read in any case, and overwrites the columns of an object that is here.
    pub fn for_update(mut self) -> Self {
        self.by.lock(LockStrength::Update);
        self
    }

    /// `FOR SHARE`: as [`for_update`](Get::for_update), with a lock that others may have too.
    pub fn for_share(mut self) -> Self {
        self.by.lock(LockStrength::Share);
        self
    }

    /// `NOWAIT`: an error where someone else has locked the row. The lock is `FOR UPDATE` unless it is said otherwise.
    pub fn no_wait(mut self) -> Self {
        self.by.wait(LockWait::NoWait);
        self
    }

    /// `SKIP LOCKED`: nothing is found where someone else has locked the row. The lock is `FOR UPDATE` unless it is
    /// said otherwise.
    pub fn skip_locked(mut self) -> Self {
        self.by.wait(LockWait::SkipLocked);
        self
    }

    /// Reads the row in any case, and overwrites an object that is here with it, as
    /// [`select(…).populate_existing()`](orm_query::typed::Select::populate_existing) does.
    pub fn populate_existing(mut self) -> Self {
        self.by.options.populate_existing = true;
        self
    }

    fn send(self, must_be_there: bool) -> GetFuture<'s, E> {
        let Get { session, key, by, location } = self;
        let tag = session.graph.tag;
        // A key of one column is looked up without a list of values.
        let (wanted, values) = match key.to_single() {
            Some(value) => (Key::of(value), Values::Key(key)),
            None => {
                let values = key.into_values();
                (Key::new(values.clone()), Values::List(values))
            }
        };
        let known = wanted.and_then(|wanted| session.known(E::ENTITY, &wanted, &by));
        let state = match known {
            Some(id) if session.has_all(id, &by.options) => State::Ready(Some(Ok(Some(id)))),
            Some(_) | None => {
                State::Asking(Box::pin(session.ask(E::ENTITY, values.list(), by, location, must_be_there)))
            }
        };
        GetFuture { state, tag, entity: PhantomData }
    }
}

/// The values of a key, still to be taken out of it or not.
enum Values<K> {
    Key(K),
    List(Vec<Value>),
}

impl<K: EntityKey> Values<K> {
    fn list(self) -> Vec<Value> {
        match self {
            Values::Key(key) => key.into_values(),
            Values::List(values) => values,
        }
    }
}

impl<'s, E: Mapped> IntoFuture for Get<'s, E> {
    type Output = Result<Option<Handle<E>>>;
    type IntoFuture = GetFuture<'s, E>;

    fn into_future(self) -> GetFuture<'s, E> {
        self.send(false)
    }
}

impl<E: Mapped> fmt::Debug for Get<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Get").field("entity", &E::RUST_NAME).field("by", &self.by).finish_non_exhaustive()
    }
}

/// The object of a [`Get`], from the identity map or by SQL.
#[must_use = "nothing is asked for before it is awaited"]
pub struct GetFuture<'s, E> {
    state: State<'s>,
    tag: u32,
    entity: PhantomData<fn() -> E>,
}

enum State<'s> {
    /// Known without SQL, until it is taken.
    Ready(Option<Result<Option<Id>>>),
    Asking(BoxFuture<'s, Result<Option<Id>>>),
}

impl<E> Future for GetFuture<'_, E> {
    type Output = Result<Option<Handle<E>>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let tag = self.tag;
        let found = match &mut self.state {
            State::Ready(found) => Poll::Ready(found.take().expect("it is not polled once more")),
            State::Asking(asking) => asking.as_mut().poll(context),
        };
        found.map_ok(|found| found.map(|id| Handle::new(id.slot, tag)))
    }
}

impl<E> fmt::Debug for GetFuture<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GetFuture").finish_non_exhaustive()
    }
}

/// What [`Session::get_one`] asks for; `.await` runs it.
#[must_use = "nothing is asked for before it is awaited"]
pub struct GetOne<'s, E: Mapped>(Get<'s, E>);

impl<E: Mapped> GetOne<'_, E> {
    /// As [`Get::options`].
    pub fn options<O, I>(self, options: O) -> Self
    where
        O: QueryOption<(Inner<E>, Nil), I>,
    {
        GetOne(self.0.options(options))
    }

    /// As [`Get::for_update`].
    pub fn for_update(self) -> Self {
        GetOne(self.0.for_update())
    }

    /// As [`Get::for_share`].
    pub fn for_share(self) -> Self {
        GetOne(self.0.for_share())
    }

    /// As [`Get::no_wait`].
    pub fn no_wait(self) -> Self {
        GetOne(self.0.no_wait())
    }

    /// As [`Get::populate_existing`].
    pub fn populate_existing(self) -> Self {
        GetOne(self.0.populate_existing())
    }
}

impl<'s, E: Mapped> IntoFuture for GetOne<'s, E> {
    type Output = Result<Handle<E>>;
    type IntoFuture = GetOneFuture<'s, E>;

    fn into_future(self) -> GetOneFuture<'s, E> {
        GetOneFuture(self.0.send(true))
    }
}

impl<E: Mapped> fmt::Debug for GetOne<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The object of a [`GetOne`], from the identity map or by SQL.
#[derive(Debug)]
#[must_use = "nothing is asked for before it is awaited"]
pub struct GetOneFuture<'s, E>(GetFuture<'s, E>);

impl<E> Future for GetOneFuture<'_, E> {
    type Output = Result<Handle<E>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let found = Pin::new(&mut self.0).poll(context);
        found.map_ok(|found| found.expect("one that is not there is an error"))
    }
}
