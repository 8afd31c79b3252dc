use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Mapped, Relation, RelationField, ToMany};

/// A relationship field that leads to many objects.
///
/// It is unloaded, holds owned children (in a value that is not in a session), or links into its session, where
/// `session.view(handle).get(…)` reads it. There is no way to iterate over it that could silently see nothing.
///
/// Serialized, owned children are a list, and anything else is null.
pub struct Many<T> {
    relation: Relation,
    target: PhantomData<fn() -> T>,
}

impl<T: Mapped> Many<T> {
    /// The owned children; `None` where it is unloaded, or links into a session.
    pub fn loaded(&self) -> Option<&[T]> {
        self.relation.children()?.as_any().downcast_ref::<Vec<T>>().map(Vec::as_slice)
    }

    /// The owned children, to change; an unloaded field becomes an empty list first. `None` where it links into a
    /// session: there, `session.append(…)` and `session.remove(…)` change it.
    pub fn loaded_mut(&mut self) -> Option<&mut Vec<T>> {
        if self.relation.is_unloaded() {
            self.relation = Relation::Owned(Box::new(Vec::<T>::new()));
        }
        self.relation.children_mut()?.as_any_mut().downcast_mut()
    }
}

impl<T> Many<T> {
    /// Whether nothing was read or given.
    pub fn is_unloaded(&self) -> bool {
        self.relation.is_unloaded()
    }

    /// Whether only a part was read: by a loader option with `filter` or `limit`, or by `noload`. A value that holds a
    /// part may be merged: what it does not hold stays where it is.
    pub fn is_partial(&self) -> bool {
        self.relation.is_partial()
    }
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Many { relation: Relation::Unloaded, target: PhantomData }
    }
}

impl<T> Clone for Many<T> {
    fn clone(&self) -> Self {
        Many { relation: self.relation.clone(), target: PhantomData }
    }
}

impl<T> fmt::Debug for Many<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.relation.fmt(f)
    }
}

impl<T: Mapped> From<Vec<T>> for Many<T> {
    fn from(children: Vec<T>) -> Self {
        Many { relation: Relation::Owned(Box::new(children)), target: PhantomData }
    }
}

impl<T: Mapped> FromIterator<T> for Many<T> {
    fn from_iter<I: IntoIterator<Item = T>>(children: I) -> Self {
        children.into_iter().collect::<Vec<T>>().into()
    }
}

impl<T: Mapped + Serialize> Serialize for Many<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.loaded().serialize(serializer)
    }
}

impl<'de, T: Mapped + Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Vec<T>>::deserialize(deserializer)?.map(Many::from).unwrap_or_default())
    }
}

impl<T: Mapped> RelationField for Many<T> {
    type Target = T;
    type Multiplicity = ToMany;

    fn relation(&self) -> &Relation {
        &self.relation
    }

    fn relation_mut(&mut self) -> &mut Relation {
        &mut self.relation
    }
}

/// Never implemented: its message is what `for x in &user.addresses` says.
#[diagnostic::on_unimplemented(
    message = "a relationship field of many `{Self}` cannot be iterated over directly: it may not be loaded",
    label = "this field may link into a session, or hold nothing yet",
    note = "in a session, `session.view(handle).get(Type::field)?` gives views of them, or an error where they are not loaded",
    note = "in an owned value, `.loaded()` gives `Some(slice)` where they are there"
)]
pub trait ReadThroughView: never::Never {}

/// Keeps anyone from implementing it after all.
mod never {
    pub trait Never {}
}

// Of `Iterator` and not of `IntoIterator`: std has the latter for every iterator, and of two implementations that do
// not hold the compiler names neither.
impl<T> Iterator for Many<T>
where
    T: ReadThroughView,
{
    type Item = T;

    fn next(&mut self) -> Option<T> {
        None
    }
}

impl<'a, T> Iterator for &'a Many<T>
where
    T: ReadThroughView,
{
    type Item = &'a T;

    fn next(&mut self) -> Option<&'a T> {
        None
    }
}
