use std::fmt;
use std::marker::PhantomData;

/// A table or an alias as a value: `select(User)`.
///
/// The derive macro emits one as a constant of the struct's own name.
pub struct Table<S>(PhantomData<fn() -> S>);

impl<S> Table<S> {
    /// The table of `S`.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Table(PhantomData)
    }
}

impl<S> Clone for Table<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Table<S> {}

impl<S> fmt::Debug for Table<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table<{}>", std::any::type_name::<S>())
    }
}
