//! Handles and views of objects of which the compiler knows what is loaded.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Deref, Index, IndexMut};

use orm_query::Mapped;
use orm_query::typed::{Covers, LoadedIn};

use super::view::{View, Views, Walk};
use super::{Handle, Session};

/// An object of a session of which the compiler knows what is loaded, `L`: a row of a query with
/// [`.loading(…)`](orm_query::typed::Select::loading). It derefs to its [`Handle`], which methods of the session take:
/// `session.delete(*user)`; `session[user]` reads and writes the object, and [`Session::view`] reads what is loaded.
pub struct LoadedHandle<T, L> {
    handle: Handle<T>,
    types: PhantomData<fn() -> L>,
}

impl<T, L> LoadedHandle<T, L> {
    pub(super) fn new(handle: Handle<T>) -> Self {
        LoadedHandle { handle, types: PhantomData }
    }

    /// The handle, of which nothing is known.
    pub fn handle(self) -> Handle<T> {
        self.handle
    }

    /// The same object, less known of it: what a function asks for by [`loads!`](orm_query::loads).
    pub fn narrow<K, I>(self) -> LoadedHandle<T, K>
    where
        L: Covers<K, I>,
    {
        LoadedHandle::new(self.handle)
    }
}

impl<T: Mapped, L: 'static> LoadedHandle<T, L> {
    /// The object to read: another word for [`Session::view`].
    ///
    /// # Panics
    /// When the handle is of another session, or its object is gone.
    pub fn view(self, session: &Session) -> LoadedView<'_, T, L> {
        session.view(self)
    }
}

impl<T, L> Clone for LoadedHandle<T, L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, L> Copy for LoadedHandle<T, L> {}

impl<T, L> Deref for LoadedHandle<T, L> {
    type Target = Handle<T>;

    fn deref(&self) -> &Handle<T> {
        &self.handle
    }
}

impl<T, L> From<LoadedHandle<T, L>> for Handle<T> {
    fn from(loaded: LoadedHandle<T, L>) -> Self {
        loaded.handle
    }
}

/// Whatever is known of the object.
impl<T, L, K> PartialEq<LoadedHandle<T, K>> for LoadedHandle<T, L> {
    fn eq(&self, other: &LoadedHandle<T, K>) -> bool {
        self.handle == other.handle
    }
}

impl<T, L> Eq for LoadedHandle<T, L> {}

impl<T, L> PartialEq<Handle<T>> for LoadedHandle<T, L> {
    fn eq(&self, other: &Handle<T>) -> bool {
        self.handle == *other
    }
}

impl<T, L> PartialEq<LoadedHandle<T, L>> for Handle<T> {
    fn eq(&self, other: &LoadedHandle<T, L>) -> bool {
        *self == other.handle
    }
}

impl<T, L> Hash for LoadedHandle<T, L> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.handle.hash(state);
    }
}

impl<T, L> fmt::Debug for LoadedHandle<T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.handle.fmt(f)
    }
}

impl<T: Mapped, L> Index<LoadedHandle<T, L>> for Session {
    type Output = T;

    /// # Panics
    /// When the handle is of another session, or its object is gone.
    fn index(&self, loaded: LoadedHandle<T, L>) -> &T {
        &self[loaded.handle]
    }
}

impl<T: Mapped, L> IndexMut<LoadedHandle<T, L>> for Session {
    /// # Panics
    /// When the handle is of another session, or its object is gone.
    fn index_mut(&mut self, loaded: LoadedHandle<T, L>) -> &mut T {
        &mut self[loaded.handle]
    }
}

/// An object of a session to read, of which the compiler knows what is loaded, `L`. It derefs to the object.
pub struct LoadedView<'s, T, L> {
    view: View<'s, T>,
    types: PhantomData<fn() -> L>,
}

impl<'s, T, L> LoadedView<'s, T, L> {
    pub(super) fn new(view: View<'s, T>) -> Self {
        LoadedView { view, types: PhantomData }
    }

    /// The view of which nothing is known: its [`get`](View::get) reads any relationship, and may find it unloaded.
    pub fn view(self) -> View<'s, T> {
        self.view
    }

    /// The same object, less known of it: what a function asks for by [`loads!`](orm_query::loads).
    pub fn narrow<K, I>(self) -> LoadedView<'s, T, K>
    where
        L: Covers<K, I>,
    {
        LoadedView::new(self.view)
    }
}

impl<'s, T: Mapped, L> LoadedView<'s, T, L> {
    /// The handle of the object.
    pub fn handle(self) -> LoadedHandle<T, L> {
        LoadedHandle::new(self.view.handle())
    }

    /// The object, for as long as the session is borrowed.
    pub fn value(self) -> &'s T {
        self.view.value()
    }

    /// What a relationship leads to: [`LoadedViews`] for a collection, a [`LoadedView`] for `One<T>`, an `Option` of one
    /// for `One<Option<T>>`. A relationship that the statement does not load does not compile; `.view().get(…)` reads
    /// it where it may have been loaded otherwise.
    ///
    /// # Panics
    /// When the relationship was unloaded since: by [`expire`](Session::expire), a rollback, or `populate_existing`.
    pub fn get<R, I>(self, relationship: R) -> <R::Multiplicity as Walk>::Loaded<'s, R::Target, R::Behind>
    where
        R: LoadedIn<T, L, I, Multiplicity: Walk>,
    {
        let name = relationship.definition().name;
        match self.view.walk::<R::Target, R::Multiplicity>(name) {
            Some(found) => R::Multiplicity::known(found),
            None => unloaded_since(T::RUST_NAME, name),
        }
    }
}

#[cold]
fn unloaded_since(entity: &str, relationship: &str) -> ! {
    panic!(
        "`{entity}::{relationship}` was loaded by the query that gave this handle, and was unloaded since: by `expire`, \
         a rollback or `populate_existing`; run the query again, or read it by `.view().get({entity}::{relationship})?`"
    )
}

impl<T, L> Clone for LoadedView<'_, T, L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, L> Copy for LoadedView<'_, T, L> {}

impl<T, L> Deref for LoadedView<'_, T, L> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.view
    }
}

impl<T: fmt::Debug, L> fmt::Debug for LoadedView<'_, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.view.fmt(f)
    }
}

/// The objects that a loaded relationship leads to, in order.
pub struct LoadedViews<'s, T, L> {
    views: Views<'s, T>,
    types: PhantomData<fn() -> L>,
}

impl<'s, T, L> LoadedViews<'s, T, L> {
    pub(super) fn new(views: Views<'s, T>) -> Self {
        LoadedViews { views, types: PhantomData }
    }
}

impl<T: Mapped, L> LoadedViews<'_, T, L> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.views.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.views.is_empty()
    }
}

impl<T, L> Clone for LoadedViews<'_, T, L> {
    fn clone(&self) -> Self {
        LoadedViews { views: self.views.clone(), types: PhantomData }
    }
}

impl<'s, T: Mapped, L> Iterator for LoadedViews<'s, T, L> {
    type Item = LoadedView<'s, T, L>;

    fn next(&mut self) -> Option<Self::Item> {
        self.views.next().map(LoadedView::new)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.views.size_hint()
    }
}

impl<T: Mapped, L> DoubleEndedIterator for LoadedViews<'_, T, L> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.views.next_back().map(LoadedView::new)
    }
}

impl<T: Mapped + fmt::Debug, L> fmt::Debug for LoadedViews<'_, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.views.fmt(f)
    }
}

/// What [`Session::view`] takes: a [`Handle`] or a [`LoadedHandle`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handle of an object",
    label = "expected a `Handle`, such as queries of a session and `session.add(…)` give"
)]
pub trait Viewable: Copy {
    /// The struct of the object.
    type Entity: Mapped;
    /// What it is read through.
    type View<'s>;

    /// The handle, of which nothing is known.
    #[doc(hidden)]
    fn plain(self) -> Handle<Self::Entity>;
    /// The view, with what is known.
    #[doc(hidden)]
    fn seen(view: View<'_, Self::Entity>) -> Self::View<'_>;
}

impl<T: Mapped> Viewable for Handle<T> {
    type Entity = T;
    type View<'s> = View<'s, T>;

    fn plain(self) -> Handle<T> {
        self
    }

    fn seen(view: View<'_, T>) -> View<'_, T> {
        view
    }
}

impl<T: Mapped, L: 'static> Viewable for LoadedHandle<T, L> {
    type Entity = T;
    type View<'s> = LoadedView<'s, T, L>;

    fn plain(self) -> Handle<T> {
        self.handle
    }

    fn seen(view: View<'_, T>) -> LoadedView<'_, T, L> {
        LoadedView::new(view)
    }
}
