use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Mapped, Multiplicity, Relation, RelationField, ToOne, ToOptional};

/// A relationship field that leads to one object: `One<T>`, or `One<Option<T>>` where there may be none.
///
/// It is unloaded, holds an owned object, or links into its session, where `session.view(handle).get(…)` reads it.
/// Serialized, an owned object is itself, and anything else is null.
pub struct One<T> {
    relation: Relation,
    target: PhantomData<fn() -> T>,
}

/// `T` of `One<T>`: a mapped struct, or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`One<{Self}>` is not a relationship",
    label = "`{Self}` is not a mapped struct",
    note = "derive `Mapped` on it; a relationship that may lead nowhere is `One<Option<T>>`"
)]
pub trait OneTarget {
    /// The mapped struct.
    type Entity: Mapped;
    /// Whether there may be none.
    type Multiplicity: Multiplicity;
}

impl<T: Mapped> OneTarget for T {
    type Entity = T;
    type Multiplicity = ToOne;
}

impl<T: Mapped> OneTarget for Option<T> {
    type Entity = T;
    type Multiplicity = ToOptional;
}

impl<T: OneTarget> One<T> {
    /// The owned object: `None` where the field is unloaded, links into a session, or leads nowhere.
    pub fn loaded(&self) -> Option<&T::Entity> {
        self.relation.children()?.as_any().downcast_ref::<Vec<T::Entity>>()?.first()
    }

    /// The owned object, to change.
    pub fn loaded_mut(&mut self) -> Option<&mut T::Entity> {
        self.relation.children_mut()?.as_any_mut().downcast_mut::<Vec<T::Entity>>()?.first_mut()
    }

    fn owned(object: Option<T::Entity>) -> Self {
        One { relation: Relation::Owned(Box::new(Vec::from_iter(object))), target: PhantomData }
    }
}

impl<T> One<T> {
    /// Whether nothing was read or given.
    pub fn is_unloaded(&self) -> bool {
        self.relation.is_unloaded()
    }
}

impl<T> Default for One<T> {
    fn default() -> Self {
        One { relation: Relation::Unloaded, target: PhantomData }
    }
}

impl<T> Clone for One<T> {
    fn clone(&self) -> Self {
        One { relation: self.relation.clone(), target: PhantomData }
    }
}

impl<T> fmt::Debug for One<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.relation.fmt(f)
    }
}

impl<T: Mapped> From<T> for One<T> {
    fn from(object: T) -> Self {
        One::owned(Some(object))
    }
}

impl<T: Mapped> From<T> for One<Option<T>> {
    fn from(object: T) -> Self {
        One::owned(Some(object))
    }
}

impl<T: Mapped> From<Option<T>> for One<Option<T>> {
    fn from(object: Option<T>) -> Self {
        One::owned(object)
    }
}

impl<T: OneTarget<Entity: Serialize>> Serialize for One<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.loaded().serialize(serializer)
    }
}

impl<'de, T: OneTarget<Entity: Deserialize<'de>>> Deserialize<'de> for One<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Option::deserialize(deserializer)? {
            Some(object) => One::owned(Some(object)),
            None => One::default(),
        })
    }
}

impl<T: OneTarget> RelationField for One<T> {
    type Target = T::Entity;
    type Multiplicity = T::Multiplicity;

    fn relation(&self) -> &Relation {
        &self.relation
    }

    fn relation_mut(&mut self) -> &mut Relation {
        &mut self.relation
    }
}
