use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// An object of a session: its place there, with the session's tag. `Copy`, and compared by place.
///
/// `session[handle]` reads and writes the object; [`Session::view`](crate::Session::view) walks its relationships.
pub struct Handle<T> {
    pub(crate) slot: u32,
    pub(crate) session: u32,
    target: PhantomData<fn() -> T>,
}

impl<T> Handle<T> {
    pub(crate) fn new(slot: u32, session: u32) -> Self {
        Handle { slot, session, target: PhantomData }
    }
}

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Handle<T> {}

impl<T> PartialEq for Handle<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.slot, self.session) == (other.slot, other.session)
    }
}

impl<T> Eq for Handle<T> {}

impl<T> Hash for Handle<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.slot, self.session).hash(state);
    }
}

impl<T> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = std::any::type_name::<T>();
        write!(f, "Handle<{}>({})", name.rsplit("::").next().unwrap_or(name), self.slot)
    }
}
