//! Collections that are edited and asked without being loaded.

use std::fmt;

use orm_query::Mapped;
use orm_query::mapping::{EntityKey, IntoKey, Multiplicity, RelationshipDef, SlotState, ToMembers};
use orm_query::tree::Statement;
use orm_query::typed::{
    Delete, Entities, Filtered, Inner, Insert, Members, Nil, Relationship, Select, Source, Table, Update,
};

use super::edit::Member;
use super::graph::Id;
use super::{Handle, Session};
use crate::{Error, Result, SessionError};

impl Session {
    /// A collection of an object, to edit and to ask without loading it: SQLAlchemy's write-only collection. It is the
    /// only way to a [`WriteOnly`](orm_query::WriteOnly) field, and serves a [`Many`](orm_query::Many) too.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # use orm::WriteOnly;
    /// #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// struct Playlist {
    ///     #[column(primary_key)]
    ///     id: i64,
    ///     name: String,
    ///     #[relationship(back_populates = playlist, cascade = "all, delete-orphan", order_by = Song::id)]
    ///     songs: WriteOnly<Song>,
    /// }
    ///
    /// #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// struct Song {
    ///     #[column(primary_key)]
    ///     id: i64,
    ///     title: String,
    ///     #[column(foreign_key = Playlist::id)]
    ///     playlist_id: i64,
    ///     #[relationship(back_populates = songs)]
    ///     playlist: One<Playlist>,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![Playlist, Song].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// let playlist = session.add(Playlist { songs: vec![Song::new("a")].into(), ..Playlist::new("calm") });
    /// session.commit().await?;
    ///
    /// let mut songs = session.collection(playlist, Playlist::songs);
    /// let b = songs.add(Song::new("b"));
    /// songs.add_all([Song::new("c"), Song::new("d")]);
    /// session.flush().await?; // INSERTs, and no SELECT
    /// session.collection(playlist, Playlist::songs).remove(b);
    ///
    /// let late = session.related(playlist, Playlist::songs)?.filter(Song::title.gt("b"));
    /// assert_eq!(session.all(late).await?.len(), 2);
    /// let renamed = session.collection(playlist, Playlist::songs).update()?.set(Song::title, "x");
    /// assert_eq!(session.execute(renamed).await?, 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// When the handle is of another session, or its object is gone.
    pub fn collection<A: Mapped, B: Mapped, M: ToMembers, const N: usize>(
        &mut self,
        handle: Handle<A>,
        relationship: Relationship<A, B, M, N>,
    ) -> Collection<'_, A, B, M, N> {
        let id = self.id(handle);
        Collection { session: self, id, relationship }
    }

    /// A query for what a relationship of an object leads to, whether or not it is loaded, to be filtered and ordered
    /// further.
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
    /// # let sandy = session.add(User { posts: many![Post::new("a"), Post::new("b")], ..User::new("sandy") });
    /// # session.commit().await?;
    /// let last = session.related(sandy, User::posts)?.order_by(Post::id.desc()).limit(1);
    /// let last = session.one(last).await?;
    /// assert_eq!(session[last].title, "b");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SessionError::NotInSession`] for a handle that is gone, or whose object has no row yet: flush first.
    pub fn related<A: Mapped, B: Mapped + Source<Kind = Entities>, M: Multiplicity, const N: usize>(
        &self,
        handle: Handle<A>,
        relationship: Relationship<A, B, M, N>,
    ) -> Result<Select<Table<B>, (Inner<B>, Nil)>> {
        let id = self.try_id(handle)?;
        Ok(self.members::<B>(id, relationship.definition())?.select())
    }

    /// The rows that a relationship leads to, by the key that the object has.
    fn members<B: Mapped>(&self, id: Id, relationship: &'static RelationshipDef) -> Result<Members<B>> {
        let entity = self.graph.entity(id).name;
        let reason = match self.graph.state(id) {
            SlotState::Persistent => None,
            SlotState::Pending => Some("it has no row yet, whose key a statement could name: flush first"),
            SlotState::Deleted | SlotState::Vacant => Some("its row was deleted"),
        };
        if let Some(reason) = reason {
            return Err(SessionError::NotInSession { entity, reason }.into());
        }
        let key = self.graph.values(id, relationship.near_columns()).unwrap_or_default();
        Ok(Members::new(relationship, key))
    }
}

/// A collection of an object, that is not loaded: made by [`Session::collection`].
///
/// [`add`](Collection::add) and [`remove`](Collection::remove) are edits, which the next flush writes; the others give
/// statements limited to the collection, for the session to run.
pub struct Collection<'s, A, B, M, const N: usize> {
    session: &'s mut Session,
    id: Id,
    relationship: Relationship<A, B, M, N>,
}

impl<A: Mapped, B: Mapped, M: ToMembers, const N: usize> Collection<'_, A, B, M, N> {
    /// Puts an object in, a handle or an owned value, and sets the other side.
    ///
    /// # Panics
    /// When the handle is of another session, or its object is gone.
    pub fn add(&mut self, child: impl Member<B>) -> Handle<B> {
        let handle = child.into_member(self.session);
        let child = self.session.id(handle);
        if let Some(index) = self.index() {
            self.session.graph.link(self.id, index, child);
        }
        self.session.tell_attributes();
        handle
    }

    /// Puts several objects in.
    ///
    /// # Panics
    /// When a handle is of another session, or its object is gone.
    pub fn add_all<C: Member<B>>(&mut self, children: impl IntoIterator<Item = C>) -> Vec<Handle<B>> {
        children.into_iter().map(|child| self.add(child)).collect()
    }

    /// Takes an object out, and clears the other side; under `delete-orphan` the flush deletes it.
    ///
    /// # Panics
    /// When the handle is of another session, or its object is gone.
    pub fn remove(&mut self, child: Handle<B>) {
        let child = self.session.id(child);
        if let Some(index) = self.index() {
            self.session.graph.unlink(self.id, index, child);
        }
        self.session.tell_attributes();
    }

    /// A query for the objects in it, in the order of the relationship.
    ///
    /// # Errors
    /// [`SessionError::NotInSession`] where the parent has no row yet: flush first.
    pub fn select(&self) -> Result<Select<Table<B>, (Inner<B>, Nil)>>
    where
        B: Source<Kind = Entities>,
    {
        Ok(self.members()?.select())
    }

    /// An INSERT of rows into it: they get the parent's key, and no objects stand for them. Run it with the session, or
    /// any connection.
    ///
    /// # Errors
    /// [`SessionError::NotInSession`] where the parent has no row yet: flush first. [`SessionError::Misuse`] where a
    /// link table stands between: [`add_all`](Collection::add_all) inserts the objects and links them,
    /// [`link`](Collection::link) links rows that are there.
    pub fn insert(&self, rows: impl IntoIterator<Item = B>) -> Result<Insert<B>> {
        let definition = self.relationship.definition();
        match self.members()?.insert(rows) {
            Some(Ok(insert)) => Ok(insert),
            Some(Err(error)) => {
                let column = definition.foreign_key().and_then(|key| key.columns.first());
                let column = column.map(ToString::to_string).unwrap_or_default();
                Err(Error::Value { table: B::TABLE.full_name(), column, error })
            }
            None => Err(self.misuse(
                "goes through a link table, so that an INSERT of its rows does not put them in: use `add_all(…)`, or \
                 `link(keys)` for rows that are there",
            )),
        }
    }

    /// An INSERT into the link table of a many-to-many relationship, for targets that are there, by their keys.
    ///
    /// # Errors
    /// [`SessionError::NotInSession`] where the parent has no row yet: flush first. [`SessionError::Misuse`] where there is
    /// no link table, or it does not reference the primary key of the targets.
    pub fn link<K: IntoKey<B::Key>>(&self, keys: impl IntoIterator<Item = K>) -> Result<Statement> {
        let definition = self.relationship.definition();
        let primary: Vec<&str> = B::TABLE.primary_key().map(|(_, column)| column.name.as_ref()).collect();
        let far: Vec<&str> = definition.far_columns().iter().map(AsRef::as_ref).collect();
        let keys = keys.into_iter().map(|key| key.into_key().into_values()).collect();
        match self.members()?.link_rows(keys) {
            Some(insert) if primary == far => Ok(Statement::Insert(insert)),
            Some(_) => {
                Err(self.misuse("references its targets by another key than their primary one: use `add(…)`"))
            }
            None => {
                Err(self.misuse("has no link table: set the other side by `session.set(…)`, or use `add(…)`"))
            }
        }
    }

    /// An UPDATE of the rows in it.
    ///
    /// # Errors
    /// [`SessionError::NotInSession`] where the parent has no row yet: flush first.
    pub fn update(&self) -> Result<Update<B, Filtered>> {
        Ok(self.members()?.update())
    }

    /// A DELETE of the rows in it.
    ///
    /// # Errors
    /// [`SessionError::NotInSession`] where the parent has no row yet: flush first.
    pub fn delete(&self) -> Result<Delete<B, Filtered>> {
        Ok(self.members()?.delete())
    }

    fn members(&self) -> Result<Members<B>> {
        self.session.members(self.id, self.relationship.definition())
    }

    fn index(&self) -> Option<usize> {
        A::ENTITY.relationship(self.relationship.definition().name)
    }

    fn misuse(&self, what: &str) -> Error {
        let (entity, name) = (A::RUST_NAME, self.relationship.definition().name);
        SessionError::Misuse(format!("`{entity}::{name}` {what}")).into()
    }
}

impl<A, B, M, const N: usize> fmt::Debug for Collection<'_, A, B, M, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collection").field("relationship", &self.relationship).finish_non_exhaustive()
    }
}
