use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Mapped, Multiplicity, Relation, RelationField, ToMany, ToOne, ToOneFiltered, ToOptional};

/// A relationship field that leads to many objects and is never loaded: for collections that are too large for it.
///
/// `session.collection(handle, Playlist::songs)` adds and removes, and gives statements that read and change the rows of
/// the collection. A new value may own children, which are inserted with it: `songs: vec![…].into()`.
///
/// Serialized, owned children are a list, and anything else is null.
pub struct WriteOnly<T> {
    relation: Relation,
    target: PhantomData<fn() -> T>,
}

impl<T: Mapped> WriteOnly<T> {
    /// The children that a value owns which was not added yet.
    pub fn given(&self) -> Option<&[T]> {
        self.relation.children()?.as_any().downcast_ref::<Vec<T>>().map(Vec::as_slice)
    }
}

impl<T> Default for WriteOnly<T> {
    fn default() -> Self {
        WriteOnly { relation: Relation::Unloaded, target: PhantomData }
    }
}

impl<T> Clone for WriteOnly<T> {
    fn clone(&self) -> Self {
        WriteOnly { relation: self.relation.clone(), target: PhantomData }
    }
}

impl<T> fmt::Debug for WriteOnly<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.relation {
            Relation::Owned(children) | Relation::Part(children) => children.debug(f),
            Relation::Unloaded | Relation::Linked(_) => f.write_str("write-only"),
        }
    }
}

impl<T: Mapped> From<Vec<T>> for WriteOnly<T> {
    fn from(children: Vec<T>) -> Self {
        WriteOnly { relation: Relation::Owned(Box::new(children)), target: PhantomData }
    }
}

impl<T: Mapped> FromIterator<T> for WriteOnly<T> {
    fn from_iter<I: IntoIterator<Item = T>>(children: I) -> Self {
        children.into_iter().collect::<Vec<T>>().into()
    }
}

impl<T: Mapped + Serialize> Serialize for WriteOnly<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.given().serialize(serializer)
    }
}

impl<'de, T: Mapped + Deserialize<'de>> Deserialize<'de> for WriteOnly<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Vec<T>>::deserialize(deserializer)?.map(WriteOnly::from).unwrap_or_default())
    }
}

impl<T: Mapped> RelationField for WriteOnly<T> {
    type Target = T;
    type Multiplicity = ToManyWriteOnly;

    fn relation(&self) -> &Relation {
        &self.relation
    }

    fn relation_mut(&mut self) -> &mut Relation {
        &mut self.relation
    }
}

/// A relationship to many objects that is never loaded.
#[derive(Debug)]
pub enum ToManyWriteOnly {}

impl Multiplicity for ToManyWriteOnly {
    type Filtered = ToManyWriteOnly;
    const TO_MANY: bool = true;
    const OPTIONAL: bool = true;
}

/// What a session may load: a relationship to one, or to many, but for a write-only collection.
#[diagnostic::on_unimplemented(
    message = "a write-only collection is never loaded",
    label = "this leads along a `WriteOnly` field",
    note = "`session.collection(handle, relationship)` adds and removes, and its `select()` reads",
    note = "a collection that is small enough to be loaded is a `Many<T>`"
)]
pub trait Readable: Multiplicity {}

impl Readable for ToMany {}
impl Readable for ToOne {}
impl Readable for ToOneFiltered {}
impl Readable for ToOptional {}

/// To many, loaded or write-only.
#[diagnostic::on_unimplemented(
    message = "this relationship leads to one object, and not to many",
    label = "not a collection",
    note = "a `One<T>` is set by `session.set(…)`"
)]
pub trait ToMembers: Multiplicity {}

impl ToMembers for ToMany {}
impl ToMembers for ToManyWriteOnly {}
