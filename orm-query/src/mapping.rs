//! What a mapped struct is: the trait that `#[derive(Mapped)]` implements, the descriptors that it emits, and the
//! types of its fields.
//!
//! A relationship field ([`Many`], [`One`]) does not own its target in the type graph: owned children sit behind a
//! type-erased box, so that `Send`, `Sync` and drop proofs of one struct never walk the whole schema.

mod arena;
mod auto;
mod cascade;
mod check;
mod criterion;
mod deferred;
mod entity;
mod field;
mod foreign_key;
#[doc(hidden)]
pub mod glue;
mod key;
mod many;
mod mapped;
mod one;
mod property;
mod relation;
mod relationship;
mod store;
mod write_only;

pub use auto::Auto;
pub use cascade::Cascade;
pub use check::{
    RequiresAuto, assert_back_populates, assert_delete_orphan, assert_foreign_key, find_foreign_key,
    requires_auto,
};
pub use criterion::{Criterion, KnownObject};
pub use deferred::Deferred;
pub use entity::EntityDef;
pub use field::Field;
pub use foreign_key::{ForeignKeyTo, OppositeKey, References};
pub use key::{EntityKey, IntoKey};
pub use many::{Many, ReadThroughView};
pub use mapped::{Mapped, no_such_relation};
pub use one::{One, OneTarget};
pub use property::{Deferral, PropertyDef};
pub use relation::{Children, Links, Relation, RelationField, RelationKind};
pub use relationship::{
    JoinOn, Lazy, Multiplicity, OrderDef, PassiveDeletes, RelationshipDef, ToMany, ToOne, ToOneFiltered,
    ToOptional, Whole, equate,
};
pub use store::{SlotState, Slots, Store};
pub use write_only::{Readable, ToManyWriteOnly, ToMembers, WriteOnly};
