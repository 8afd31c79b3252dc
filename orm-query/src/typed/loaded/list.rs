use crate::Mapped;
use crate::mapping::{Multiplicity, RelationshipDef};
use crate::typed::load_option::Brings;
use crate::typed::relationship::{ERASED, Relationship};
use crate::typed::scope::{Here, There};

use super::names::{FilteredPlace, Place};
use super::owned::Reach;

/// What is loaded of an object, as a list of types: `()`, or `(Brings<relationship, what lies behind>, rest)`.
pub trait LoadedList: 'static {
    /// The same as data.
    const KNOWN: &'static Known;
}

/// Relationships that are known to be loaded, and what is behind them: a list.
#[derive(Debug)]
pub enum Known {
    /// No more.
    End,
    /// This one, and others.
    One {
        /// The relationship's place among those of its struct.
        place: usize,
        /// Whether it leads to one object for certain.
        must_lead: bool,
        /// What is loaded of the objects that it leads to.
        behind: &'static Known,
        /// The others.
        next: &'static Known,
    },
}

impl Known {
    /// The relationships: the place of each, whether it leads to one object for certain, and what is loaded behind it.
    pub fn iter(&'static self) -> impl Iterator<Item = (usize, bool, &'static Known)> {
        let mut rest = self;
        std::iter::from_fn(move || match rest {
            Known::End => None,
            Known::One { place, must_lead, behind, next } => {
                rest = next;
                Some((*place, *must_lead, *behind))
            }
        })
    }

    /// What is loaded behind the relationship at that place, if it is one of them.
    pub fn behind(&'static self, wanted: usize) -> Option<&'static Known> {
        self.iter().find(|(place, ..)| *place == wanted).map(|(.., behind)| behind)
    }

    const fn has(&self, wanted: usize) -> bool {
        match self {
            Known::End => false,
            Known::One { place, next, .. } => *place == wanted || next.has(wanted),
        }
    }
}

impl LoadedList for () {
    const KNOWN: &'static Known = &Known::End;
}

impl<A, B, M, const N: usize, T, L> LoadedList for (Brings<Relationship<A, B, M, N>, T>, L)
where
    A: 'static,
    B: 'static,
    M: Multiplicity,
    T: LoadedList,
    L: LoadedList,
{
    const KNOWN: &'static Known = {
        assert!(N != ERASED, "`.loading(…)` cannot tell which relationship an erased one is");
        assert!(!L::KNOWN.has(N), "`.loading(…)` loads a relationship twice");
        &Known::One { place: N, must_lead: !M::OPTIONAL, behind: T::KNOWN, next: L::KNOWN }
    };
}

/// A relationship of `T` that is among what is loaded, `L`: what `.get(…)` takes. `I` is its place, which the compiler
/// infers.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relationship of `{T}`",
    label = "expected a relationship of `{T}`, such as `{T}::…`"
)]
pub trait LoadedIn<T, L, I> {
    /// Where it leads to.
    type Target: Mapped;
    /// To one, to one or none, or to many: one that was filtered may lead nowhere.
    type Multiplicity: Reach;
    /// What is loaded of the objects that it leads to.
    type Behind;

    /// Which it is.
    fn definition(self) -> &'static RelationshipDef;
}

impl<T: Mapped, B: Mapped, M, const N: usize, L, I> LoadedIn<T, L, I> for Relationship<T, B, M, N>
where
    L: Loads<Relationship<T, B, M, N>, I>,
{
    type Target = B;
    type Multiplicity = L::Multiplicity;
    type Behind = L::Behind;

    fn definition(self) -> &'static RelationshipDef {
        Relationship::definition(&self)
    }
}

/// The relationship `R` is among what is loaded, `Self`; `I` is its place, which the compiler infers.
#[diagnostic::on_unimplemented(
    message = "the statement does not load this relationship",
    label = "`{R}` is not among what `.loading(…)` says",
    note = "load it with the rest: `select(…).loading((…, selectin(relationship)))`, or behind another by `.then(selectin(relationship))`",
    note = "what may be loaded or not is read with a `Result`: `.view().get(relationship)?` in a session, the field's `.loaded()` in an owned value"
)]
pub trait Loads<R, I> {
    /// To one, to one or none, or to many: one that was filtered may lead nowhere.
    type Multiplicity: Reach;
    /// What is loaded of the objects that it leads to.
    type Behind;
}

#[diagnostic::do_not_recommend]
impl<A, B, M, K: Reach, const N: usize, T, L> Loads<Relationship<A, B, M, N>, Here>
    for (Brings<Relationship<A, B, K, N>, T>, L)
{
    type Multiplicity = K;
    type Behind = T;
}

#[diagnostic::do_not_recommend]
impl<A, B, M: Reach, const N: usize, T, L> Loads<Relationship<A, B, M, N>, Here>
    for (Brings<Place<A, N>, T>, L)
{
    type Multiplicity = M;
    type Behind = T;
}

#[diagnostic::do_not_recommend]
impl<A, B, M: Multiplicity<Filtered: Reach>, const N: usize, T, L> Loads<Relationship<A, B, M, N>, Here>
    for (Brings<FilteredPlace<A, N>, T>, L)
{
    type Multiplicity = M::Filtered;
    type Behind = T;
}

#[diagnostic::do_not_recommend]
impl<R, X, L, I> Loads<R, There<I>> for (X, L)
where
    L: Loads<R, I>,
{
    type Multiplicity = L::Multiplicity;
    type Behind = L::Behind;
}
