//! Relationships that are loaded when the program asks for them.

use std::panic::Location;

use orm_query::Mapped;
use orm_query::mapping::SlotState;
use orm_query::typed::{LoadPath, OnDemand, Strategy};

use super::graph::Id;
use super::load::{self, Existing, Reading};
use super::{Handle, Session};
use crate::{Result, SessionError};

impl Session {
    /// Loads a relationship of an object, unless it is loaded: SQLAlchemy's lazy loading, which here is asked for.
    ///
    /// `what` is a relationship, some of what it leads to, or a loader option with what lies behind it. It takes no SQL
    /// where all is here: what is loaded, a to-one relationship to an object that the session holds, or whose key is
    /// NULL. Otherwise it flushes first. Of a collection of which only a part is loaded, all is loaded; a
    /// [`filter`](orm_query::typed::Relationship::filter) loads a part.
    ///
    /// For the objects of a list, [`load_many`](Session::load_many) sends one statement in place of one for each;
    /// [`strict`](Session::strict) tells where that was forgotten.
    ///
    /// # Errors
    /// What the database says; [`SessionError::NotInSession`] for a handle that is gone;
    /// [`SessionError::LoadRefused`] for a relationship with `lazy = "raise"`, or of an object that was read with the
    /// option [`raise`](orm_query::typed::raise), unless `what` is a loader option.
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
    /// # Session::new(&engine);
    /// # let mut session = Session::new(&engine);
    /// # session.add(User { posts: many![Post::new("a"), Post::new("b")], ..User::new("sandy") });
    /// # session.commit().await?;
    /// # let mut session = Session::new(&engine);
    /// let sandy = session.one(select(User)).await?;
    /// session.load(sandy, User::posts).await?;
    /// let post = session.view(sandy).get(User::posts)?.next().unwrap().handle();
    /// session.load(post, Post::user).await?; // it is here: no SQL
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn load<A: Mapped>(
        &mut self,
        handle: Handle<A>,
        what: impl OnDemand<A>,
    ) -> impl Future<Output = Result<()>> + Send {
        let location = Location::caller();
        let id = self.try_id(handle);
        let (path, lifts) = what.into_request();
        async move { self.load_path(vec![id?], path, lifts, Some(location)).await }
    }

    /// Loads a relationship of several objects by one statement, where it is not loaded; as [`load`](Session::load).
    ///
    /// # Errors
    /// Those of [`load`](Session::load).
    pub fn load_many<A: Mapped>(
        &mut self,
        handles: &[Handle<A>],
        what: impl OnDemand<A>,
    ) -> impl Future<Output = Result<()>> + Send {
        let ids: Result<Vec<Id>> = handles.iter().map(|&handle| self.try_id(handle)).collect();
        let (path, lifts) = what.into_request();
        async move { self.load_path(ids?, path, lifts, None).await }
    }

    async fn load_path(
        &mut self,
        ids: Vec<Id>,
        mut path: LoadPath,
        lifts: bool,
        location: Option<&'static Location<'static>>,
    ) -> Result<()> {
        let (entity, relationship) = ((path.relationship.source)(), path.relationship);
        match path.strategy {
            Strategy::ContainsEager => {
                let (entity, relationship) = (entity.name, relationship.name);
                let message = format!(
                    "`contains_eager({entity}::{relationship})` reads the columns of a query's own join, and `load` has \
                     none: load it by `selectin({entity}::{relationship})`"
                );
                return Err(SessionError::Misuse(message).into());
            }
            _ => path.strategy = Strategy::Immediate,
        }
        if self.graph.find_here(&ids, &path, lifts)? {
            return Ok(());
        }
        self.before_query().await?;
        if ids.iter().any(|&id| self.graph.state(id) == SlotState::Vacant) {
            let reason = "it was dropped by the flush before";
            return Err(SessionError::NotInSession { entity: entity.name, reason }.into());
        }
        // The flush may have brought in what was missing.
        if self.graph.find_here(&ids, &path, lifts)? {
            return Ok(());
        }
        if let (Some(location), [id]) = (location, &ids[..]) {
            self.counts.load(*id, format!("{}::{}", entity.name, relationship.name), location)?;
        }
        load::add_defaults_behind(&mut path, &[]);
        let (graph, connection) = self.parts()?;
        let mut reading = Reading::new(Existing::Keep);
        load::load_path(graph, connection, &ids, &path, &mut reading).await
    }
}
