use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;

use serde::{Serialize, Serializer};

use crate::Mapped;
use crate::mapping::{Multiplicity, ToMany, ToOne, ToOneFiltered, ToOptional};

use super::list::LoadedIn;
use super::names::Covers;

/// An owned object of which the compiler knows what is loaded, `L`: a row of a query with
/// [`.loading(…)`](crate::typed::Select::loading). It derefs to the object, to read; [`into_inner`](Loaded::into_inner)
/// gives it to be changed.
///
/// Printed, compared and serialized it is the object.
pub struct Loaded<T, L> {
    value: T,
    types: PhantomData<fn() -> L>,
}

impl<T, L> Loaded<T, L> {
    /// Of an object that holds what `L` says.
    pub(crate) fn promised(value: T) -> Self {
        Loaded { value, types: PhantomData }
    }

    /// The object.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// It as a reference that is `Copy`, such as its relationships lead to.
    pub fn as_ref(&self) -> LoadedRef<'_, T, L> {
        LoadedRef { value: &self.value, types: PhantomData }
    }

    /// The same object, less known of it: what a function asks for by [`loads!`](crate::loads).
    pub fn narrow<K, I>(self) -> Loaded<T, K>
    where
        L: Covers<K, I>,
    {
        Loaded { value: self.value, types: PhantomData }
    }
}

impl<T: Mapped, L> Loaded<T, L> {
    /// What a relationship leads to: [`LoadedRefs`] for a collection, a [`LoadedRef`] for `One<T>`, an `Option` of one
    /// for `One<Option<T>>`. A relationship that the statement does not load does not compile.
    pub fn get<R, I>(&self, relationship: R) -> <R::Multiplicity as Reach>::Refs<'_, R::Target, R::Behind>
    where
        R: LoadedIn<T, L, I>,
    {
        self.as_ref().get(relationship)
    }
}

impl<T, L> Deref for Loaded<T, L> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Clone, L> Clone for Loaded<T, L> {
    fn clone(&self) -> Self {
        Loaded { value: self.value.clone(), types: PhantomData }
    }
}

impl<T: PartialEq, L> PartialEq for Loaded<T, L> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq, L> Eq for Loaded<T, L> {}

impl<T: Hash, L> Hash for Loaded<T, L> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl<T: fmt::Debug, L> fmt::Debug for Loaded<T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: Serialize, L> Serialize for Loaded<T, L> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// An object within a [`Loaded`] tree, with what is loaded of it, `L`. It derefs to the object.
pub struct LoadedRef<'a, T, L> {
    value: &'a T,
    types: PhantomData<fn() -> L>,
}

impl<'a, T, L> LoadedRef<'a, T, L> {
    /// The object, for as long as the tree is borrowed.
    pub fn value(self) -> &'a T {
        self.value
    }

    /// The same object, less known of it: what a function asks for by [`loads!`](crate::loads).
    pub fn narrow<K, I>(self) -> LoadedRef<'a, T, K>
    where
        L: Covers<K, I>,
    {
        LoadedRef { value: self.value, types: PhantomData }
    }
}

impl<'a, T: Mapped, L> LoadedRef<'a, T, L> {
    /// As [`Loaded::get`].
    pub fn get<R, I>(self, relationship: R) -> <R::Multiplicity as Reach>::Refs<'a, R::Target, R::Behind>
    where
        R: LoadedIn<T, L, I>,
    {
        let index = T::ENTITY.relationship(relationship.definition().name);
        let children = index.and_then(|index| self.value.relation(index).children());
        let children = children.and_then(|children| children.as_any().downcast_ref::<Vec<R::Target>>());
        let found = children.and_then(|children| R::Multiplicity::refs(children));
        found.expect("the query that gave this tree has looked whether it is there")
    }
}

impl<T, L> Clone for LoadedRef<'_, T, L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T, L> Copy for LoadedRef<'_, T, L> {}

impl<T, L> Deref for LoadedRef<'_, T, L> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value
    }
}

impl<T: fmt::Debug, L> fmt::Debug for LoadedRef<'_, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: Serialize, L> Serialize for LoadedRef<'_, T, L> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// The objects of a collection within a [`Loaded`] tree, in order.
pub struct LoadedRefs<'a, T, L> {
    children: std::slice::Iter<'a, T>,
    types: PhantomData<fn() -> L>,
}

impl<'a, T, L> LoadedRefs<'a, T, L> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.children.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.children.len() == 0
    }

    /// The objects themselves.
    pub fn as_slice(&self) -> &'a [T] {
        self.children.as_slice()
    }
}

impl<'a, T, L> Iterator for LoadedRefs<'a, T, L> {
    type Item = LoadedRef<'a, T, L>;

    fn next(&mut self) -> Option<Self::Item> {
        self.children.next().map(|value| LoadedRef { value, types: PhantomData })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.children.size_hint()
    }
}

impl<T, L> DoubleEndedIterator for LoadedRefs<'_, T, L> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.children.next_back().map(|value| LoadedRef { value, types: PhantomData })
    }
}

impl<T, L> ExactSizeIterator for LoadedRefs<'_, T, L> {}

impl<T, L> Clone for LoadedRefs<'_, T, L> {
    fn clone(&self) -> Self {
        LoadedRefs { children: self.children.clone(), types: PhantomData }
    }
}

impl<T: fmt::Debug, L> fmt::Debug for LoadedRefs<'_, T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.as_slice()).finish()
    }
}

/// What reading a loaded relationship gives, by its multiplicity.
pub trait Reach: Multiplicity {
    /// [`LoadedRefs`], a [`LoadedRef`], or an `Option` of one.
    type Refs<'a, B: Mapped, L>;
    /// That of the owned `children`; `None` where there must be one and is none.
    #[doc(hidden)]
    fn refs<B: Mapped, L>(children: &[B]) -> Option<Self::Refs<'_, B, L>>;
}

impl Reach for ToMany {
    type Refs<'a, B: Mapped, L> = LoadedRefs<'a, B, L>;

    fn refs<B: Mapped, L>(children: &[B]) -> Option<LoadedRefs<'_, B, L>> {
        Some(LoadedRefs { children: children.iter(), types: PhantomData })
    }
}

impl Reach for ToOne {
    type Refs<'a, B: Mapped, L> = LoadedRef<'a, B, L>;

    fn refs<B: Mapped, L>(children: &[B]) -> Option<LoadedRef<'_, B, L>> {
        children.first().map(|value| LoadedRef { value, types: PhantomData })
    }
}

impl Reach for ToOptional {
    type Refs<'a, B: Mapped, L> = Option<LoadedRef<'a, B, L>>;

    fn refs<B: Mapped, L>(children: &[B]) -> Option<Option<LoadedRef<'_, B, L>>> {
        Some(children.first().map(|value| LoadedRef { value, types: PhantomData }))
    }
}

impl Reach for ToOneFiltered {
    type Refs<'a, B: Mapped, L> = Option<LoadedRef<'a, B, L>>;

    fn refs<B: Mapped, L>(children: &[B]) -> Option<Option<LoadedRef<'_, B, L>>> {
        ToOptional::refs(children)
    }
}
