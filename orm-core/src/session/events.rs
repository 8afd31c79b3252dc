//! What a program may listen to in a session: its flushes and transactions, its objects and their attributes, the
//! statements that it sends.

mod attributes;
mod execute;
mod listener;
mod tell;

use std::any::TypeId;
use std::fmt;

use hashbrown::HashMap;
use orm_query::Mapped;
use orm_query::mapping::{EntityDef, Slots, Store, ToMembers};
use orm_query::typed::{AttributePlace, Relationship};

use super::{Handle, Session};
use crate::driver::BoxFuture;
use crate::{Error, Result};
use attributes::{AttributeListener, News, Told};
use listener::{AfterListener, ObjectListener, SessionListener};

pub use attributes::Settable;
pub use execute::ExecuteState;
pub use listener::{Change, Outcome, RolledBack};

pub(crate) use execute::Purpose;
pub(crate) use listener::{After, Moment, ObjectEvent};
pub(crate) use tell::Listening;

/// Listeners of sessions: closures, each for one event. Those of one event are called in the order in which they were
/// given. It is made once and shared by the sessions of a [`SessionMaker`](crate::SessionMaker::events), or given to one
/// by [`Session::set_events`](crate::Session::set_events).
///
/// In a commit these events follow each other:
///
/// | event | when | may |
/// | --- | --- | --- |
/// | `before_commit` | first | change the session; do I/O |
/// | `before_flush` | once for each flush, before it looks for changes | change the session; do I/O |
/// | `after_begin` | the transaction has begun, or a savepoint is set | do I/O |
/// | `on_append`, `on_remove`, `on_set` | what was assigned to fields is found | change the session |
/// | `before_insert`, `before_update`, `before_delete` | for each object of a batch, before its statement | change the object's columns |
/// | `after_insert`, `after_update`, `after_delete` | for each object of the batch, after its statement | look |
/// | `after_flush` | all is written, and still counts as pending, dirty and deleted | do I/O; add objects |
/// | `after_flush_postexec` | the session has settled | change the session; do I/O |
/// | `after_commit` | the database has committed | change the session |
///
/// An error that a listener gives back ends what was under way, and so does a panic: the session then needs a rollback.
///
/// ```
/// use orm::prelude::*;
/// use orm::SessionEvents;
///
/// #[derive(Mapped, Debug, Clone, Default)]
/// struct Page {
///     #[column(primary_key)]
///     id: i64,
///     title: String,
///     slug: String,
///     deleted: bool,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![Page].create_all(&engine).await?;
/// let events = SessionEvents::new()
///     .before_insert(|page: &mut Page| page.slug = page.title.to_lowercase().replace(' ', "-"))
///     .before_update(|page: &mut Page| match page.title.as_str() {
///         "" => Err("a page needs a title"),
///         _ => Ok(()),
///     })
///     .on_execute(|statement| statement.with_criteria(Page, Page::deleted.eq(false)));
/// let mut session = Session::new(&engine);
/// session.set_events(events);
///
/// let page = session.add(Page { title: "Hello World".into(), ..default() });
/// session.add(Page { title: "Old".into(), deleted: true, ..default() });
/// session.commit().await?;
/// assert_eq!(session[page].slug, "hello-world");
/// assert_eq!(session.all(select(Page)).await?, [page]);
///
/// session[page].title.clear();
/// let error = session.commit().await.unwrap_err();
/// assert_eq!(error.to_string(), "a listener of `before_update` refused a `Page`: a page needs a title");
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct SessionEvents {
    moments: HashMap<Moment, Vec<SessionListener>>,
    after: HashMap<After, Vec<AfterListener>>,
    /// The bits of the object events that somebody listens to.
    objects_heard: u8,
    objects: HashMap<(TypeId, ObjectEvent), Vec<ObjectListener>>,
    attributes: HashMap<TypeId, Vec<(AttributePlace, AttributeListener)>>,
    execute: Vec<ExecuteListener>,
}

type ExecuteListener = Box<dyn Fn(&mut ExecuteState) -> Result<(), listener::Source> + Send + Sync>;

impl SessionEvents {
    /// Without listeners.
    pub fn new() -> Self {
        SessionEvents::default()
    }

    fn on_moment(
        mut self,
        moment: Moment,
        listener: impl for<'s> Fn(&'s mut Session) -> BoxFuture<'s, Result<()>> + Send + Sync + 'static,
    ) -> Self {
        self.moments.entry(moment).or_default().push(Box::new(listener));
        self
    }

    /// Before a flush looks for changes, where there are any: what a listener adds, edits and deletes is written by
    /// this flush. It is called once for each flush, may do I/O, and its queries do not flush.
    ///
    /// An error, made by [`Error::listener`] or come from the session, ends the flush.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # use orm::SessionEvents;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// let events = SessionEvents::new().before_flush(|session| {
    ///     Box::pin(async move {
    ///         match session.one(select(count(User))).await? {
    ///             0..1000 => Ok(()),
    ///             _ => Err(orm::Error::listener("no more users")),
    ///         }
    ///     })
    /// });
    /// # _ = events;
    /// ```
    #[must_use]
    pub fn before_flush(
        self,
        listener: impl for<'s> Fn(&'s mut Session) -> BoxFuture<'s, Result<()>> + Send + Sync + 'static,
    ) -> Self {
        self.on_moment(Moment::BeforeFlush, listener)
    }

    /// After a flush has written, before the session settles: what was written still counts as pending, dirty or
    /// deleted, and its history is what it was. It may do I/O.
    ///
    /// Objects that are added or deleted here are written by the next flush, which a commit runs at once. What is
    /// edited of objects that are there already is not: that belongs into `before_flush` or `after_flush_postexec`.
    #[must_use]
    pub fn after_flush(
        self,
        listener: impl for<'s> Fn(&'s mut Session) -> BoxFuture<'s, Result<()>> + Send + Sync + 'static,
    ) -> Self {
        self.on_moment(Moment::AfterFlush, listener)
    }

    /// After a flush, when the session has settled: what is changed here is written by the next flush, which a commit
    /// runs at once. It may do I/O.
    #[must_use]
    pub fn after_flush_postexec(
        self,
        listener: impl for<'s> Fn(&'s mut Session) -> BoxFuture<'s, Result<()>> + Send + Sync + 'static,
    ) -> Self {
        self.on_moment(Moment::AfterFlushPostexec, listener)
    }

    /// When the session's transaction has begun on its connection, before the statement that it has begun for; and when
    /// a savepoint was set. It may do I/O: settings of the transaction, a tenant of row-level security.
    #[must_use]
    pub fn after_begin(
        self,
        listener: impl for<'s> Fn(&'s mut Session) -> BoxFuture<'s, Result<()>> + Send + Sync + 'static,
    ) -> Self {
        self.on_moment(Moment::AfterBegin, listener)
    }

    /// First in a commit, of the session or of a savepoint, before it flushes. It may change the session and do I/O.
    #[must_use]
    pub fn before_commit(
        self,
        listener: impl for<'s> Fn(&'s mut Session) -> BoxFuture<'s, Result<()>> + Send + Sync + 'static,
    ) -> Self {
        self.on_moment(Moment::BeforeCommit, listener)
    }

    fn on_after(
        mut self,
        after: After,
        listener: impl Fn(&mut Session, RolledBack) + Send + Sync + 'static,
    ) -> Self {
        self.after.entry(after).or_default().push(Box::new(listener));
        self
    }

    /// When the database has committed, or has released a savepoint: there,
    /// [`in_nested_transaction`](crate::Session::in_nested_transaction) is true. There is no transaction to do I/O in; what is
    /// changed here belongs to the next one.
    #[must_use]
    pub fn after_commit(self, listener: impl Fn(&mut Session) + Send + Sync + 'static) -> Self {
        self.on_after(After::Commit, move |session, _| listener(session))
    }

    /// When the database has rolled back, the transaction or to a savepoint, and the objects are what they were. There
    /// is no transaction to do I/O in. Not when the database fails to, nor when a session is dropped.
    #[must_use]
    pub fn after_rollback(self, listener: impl Fn(&mut Session) + Send + Sync + 'static) -> Self {
        self.on_after(After::Rollback, move |session, _| listener(session))
    }

    /// As [`after_rollback`](SessionEvents::after_rollback), for each level that was undone and what it was: a rollback of the
    /// transaction undoes the savepoints inside it, the innermost one first.
    #[must_use]
    pub fn after_soft_rollback(
        self,
        listener: impl Fn(&mut Session, RolledBack) + Send + Sync + 'static,
    ) -> Self {
        self.on_after(After::SoftRollback, listener)
    }

    fn on_object<T: Mapped>(mut self, event: ObjectEvent, listener: ObjectListener) -> Self {
        self.objects_heard |= event.bit();
        self.objects.entry((TypeId::of::<T>(), event)).or_default().push(listener);
        self
    }

    fn on_change<T: Mapped, O: Outcome>(
        self,
        event: ObjectEvent,
        listener: impl Fn(&mut T) -> O + Send + Sync + 'static,
    ) -> Self {
        let untyped = move |store: &mut dyn Store, slot: u32| match Slots::<T>::of_mut(store).get_mut(slot) {
            Some(value) => listener(value).into_result(),
            None => Ok(()),
        };
        self.on_object::<T>(event, Box::new(untyped))
    }

    fn on_look<T: Mapped, O: Outcome>(
        self,
        event: ObjectEvent,
        listener: impl Fn(&T) -> O + Send + Sync + 'static,
    ) -> Self {
        let untyped = move |store: &mut dyn Store, slot: u32| match Slots::<T>::of(store).get(slot) {
            Some(value) => listener(value).into_result(),
            None => Ok(()),
        };
        self.on_object::<T>(event, Box::new(untyped))
    }

    fn on_read<T: Mapped, O: Outcome>(
        self,
        event: ObjectEvent,
        listener: impl Fn(&mut T) -> O + Send + Sync + 'static,
    ) -> Self {
        let untyped = move |store: &mut dyn Store, slot: u32| {
            Slots::<T>::of_mut(store).edit_read(slot, |value| listener(value).into_result()).unwrap_or(Ok(()))
        };
        self.on_object::<T>(event, Box::new(untyped))
    }

    /// For each new object, just before the INSERT of its batch; the keys of its parents are in it. What is changed of
    /// its columns is inserted; its relationships, and other objects, are `before_flush`'s. An error ends the flush.
    #[must_use]
    pub fn before_insert<T: Mapped, O: Outcome>(
        self,
        listener: impl Fn(&mut T) -> O + Send + Sync + 'static,
    ) -> Self {
        self.on_change(ObjectEvent::BeforeInsert, listener)
    }

    /// For each new object, after the INSERT of its batch: what the database has generated is in it.
    #[must_use]
    pub fn after_insert<T: Mapped, O: Outcome>(
        self,
        listener: impl Fn(&T) -> O + Send + Sync + 'static,
    ) -> Self {
        self.on_look(ObjectEvent::AfterInsert, listener)
    }

    /// For each object that was borrowed mutably or got another parent, just before the UPDATE of its batch, whether or
    /// not one of its columns has another value: without any, nothing is sent. What is changed of its columns is written
    /// along; its relationships, and other objects, are `before_flush`'s. An error ends the flush.
    #[must_use]
    pub fn before_update<T: Mapped, O: Outcome>(
        self,
        listener: impl Fn(&mut T) -> O + Send + Sync + 'static,
    ) -> Self {
        self.on_change(ObjectEvent::BeforeUpdate, listener)
    }

    /// For each object that [`before_update`](SessionEvents::before_update) was told of, after the UPDATE of its batch.
    #[must_use]
    pub fn after_update<T: Mapped, O: Outcome>(
        self,
        listener: impl Fn(&T) -> O + Send + Sync + 'static,
    ) -> Self {
        self.on_look(ObjectEvent::AfterUpdate, listener)
    }

    /// For each object, just before the DELETE of its batch. An error ends the flush.
    #[must_use]
    pub fn before_delete<T: Mapped, O: Outcome>(
        self,
        listener: impl Fn(&mut T) -> O + Send + Sync + 'static,
    ) -> Self {
        self.on_change(ObjectEvent::BeforeDelete, listener)
    }

    /// For each object, after the DELETE of its batch.
    #[must_use]
    pub fn after_delete<T: Mapped, O: Outcome>(
        self,
        listener: impl Fn(&T) -> O + Send + Sync + 'static,
    ) -> Self {
        self.on_look(ObjectEvent::AfterDelete, listener)
    }

    /// When an object is first read into the session; not when a query finds it there. What is changed of its columns
    /// does not count as a change; its primary key must stay. An error is the query's.
    #[must_use]
    pub fn load<T: Mapped, O: Outcome>(self, listener: impl Fn(&mut T) -> O + Send + Sync + 'static) -> Self {
        self.on_read(ObjectEvent::Load, listener)
    }

    /// When an object of the session is read over, by `refresh`, `for_update`, `populate_existing` or because it had
    /// expired. As for [`load`](SessionEvents::load), what is changed here does not count as a change.
    #[must_use]
    pub fn refresh<T: Mapped, O: Outcome>(
        self,
        listener: impl Fn(&mut T) -> O + Send + Sync + 'static,
    ) -> Self {
        self.on_read(ObjectEvent::Refresh, listener)
    }

    fn on_attribute<T: Mapped>(mut self, place: Option<AttributePlace>, listener: AttributeListener) -> Self {
        self.attributes.entry(TypeId::of::<T>()).or_default().extend(place.map(|place| (place, listener)));
        self
    }

    fn on_member<A: Mapped, B: Mapped, M: ToMembers, const N: usize>(
        self,
        relationship: Relationship<A, B, M, N>,
        wanted: bool,
        listener: impl Fn(&mut Session, Handle<A>, Handle<B>) + Send + Sync + 'static,
    ) -> Self {
        let place = A::ENTITY.relationship(relationship.definition().name).map(AttributePlace::Relationship);
        let untyped = move |session: &mut Session, news: &News| {
            if let News::Member { owner, target, is_in, .. } = news
                && *is_in == wanted
            {
                let (owner, target) = (session.graph.handle(*owner), session.graph.handle(*target));
                listener(session, owner, target);
            }
        };
        self.on_attribute::<A>(place, Box::new(untyped))
    }

    /// When an object has come into a collection: by `append`, `replace` or `add`, by `set` on the other side, or by an
    /// assignment to a field, which the next flush finds. The other side is told of as well. A listener may edit the
    /// session; what follows from that is told after it.
    #[must_use]
    pub fn on_append<A: Mapped, B: Mapped, M: ToMembers, const N: usize>(
        self,
        relationship: Relationship<A, B, M, N>,
        listener: impl Fn(&mut Session, Handle<A>, Handle<B>) + Send + Sync + 'static,
    ) -> Self {
        self.on_member(relationship, true, listener)
    }

    /// When an object has left a collection; as [`on_append`](SessionEvents::on_append). Not when a deletion takes it out.
    #[must_use]
    pub fn on_remove<A: Mapped, B: Mapped, M: ToMembers, const N: usize>(
        self,
        relationship: Relationship<A, B, M, N>,
        listener: impl Fn(&mut Session, Handle<A>, Handle<B>) + Send + Sync + 'static,
    ) -> Self {
        self.on_member(relationship, false, listener)
    }

    /// When a column or a to-one relationship was set.
    ///
    /// A relationship is told of as a collection is (see [`on_append`](SessionEvents::on_append)), with an `Option` of a
    /// handle. A column is a plain field of Rust's: what was assigned to it is found by the next flush and told then,
    /// once, with the value that the database has and the one that it gets, before `before_insert` and `before_update`;
    /// what these change, and the keys that a flush carries, are not told.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # use orm::SessionEvents;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct Renamed {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     before: String,
    /// #     after: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User, Renamed].create_all(&engine).await?;
    /// let events = SessionEvents::new().on_set(User::name, |session, _, change| {
    ///     if let Some(old) = change.old {
    ///         session.add(Renamed::new(old, change.new));
    ///     }
    /// });
    /// let mut session = Session::new(&engine);
    /// session.set_events(events);
    /// let user = session.add(User::new("sandy"));
    /// session.flush().await?;
    /// session[user].name = "Sandy".into();
    /// session.commit().await?;
    /// let renamed = session.all(select((Renamed::before, Renamed::after))).await?;
    /// assert_eq!(renamed, [("sandy".into(), "Sandy".into())]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn on_set<A: Settable>(
        self,
        attribute: A,
        listener: impl Fn(&mut Session, Handle<A::Entity>, Change<A::Value>) + Send + Sync + 'static,
    ) -> Self {
        let untyped = move |session: &mut Session, news: &News| A::tell(session, Told(news), &listener);
        self.on_attribute::<A::Entity>(attribute.place(), Box::new(untyped))
    }

    /// For every statement that the session is about to send for a query, a `get`, a load, a `refresh` or an `execute`;
    /// not for those by which it flushes. A listener may add conditions to it, by
    /// [`with_criteria`](ExecuteState::with_criteria); an error keeps it from being sent.
    ///
    /// What is in the session already comes without a statement, and so without conditions: a `get` of a key that is in
    /// the identity map, a collection that is loaded.
    #[must_use]
    pub fn on_execute<O: Outcome>(
        mut self,
        listener: impl Fn(&mut ExecuteState) -> O + Send + Sync + 'static,
    ) -> Self {
        self.execute.push(Box::new(move |state| listener(state).into_result()));
        self
    }
}

impl SessionEvents {
    fn at(&self, moment: Moment) -> &[SessionListener] {
        self.moments.get(&moment).map_or(&[], Vec::as_slice)
    }

    fn after(&self, after: After) -> &[AfterListener] {
        self.after.get(&after).map_or(&[], Vec::as_slice)
    }

    fn hears_flush(&self) -> bool {
        !self.at(Moment::AfterFlush).is_empty() || !self.at(Moment::AfterFlushPostexec).is_empty()
    }

    fn hears_objects(&self, event: ObjectEvent, entity: &EntityDef) -> bool {
        self.objects_heard & event.bit() != 0 && self.objects.contains_key(&((entity.type_id)(), event))
    }

    fn tell_object(&self, event: ObjectEvent, store: &mut dyn Store, slot: u32) -> Result<()> {
        let entity = store.entity();
        for listener in self.objects.get(&((entity.type_id)(), event)).into_iter().flatten() {
            let told = listener(store, slot);
            let error = |source| Error::Listener { event: event.name(), entity: Some(entity.name), source };
            told.map_err(error)?;
        }
        Ok(())
    }

    fn attributes_of(&self, entity: &EntityDef) -> &[(AttributePlace, AttributeListener)] {
        if self.attributes.is_empty() {
            return &[];
        }
        self.attributes.get(&(entity.type_id)()).map_or(&[], Vec::as_slice)
    }

    fn hears_relationship(&self, entity: &EntityDef, index: usize) -> bool {
        let here = AttributePlace::Relationship(index);
        self.attributes_of(entity).iter().any(|(place, _)| *place == here)
    }

    /// The relationships of a struct that somebody listens to.
    fn relationships_of(&self, entity: &EntityDef) -> Option<Vec<usize>> {
        let all = 0..entity.relationships.len();
        let heard: Vec<usize> = all.filter(|&index| self.hears_relationship(entity, index)).collect();
        (!heard.is_empty()).then_some(heard)
    }

    /// The columns of a struct that somebody listens to.
    fn columns_of(&self, entity: &EntityDef) -> Option<Vec<usize>> {
        let column = |place: &AttributePlace| match place {
            AttributePlace::Column(position) => Some(*position),
            AttributePlace::Relationship(_) => None,
        };
        let mut heard: Vec<usize> =
            self.attributes_of(entity).iter().filter_map(|(place, _)| column(place)).collect();
        heard.sort_unstable();
        heard.dedup();
        (!heard.is_empty()).then_some(heard)
    }

    fn tell_attribute(&self, session: &mut Session, news: &News) {
        let (entity, here) = (session.graph.entity(news.owner()), news.place());
        for (place, listener) in self.attributes_of(entity) {
            if *place == here {
                listener(session, news);
            }
        }
    }

    fn hears_execute(&self) -> bool {
        !self.execute.is_empty()
    }

    fn tell_execute(&self, state: &mut ExecuteState) -> Result<()> {
        let error = |source| Error::Listener { event: "on_execute", entity: None, source };
        self.execute.iter().try_for_each(|listener| listener(state).map_err(error))
    }
}

impl fmt::Debug for SessionEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut count = self.execute.len();
        count += self.moments.values().map(Vec::len).sum::<usize>();
        count += self.after.values().map(Vec::len).sum::<usize>();
        count += self.objects.values().map(Vec::len).sum::<usize>();
        count += self.attributes.values().map(Vec::len).sum::<usize>();
        write!(f, "{count} listener(s)")
    }
}
