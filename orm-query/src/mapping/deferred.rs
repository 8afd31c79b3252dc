use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The value of a column that a query may leave out: a long text, a file, a `#[column_property(…)]`.
///
/// It is absent until it is read or given. A query leaves it out unless it says
/// [`undefer`](crate::typed::undefer), or the column has `deferred = false`; `session.load_columns` reads it later. There is
/// no I/O behind the field. While it is absent it is never written: an INSERT leaves it to the database, and an UPDATE
/// leaves the column as it is.
///
/// ```
/// use orm_query::Deferred;
///
/// let mut notes: Deferred<String> = Deferred::default();
/// assert_eq!(notes.get(), None);
/// notes = "long".to_owned().into();
/// assert_eq!(notes.get().map(String::as_str), Some("long"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Deferred<T> {
    /// Left out.
    #[default]
    Absent,
    /// Read, or given.
    Loaded(T),
}

impl<T> Deferred<T> {
    /// The value, if it is there.
    pub fn get(&self) -> Option<&T> {
        match self {
            Deferred::Loaded(value) => Some(value),
            Deferred::Absent => None,
        }
    }

    /// The value to change, if it is there.
    pub fn get_mut(&mut self) -> Option<&mut T> {
        match self {
            Deferred::Loaded(value) => Some(value),
            Deferred::Absent => None,
        }
    }

    /// The value taken out, if it is there.
    pub fn into_inner(self) -> Option<T> {
        match self {
            Deferred::Loaded(value) => Some(value),
            Deferred::Absent => None,
        }
    }

    /// Whether the value is there.
    pub fn is_loaded(&self) -> bool {
        matches!(self, Deferred::Loaded(_))
    }
}

impl<T> From<T> for Deferred<T> {
    fn from(value: T) -> Self {
        Deferred::Loaded(value)
    }
}

impl<T: fmt::Debug> fmt::Debug for Deferred<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Deferred::Loaded(value) => value.fmt(f),
            Deferred::Absent => f.write_str("absent"),
        }
    }
}

impl<T: Serialize> Serialize for Deferred<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Deferred<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Deferred::Absent, Deferred::Loaded))
    }
}
