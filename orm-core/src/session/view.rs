use std::fmt;
use std::ops::Deref;

use orm_query::Mapped;
use orm_query::mapping::{Multiplicity, Slots, ToMany, ToOne, ToOneFiltered, ToOptional};
use orm_query::typed::Relationship;

use super::loaded::{LoadedView, LoadedViews};
use super::{Handle, Session};
use crate::{Error, Result};

/// An object of a session to read: it derefs to the object, and walks its relationships. It never does I/O.
pub struct View<'s, T> {
    session: &'s Session,
    value: &'s T,
    handle: Handle<T>,
}

impl<'s, T: Mapped> View<'s, T> {
    pub(crate) fn new(session: &'s Session, handle: Handle<T>) -> Option<Self> {
        session.graph.resolve(handle).ok()?;
        let value = session.graph.slots::<T>()?.get(handle.slot)?;
        Some(View { session, value, handle })
    }

    /// The handle of the object.
    pub fn handle(self) -> Handle<T> {
        self.handle
    }

    /// The object, for as long as the session is borrowed.
    pub fn value(self) -> &'s T {
        self.value
    }

    /// What a relationship leads to: views for a collection, a view for `One<T>`, an `Option` of one for
    /// `One<Option<T>>`.
    ///
    /// # Errors
    /// [`Error::NotLoaded`] where the relationship was not loaded: it names the loader to add.
    pub fn get<B: Mapped, M: Walk, const N: usize>(
        self,
        relationship: Relationship<T, B, M, N>,
    ) -> Result<M::Out<'s, B>> {
        let name = relationship.definition().name;
        self.walk::<B, M>(name).ok_or(Error::NotLoaded { entity: T::RUST_NAME, relationship: name })
    }

    /// What the relationship of that name leads to, if it is loaded.
    pub(super) fn walk<B: Mapped, M: Walk>(self, relationship: &str) -> Option<M::Out<'s, B>> {
        let index = T::ENTITY.relationship(relationship)?;
        let links = self.value.relation(index).links_of(self.session.graph.links_tag)?;
        M::walk(self.session, links)
    }
}

impl<T> Clone for View<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for View<'_, T> {}

impl<T> Deref for View<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for View<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// What reading a relationship gives, by its multiplicity.
#[diagnostic::on_unimplemented(
    message = "a write-only collection is never loaded, so that a view does not have it",
    label = "this leads along a `WriteOnly` field",
    note = "`session.collection(handle, relationship)` adds and removes, and its `select()` reads"
)]
pub trait Walk: Multiplicity {
    /// Views, a view, or an `Option` of one.
    type Out<'s, B: Mapped>;
    /// The same, of a relationship that is known to be loaded.
    type Loaded<'s, B: Mapped, L>;
    /// The objects at `links`.
    #[doc(hidden)]
    fn walk<'s, B: Mapped>(session: &'s Session, links: &'s [u32]) -> Option<Self::Out<'s, B>>;
    /// The objects, with what is known to be loaded of them.
    #[doc(hidden)]
    fn known<'s, B: Mapped, L>(found: Self::Out<'s, B>) -> Self::Loaded<'s, B, L>;
}

impl Walk for ToMany {
    type Out<'s, B: Mapped> = Views<'s, B>;
    type Loaded<'s, B: Mapped, L> = LoadedViews<'s, B, L>;

    fn walk<'s, B: Mapped>(session: &'s Session, links: &'s [u32]) -> Option<Views<'s, B>> {
        Some(Views { session, links: links.iter(), slots: session.graph.slots::<B>() })
    }

    fn known<'s, B: Mapped, L>(found: Self::Out<'s, B>) -> Self::Loaded<'s, B, L> {
        LoadedViews::new(found)
    }
}

impl Walk for ToOne {
    type Out<'s, B: Mapped> = View<'s, B>;
    type Loaded<'s, B: Mapped, L> = LoadedView<'s, B, L>;

    fn walk<'s, B: Mapped>(session: &'s Session, links: &'s [u32]) -> Option<View<'s, B>> {
        view_at(session, *links.first()?)
    }

    fn known<'s, B: Mapped, L>(found: Self::Out<'s, B>) -> Self::Loaded<'s, B, L> {
        LoadedView::new(found)
    }
}

impl Walk for ToOptional {
    type Out<'s, B: Mapped> = Option<View<'s, B>>;
    type Loaded<'s, B: Mapped, L> = Option<LoadedView<'s, B, L>>;

    fn walk<'s, B: Mapped>(session: &'s Session, links: &'s [u32]) -> Option<Option<View<'s, B>>> {
        Some(links.first().and_then(|&slot| view_at(session, slot)))
    }

    fn known<'s, B: Mapped, L>(found: Self::Out<'s, B>) -> Self::Loaded<'s, B, L> {
        found.map(LoadedView::new)
    }
}

impl Walk for ToOneFiltered {
    type Out<'s, B: Mapped> = Option<View<'s, B>>;
    type Loaded<'s, B: Mapped, L> = Option<LoadedView<'s, B, L>>;

    fn walk<'s, B: Mapped>(session: &'s Session, links: &'s [u32]) -> Option<Option<View<'s, B>>> {
        ToOptional::walk(session, links)
    }

    fn known<'s, B: Mapped, L>(found: Self::Out<'s, B>) -> Self::Loaded<'s, B, L> {
        found.map(LoadedView::new)
    }
}

fn view_at<B: Mapped>(session: &Session, slot: u32) -> Option<View<'_, B>> {
    View::new(session, Handle::new(slot, session.graph.tag))
}

/// The objects that a relationship leads to, in order.
pub struct Views<'s, T> {
    session: &'s Session,
    links: std::slice::Iter<'s, u32>,
    slots: Option<&'s Slots<T>>,
}

impl<T> Clone for Views<'_, T> {
    fn clone(&self) -> Self {
        Views { session: self.session, links: self.links.clone(), slots: self.slots }
    }
}

impl<'s, T: Mapped> Iterator for Views<'s, T> {
    type Item = View<'s, T>;

    fn next(&mut self) -> Option<View<'s, T>> {
        for &slot in self.links.by_ref() {
            if let Some(value) = self.slots.and_then(|slots| slots.get(slot)) {
                let handle = Handle::new(slot, self.session.graph.tag);
                return Some(View { session: self.session, value, handle });
            }
        }
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.links.len()))
    }
}

impl<T: Mapped> DoubleEndedIterator for Views<'_, T> {
    fn next_back(&mut self) -> Option<Self::Item> {
        while let Some(&slot) = self.links.next_back() {
            if let Some(view) = view_at(self.session, slot) {
                return Some(view);
            }
        }
        None
    }
}

impl<T: Mapped> Views<'_, T> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.clone().count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.clone().next().is_none()
    }
}

impl<T: Mapped + fmt::Debug> fmt::Debug for Views<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
