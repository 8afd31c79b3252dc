use orm_query::Mapped;
use orm_query::mapping::{Multiplicity, ToMany, ToOne, ToOptional};
use orm_query::typed::Relationship;

use super::{Handle, Session};

/// What may be put into a relationship: a handle, or an owned value that is added.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be put into a collection of `{T}`",
    label = "expected a `Handle<{T}>`, or an owned `{T}`"
)]
pub trait Member<T: Mapped> {
    /// Its handle in `session`.
    fn into_member(self, session: &mut Session) -> Handle<T>;
}

impl<T: Mapped> Member<T> for Handle<T> {
    fn into_member(self, _: &mut Session) -> Handle<T> {
        self
    }
}

impl<T: Mapped> Member<T> for T {
    fn into_member(self, session: &mut Session) -> Handle<T> {
        session.add(self)
    }
}

/// What a to-one relationship may be set to: a handle, an owned value, or, for `One<Option<T>>`, an `Option`.
#[diagnostic::on_unimplemented(
    message = "a relationship to `{T}` cannot be set to `{Self}`",
    label = "expected a `Handle<{T}>` or an owned `{T}`; for a `One<Option<{T}>>`, an `Option` of a handle as well",
    note = "a `Many<{T}>` is changed by `session.append(…)` and `session.remove(…)`"
)]
pub trait Parent<T: Mapped, M> {
    /// Its handle in `session`; `None` sets the relationship to nothing.
    fn into_parent(self, session: &mut Session) -> Option<Handle<T>>;
}

impl<T: Mapped> Parent<T, ToOne> for Handle<T> {
    fn into_parent(self, _: &mut Session) -> Option<Handle<T>> {
        Some(self)
    }
}

impl<T: Mapped> Parent<T, ToOne> for T {
    fn into_parent(self, session: &mut Session) -> Option<Handle<T>> {
        Some(session.add(self))
    }
}

impl<T: Mapped> Parent<T, ToOptional> for Handle<T> {
    fn into_parent(self, _: &mut Session) -> Option<Handle<T>> {
        Some(self)
    }
}

impl<T: Mapped> Parent<T, ToOptional> for T {
    fn into_parent(self, session: &mut Session) -> Option<Handle<T>> {
        Some(session.add(self))
    }
}

impl<T: Mapped> Parent<T, ToOptional> for Option<Handle<T>> {
    fn into_parent(self, _: &mut Session) -> Option<Handle<T>> {
        self
    }
}

impl Session {
    /// Adds to a collection, and sets the other side.
    ///
    /// # Panics
    /// When a handle is of another session, or its object is gone.
    pub fn append<A: Mapped, B: Mapped, const N: usize>(
        &mut self,
        parent: Handle<A>,
        relationship: Relationship<A, B, ToMany, N>,
        child: impl Member<B>,
    ) -> Handle<B> {
        let parent = self.id(parent);
        let handle = child.into_member(self);
        let child = self.id(handle);
        if let Some(index) = A::ENTITY.relationship(relationship.definition().name) {
            self.graph.link(parent, index, child);
        }
        self.tell_attributes();
        handle
    }

    /// Takes out of a collection, and clears the other side; under `delete-orphan` the flush deletes the child.
    ///
    /// # Panics
    /// When a handle is of another session, or its object is gone.
    pub fn remove<A: Mapped, B: Mapped, const N: usize>(
        &mut self,
        parent: Handle<A>,
        relationship: Relationship<A, B, ToMany, N>,
        child: Handle<B>,
    ) {
        let (parent, child) = (self.id(parent), self.id(child));
        if let Some(index) = A::ENTITY.relationship(relationship.definition().name) {
            self.graph.unlink(parent, index, child);
        }
        self.tell_attributes();
    }

    /// Sets a to-one relationship, and the other side.
    ///
    /// # Panics
    /// When a handle is of another session, or its object is gone.
    pub fn set<A: Mapped, B: Mapped, M: Multiplicity, const N: usize>(
        &mut self,
        child: Handle<A>,
        relationship: Relationship<A, B, M, N>,
        parent: impl Parent<B, M>,
    ) {
        let child = self.id(child);
        let parent = parent.into_parent(self).map(|parent| self.id(parent));
        let Some(index) = A::ENTITY.relationship(relationship.definition().name) else { return };
        match parent {
            Some(parent) => self.graph.link(child, index, parent),
            None => self.graph.clear(child, index),
        }
        self.tell_attributes();
    }
}
