//! Events of attributes: what is noted where an attribute changes, and told when the session is free to be lent.

use orm_query::mapping::{SlotState, ToOne, ToOptional};
use orm_query::typed::{AttributePlace, Column, Relationship, Stored};
use orm_query::{Mapped, SqlType, Value};

use super::super::graph::{Graph, Id};
use super::super::{Handle, Session};
use super::{Change, SessionEvents};

/// What happened to an attribute, without types.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum News {
    /// An object has come into a collection, or has left it.
    Member { owner: Id, index: usize, target: Id, is_in: bool },
    /// A to-one relationship was set; what it was is `None` where nobody knows.
    Target { owner: Id, index: usize, old: Option<Option<Id>>, new: Option<Id> },
    /// A column was set; what it was is `None` for a new object.
    Column { owner: Id, position: usize, old: Option<Value>, new: Value },
}

/// News, for whoever knows the types.
#[derive(Debug)]
pub struct Told<'n>(pub(super) &'n News);

/// Told about one attribute, of whatever sort its news are.
pub(super) type AttributeListener = Box<dyn Fn(&mut Session, &News) + Send + Sync>;

impl News {
    pub(super) fn owner(&self) -> Id {
        match self {
            News::Member { owner, .. } | News::Target { owner, .. } | News::Column { owner, .. } => *owner,
        }
    }

    pub(super) fn place(&self) -> AttributePlace {
        match self {
            News::Member { index, .. } | News::Target { index, .. } => AttributePlace::Relationship(*index),
            News::Column { position, .. } => AttributePlace::Column(*position),
        }
    }

    fn objects(&self) -> impl Iterator<Item = Id> {
        let (other, old) = match self {
            News::Member { target, .. } => (Some(*target), None),
            News::Target { old, new, .. } => (*new, old.flatten()),
            News::Column { .. } => (None, None),
        };
        [Some(self.owner()), other, old].into_iter().flatten()
    }
}

/// An attribute that is set as a whole: a column, or a relationship to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not set as a whole",
    label = "expected a column, or a relationship to one object",
    note = "a collection has `on_append` and `on_remove`"
)]
pub trait Settable: sealed::Sealed {
    /// The struct that has it.
    type Entity: Mapped;
    /// What it is set to: a column's own type, an `Option` of a handle for a relationship.
    type Value;
    /// Its place in the struct.
    #[doc(hidden)]
    fn place(self) -> Option<AttributePlace>;
    /// Calls `listener`, where the news are of that sort.
    #[doc(hidden)]
    fn tell(
        session: &mut Session,
        told: Told<'_>,
        listener: &dyn Fn(&mut Session, Handle<Self::Entity>, Change<Self::Value>),
    );
}

mod sealed {
    pub trait Sealed {}
}

impl<E, T, D> sealed::Sealed for Column<E, T, D> {}
impl<E, B, const N: usize> sealed::Sealed for Relationship<E, B, ToOne, N> {}
impl<E, B, const N: usize> sealed::Sealed for Relationship<E, B, ToOptional, N> {}

impl<E: Mapped, T: SqlType, D: Stored> Settable for Column<E, T, D> {
    type Entity = E;
    type Value = T;

    fn place(self) -> Option<AttributePlace> {
        E::TABLE.position(self.name()).map(AttributePlace::Column)
    }

    fn tell(session: &mut Session, told: Told<'_>, listener: &dyn Fn(&mut Session, Handle<E>, Change<T>)) {
        let News::Column { owner, old, new, .. } = told.0 else { return };
        // Both were made from a field of this very type.
        let Ok(new) = T::from_value(new.clone()) else { return };
        let old = old.clone().and_then(|old| T::from_value(old).ok());
        let handle = session.graph.handle(*owner);
        listener(session, handle, Change { old, new });
    }
}

fn tell_target<E: Mapped, B: Mapped>(
    session: &mut Session,
    news: &News,
    listener: &dyn Fn(&mut Session, Handle<E>, Change<Option<Handle<B>>>),
) {
    let News::Target { owner, old, new, .. } = news else { return };
    let handle = |id: &Id| session.graph.handle(*id);
    let change =
        Change { old: old.as_ref().map(|old| old.as_ref().map(handle)), new: new.as_ref().map(handle) };
    let owner = session.graph.handle(*owner);
    listener(session, owner, change);
}

macro_rules! to_one {
    ($($multiplicity:ty),*) => { $(
        impl<E: Mapped, B: Mapped, const N: usize> Settable for Relationship<E, B, $multiplicity, N> {
            type Entity = E;
            type Value = Option<Handle<B>>;

            fn place(self) -> Option<AttributePlace> {
                E::ENTITY.relationship(self.definition().name).map(AttributePlace::Relationship)
            }

            fn tell(
                session: &mut Session,
                told: Told<'_>,
                listener: &dyn Fn(&mut Session, Handle<E>, Change<Option<Handle<B>>>),
            ) {
                tell_target(session, told.0, listener);
            }
        }
    )* };
}

to_one!(ToOne, ToOptional);

impl Graph {
    fn hears_relationship(&self, kind: u32, index: usize) -> bool {
        let hears = |events: &SessionEvents| events.hears_relationship(self.entry(kind).entity, index);
        self.listening.events.as_deref().is_some_and(hears)
    }

    /// Notes what a relationship of `id` is about to be: `target` comes in.
    pub(crate) fn note_attach(&mut self, id: Id, index: usize, target: Id) {
        if !self.hears_relationship(id.kind, index) {
            return;
        }
        if self.entity(id).relationships[index].to_many {
            let is_there = self.links(id, index).is_some_and(|links| links.contains(&target.slot));
            if !is_there && !self.is_told_unloaded(id, index, target, true) {
                self.note_member(id, index, target, true);
            }
            return;
        }
        let old = self.known_target(id, index);
        if old != Some(Some(target)) {
            self.note_target(id, index, old, Some(target));
        }
    }

    /// Notes what a relationship of `id` is about to be: `target` goes.
    pub(crate) fn note_detach(&mut self, id: Id, index: usize, target: Id) {
        if !self.hears_relationship(id.kind, index) {
            return;
        }
        if self.entity(id).relationships[index].to_many {
            let is_gone = !self.is_partial(id, index)
                && self.links(id, index).is_some_and(|links| !links.contains(&target.slot));
            if !is_gone && !self.is_told_unloaded(id, index, target, false) {
                self.note_member(id, index, target, false);
            }
        } else if self.known_target(id, index) == Some(Some(target)) {
            self.note_target(id, index, Some(Some(target)), None);
        }
    }

    /// Notes that a to-one relationship is set to nothing, where what it led to is not known.
    pub(crate) fn note_clear(&mut self, id: Id, index: usize) {
        let is_to_one = !self.entity(id).relationships[index].to_many;
        if is_to_one && self.hears_relationship(id.kind, index) && self.known_target(id, index).is_none() {
            self.note_target(id, index, None, None);
        }
    }

    /// Whether this was told of a collection that is not loaded, and so does not show it.
    fn is_told_unloaded(&self, id: Id, index: usize, target: Id, is_in: bool) -> bool {
        let shows = |links: &[u32]| links.contains(&target.slot) || !self.is_partial(id, index);
        !self.links(id, index).is_some_and(shows)
            && self.listening.told.get(&(id, index, target)) == Some(&is_in)
    }

    fn known_target(&self, id: Id, index: usize) -> Option<Option<Id>> {
        match self.links(id, index) {
            Some(_) => Some(self.first_link(id, index)),
            None => self.target_of(id, index).map(Some),
        }
    }

    fn note_member(&mut self, owner: Id, index: usize, target: Id, is_in: bool) {
        self.listening.told.insert((owner, index, target), is_in);
        self.listening.news.push_back(News::Member { owner, index, target, is_in });
    }

    fn note_target(&mut self, owner: Id, index: usize, old: Option<Option<Id>>, new: Option<Id>) {
        if let Some(old) = old.flatten() {
            self.listening.told.insert((owner, index, old), false);
        }
        if let Some(new) = new {
            self.listening.told.insert((owner, index, new), true);
        }
        self.listening.news.push_back(News::Target { owner, index, old, new });
    }

    /// Changes relationships without a word to listeners: SQLAlchemy tells of what is asked for, not of what a flush or
    /// a deletion brings about.
    pub(crate) fn quietly(&mut self, change: impl FnOnce(&mut Graph)) {
        let told = self.listening.news.len();
        change(self);
        self.listening.news.truncate(told);
    }

    /// Notes what was assigned to fields since the last flush and not told yet.
    pub(crate) fn note_assigned(&mut self) {
        let Some(events) = self.listening.events.clone() else { return };
        for kind in self.kinds() {
            let Some(places) = events.relationships_of(self.entry(kind).entity) else { continue };
            for id in self.changed(kind) {
                for &index in &places {
                    self.note_difference(id, index);
                }
            }
        }
    }

    fn note_difference(&mut self, id: Id, index: usize) {
        let relationship = &self.entity(id).relationships[index];
        let Some(kind) = self.find_kind((relationship.target)()) else { return };
        let (added, removed) = self.difference(id, index);
        let untold = |graph: &Graph, slots: Vec<u32>, is_in: bool| -> Vec<Id> {
            let ids = slots.into_iter().map(|slot| Id { kind, slot });
            ids.filter(|&target| graph.listening.told.get(&(id, index, target)) != Some(&is_in)).collect()
        };
        let old = removed.first().map(|&slot| Id { kind, slot });
        let removed = untold(self, removed, false);
        let added = untold(self, added, true);
        if relationship.to_many {
            removed.into_iter().for_each(|target| self.note_member(id, index, target, false));
            added.into_iter().for_each(|target| self.note_member(id, index, target, true));
        } else if !added.is_empty() || (!removed.is_empty() && self.first_link(id, index).is_none()) {
            let is_known = self.stored_links(id, index).is_some() && self.state(id) != SlotState::Pending;
            self.note_target(id, index, is_known.then_some(old), self.first_link(id, index));
        }
    }

    /// Notes which columns the flush will write with another value, each once for each flush.
    pub(crate) fn note_columns(&mut self) {
        let Some(events) = self.listening.events.clone() else { return };
        for kind in self.kinds() {
            let Some(positions) = events.columns_of(self.entry(kind).entity) else { continue };
            for id in self.changed(kind).into_iter().filter(|&id| !self.is_doomed(id)).collect::<Vec<_>>() {
                for &position in &positions {
                    self.note_column(id, position);
                }
            }
        }
    }

    fn note_column(&mut self, id: Id, position: usize) {
        if self.listening.told_columns.contains(&(id, position)) {
            return;
        }
        if let Some(news) = self.column_news(id, position) {
            self.listening.told_columns.insert((id, position));
            self.listening.news.push_back(news);
        }
    }

    /// What there is to tell of a column now.
    fn column_news(&self, id: Id, position: usize) -> Option<News> {
        let column = &self.entity(id).table.columns[position];
        let new = self.store(id).value(id.slot, position)?;
        let is_new = self.state(id) == SlotState::Pending;
        if is_new && (new.is_null() || column.autoincrement && new.is_zero()) {
            return None;
        }
        let old = if is_new { None } else { self.store(id).stored_value(id.slot, position) };
        (old.as_ref() != Some(&new)).then_some(News::Column { owner: id, position, old, new })
    }

    /// The next news that still hold: a listener may have changed things meanwhile.
    pub(super) fn next_news(&mut self) -> Option<News> {
        while let Some(news) = self.listening.news.pop_front() {
            let is_here = news.objects().all(|id| self.state(id) != SlotState::Vacant);
            let news = match news {
                News::Column { owner, position, .. } if is_here => self.column_news(owner, position),
                news => is_here.then_some(news),
            };
            if news.is_some() {
                return news;
            }
        }
        None
    }
}
