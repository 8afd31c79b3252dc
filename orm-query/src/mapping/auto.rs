use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A column whose value may be left to the database or to a default.
///
/// It is unset until a value is given, or until the flush brings the generated one back; it derefs to the value.
///
/// ```
/// use orm_query::Auto;
///
/// let mut created: Auto<i64> = Auto::default();
/// assert_eq!(created.get(), None);
/// created = 5.into();
/// assert_eq!(*created, 5);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Auto<T> {
    /// Left to the database or to a default.
    #[default]
    Unset,
    /// Given, or brought back.
    Set(T),
}

impl<T> Auto<T> {
    /// The value, if there is one.
    pub fn get(&self) -> Option<&T> {
        match self {
            Auto::Set(value) => Some(value),
            Auto::Unset => None,
        }
    }
}

impl<T> From<T> for Auto<T> {
    fn from(value: T) -> Self {
        Auto::Set(value)
    }
}

const UNSET: &str =
    "this `Auto` has no value yet: it gets one from the database at the flush; use `.get()` before";

impl<T> Deref for Auto<T> {
    type Target = T;

    /// # Panics
    /// While it is unset; [`Auto::get`] does not.
    fn deref(&self) -> &T {
        self.get().expect(UNSET)
    }
}

impl<T> DerefMut for Auto<T> {
    fn deref_mut(&mut self) -> &mut T {
        match self {
            Auto::Set(value) => value,
            Auto::Unset => panic!("{UNSET}"),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Auto<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Auto::Set(value) => value.fmt(f),
            Auto::Unset => f.write_str("unset"),
        }
    }
}

impl<T: Serialize> Serialize for Auto<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.get().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Auto<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Auto::Unset, Auto::Set))
    }
}
