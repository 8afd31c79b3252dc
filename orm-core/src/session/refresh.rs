//! Reading an object anew.

use std::fmt;
use std::future::IntoFuture;

use orm_query::Mapped;
use orm_query::mapping::{EntityDef, JoinOn, Lazy};
use orm_query::schema::Name;
use orm_query::tree::{LockStrength, LockWait};
use orm_query::typed::{AttributePlace, Attributes, Inner, Nil, QueryOption};

use super::events::Purpose;
use super::expire::places;
use super::graph::Id;
use super::load::{self, ByKey, Existing, Reading};
use super::{Handle, Session};
use crate::Result;
use crate::driver::BoxFuture;

impl Session {
    /// Reads an object anew, over whatever it has: changes of it that were not flushed are dropped, as in SQLAlchemy, and
    /// those of other objects are flushed first.
    ///
    /// Its relationships are unloaded, but for those that the mapping or [`options`](Refresh::options) want loaded.
    /// What it leads to by relationships with the `refresh-expire` cascade (which `all` includes)
    /// [expires](Session::expire), and is overwritten as soon as a query or a [`load`](Session::load) reads it.
    ///
    /// # Errors
    /// [`Error::NoResultFound`](crate::Error::NoResultFound) where its row is gone: the object stays, expired;
    /// [`SessionError::NotInSession`](crate::SessionError::NotInSession) for a handle that is gone, or whose object
    /// has no row.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// #     visits: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User].create_all(&engine).await?;
    /// let mut session = Session::new(&engine);
    /// let sandy = session.add(User::new("sandy", 0));
    /// session.commit().await?;
    /// engine.execute(update(User).set(User::visits, 7).filter(User::id.eq(1))).await?;
    ///
    /// session.refresh(sandy).only(User::visits).await?;
    /// assert_eq!(session[sandy].visits, 7);
    /// session.refresh(sandy).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn refresh<T: Mapped>(&mut self, handle: Handle<T>) -> Refresh<'_, T> {
        Refresh { session: self, handle, only: None, by: ByKey::default() }
    }

    /// Drops the changes of what is to be read anew.
    fn expire_first(&mut self, id: Id, only: Option<&[AttributePlace]>) {
        // A rollback brings back what it was before it expired.
        self.graph.log(id);
        if only.is_none() {
            self.graph.forget_permissions(id);
        }
        match only {
            None => self.graph.expire_cascade(id),
            Some(only) => {
                let columns = columns_of(self.graph.entity(id), only).into_iter().map(AttributePlace::Column);
                self.graph.expire_places(id, &only.iter().copied().chain(columns).collect::<Vec<_>>());
            }
        }
    }

    async fn refresh_object(&mut self, id: Id, only: Option<Vec<AttributePlace>>, by: ByKey) -> Result<()> {
        let entity = self.graph.entity(id);
        let (graph, connection) = self.parts()?;
        let key = graph.stored_key_values(id);
        let is_found = match &only {
            None => load::one_entity(graph, connection, entity, key.clone(), by, Purpose::Refresh)
                .await?
                .is_some(),
            Some(only) => {
                let columns = columns_of(entity, only);
                let is_found = load::columns_of(graph, connection, id, &columns, by.lock).await?;
                if is_found {
                    let mut reading = Reading::new(Existing::Keep);
                    reading.refusals = load::columns::refusals(&[], &by.options.paths);
                    let missing = load::columns::missing(graph, id, &by.options.columns);
                    load::columns::fill(graph, connection, &[id], &missing).await?;
                    for place in only {
                        if let AttributePlace::Relationship(index) = *place {
                            let relationship = &entity.relationships[index];
                            if relationship.lazy == Lazy::WriteOnly {
                                continue;
                            }
                            load::load_with_defaults(graph, connection, &[id], relationship).await?;
                        }
                    }
                    for mut path in by.options.paths {
                        load::add_defaults_behind(&mut path, &by.options.raise);
                        load::load_path(graph, connection, &[id], &path, &mut reading).await?;
                    }
                }
                is_found
            }
        };
        if is_found { Ok(()) } else { Err(load::gone(connection, entity, &key)) }
    }
}

/// The columns that are read for some attributes: those that are named, and those that say what a relationship that is
/// named leads to; the key where there is none of them.
fn columns_of(entity: &'static EntityDef, only: &[AttributePlace]) -> Vec<usize> {
    let mut columns = Vec::new();
    for place in only {
        match *place {
            AttributePlace::Column(position) => columns.push(position),
            AttributePlace::Relationship(index) => {
                let relationship = &entity.relationships[index];
                if let (JoinOn::SourceKey(_), Some(key)) = (relationship.join, relationship.foreign_key()) {
                    let position = |name: &Name| entity.table.position(name);
                    columns.extend(key.columns.iter().filter_map(position));
                }
            }
        }
    }
    if columns.is_empty() {
        columns.extend(entity.table.primary_key().map(|(position, _)| position));
    }
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// What [`Session::refresh`] reads; `.await` runs it.
#[must_use = "nothing is read before it is awaited"]
pub struct Refresh<'s, T> {
    session: &'s mut Session,
    handle: Handle<T>,
    only: Option<Vec<AttributePlace>>,
    by: ByKey,
}

impl<'s, T: Mapped> Refresh<'s, T> {
    /// Reads these columns alone, and loads these relationships anew by one SELECT each; the object keeps whatever else
    /// it has, and nothing cascades. Several calls add up.
    pub fn only(mut self, attributes: impl Attributes<T>) -> Self {
        self.only.get_or_insert_default().extend(places(attributes));
        self
    }

    /// How to load a relationship with the object; several calls load several.
    pub fn options<O, I>(mut self, options: O) -> Self
    where
        O: QueryOption<(Inner<T>, Nil), I>,
    {
        options.add_to(&mut self.by.options);
        self
    }

    /// `FOR UPDATE`: locks the row.
    pub fn for_update(mut self) -> Self {
        self.by.lock(LockStrength::Update);
        self
    }

    /// `FOR SHARE`: a lock that others may have too.
    pub fn for_share(mut self) -> Self {
        self.by.lock(LockStrength::Share);
        self
    }

    /// `NOWAIT`: an error where someone else has locked the row. The lock is `FOR UPDATE` unless it is said otherwise.
    pub fn no_wait(mut self) -> Self {
        self.by.wait(LockWait::NoWait);
        self
    }

    async fn send(self) -> Result<()> {
        let Refresh { session, handle, only, by } = self;
        let id = session.persistent(handle)?;
        session.expire_first(id, only.as_deref());
        session.before_query().await?;
        // The flush may have deleted it.
        let id = session.persistent(handle)?;
        session.refresh_object(id, only, by).await
    }
}

impl<'s, T: Mapped> IntoFuture for Refresh<'s, T> {
    type Output = Result<()>;
    type IntoFuture = BoxFuture<'s, Result<()>>;

    fn into_future(self) -> BoxFuture<'s, Result<()>> {
        Box::pin(self.send())
    }
}

impl<T: Mapped> fmt::Debug for Refresh<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refresh")
            .field("handle", &self.handle)
            .field("only", &self.only)
            .field("by", &self.by)
            .finish_non_exhaustive()
    }
}
