use std::any::Any;
use std::fmt;

use super::{EntityDef, Mapped, Multiplicity, Slots, Store};

/// What a relationship field holds, without the type of its target.
#[derive(Clone, Default)]
pub enum Relation {
    /// Nothing was read or given.
    #[default]
    Unloaded,
    /// Children that belong to this value.
    Owned(Box<dyn Children>),
    /// Some of the children that belong to this value: the row may have others.
    Part(Box<dyn Children>),
    /// Objects of a session.
    Linked(Links),
}

/// The objects of a session that a relationship field leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// The mark of the session, and of its last expiry of everything.
    pub session: u32,
    /// The objects' places in the session's store of their type, in order.
    pub slots: Vec<u32>,
    /// Whether the row may lead to others too: what was loaded is a part.
    pub partial: bool,
}

impl Relation {
    /// The linked slots, if this is linked with that mark of a session.
    pub fn links_of(&self, session: u32) -> Option<&[u32]> {
        match self {
            Relation::Linked(links) if links.session == session => Some(&links.slots),
            Relation::Unloaded | Relation::Owned(_) | Relation::Part(_) | Relation::Linked(_) => None,
        }
    }

    /// Whether nothing was read or given.
    pub fn is_unloaded(&self) -> bool {
        matches!(self, Relation::Unloaded)
    }

    /// Whether only a part was read: by a loader option with `filter` or `limit`, or by `noload`.
    pub fn is_partial(&self) -> bool {
        match self {
            Relation::Part(_) => true,
            Relation::Linked(links) => links.partial,
            Relation::Unloaded | Relation::Owned(_) => false,
        }
    }

    /// The children that belong to this value, all of them or a part.
    pub fn children(&self) -> Option<&dyn Children> {
        match self {
            Relation::Owned(children) | Relation::Part(children) => Some(&**children),
            Relation::Unloaded | Relation::Linked(_) => None,
        }
    }

    /// The children that belong to this value, to change.
    pub fn children_mut(&mut self) -> Option<&mut dyn Children> {
        match self {
            Relation::Owned(children) | Relation::Part(children) => Some(&mut **children),
            Relation::Unloaded | Relation::Linked(_) => None,
        }
    }
}

impl fmt::Debug for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Relation::Unloaded => f.write_str("unloaded"),
            Relation::Owned(children) => children.debug(f),
            Relation::Part(children) => {
                children.debug(f)?;
                f.write_str(", a part")
            }
            Relation::Linked(links) => write!(f, "{} linked", links.slots.len()),
        }
    }
}

/// Owned children behind a box: the type of the target does not show.
pub trait Children: Any + Send + Sync {
    /// A copy of them all.
    fn boxed_clone(&self) -> Box<dyn Children>;
    /// For the way back to the typed list.
    fn as_any(&self) -> &dyn Any;
    /// For the way back to the typed list.
    fn as_any_mut(&mut self) -> &mut dyn Any;
    /// How many there are.
    fn len(&self) -> usize;
    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// What they are.
    fn entity(&self) -> &'static EntityDef;
    /// Moves them into the session's store of their type as new objects; their places.
    fn move_into(self: Box<Self>, store: &mut dyn Store) -> Vec<u32>;
    /// Sets a relationship field of one of them.
    fn set_relation(&mut self, position: usize, index: usize, relation: Relation);
    /// Prints how many there are.
    ///
    /// # Errors
    /// When the formatter fails.
    fn debug(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} owned", self.len())
    }
}

impl Clone for Box<dyn Children> {
    fn clone(&self) -> Self {
        (**self).boxed_clone()
    }
}

impl<T: Mapped> Children for Vec<T> {
    fn boxed_clone(&self) -> Box<dyn Children> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn entity(&self) -> &'static EntityDef {
        T::ENTITY
    }

    fn set_relation(&mut self, position: usize, index: usize, relation: Relation) {
        if let Some(child) = self.get_mut(position) {
            *child.relation_mut(index) = relation;
        }
    }

    fn move_into(self: Box<Self>, store: &mut dyn Store) -> Vec<u32> {
        let slots = Slots::<T>::of_mut(store);
        self.into_iter().map(|child| slots.push_new(child)).collect()
    }
}

/// The type of a relationship field as data.
#[derive(Debug, Clone, Copy)]
pub struct RelationKind {
    /// The struct that it leads to.
    pub target: fn() -> &'static EntityDef,
    /// Whether it leads to many.
    pub to_many: bool,
    /// Whether a to-one relationship may lead nowhere.
    pub optional: bool,
}

/// A field under `#[relationship]`: [`Many`](super::Many), [`One`](super::One) or [`WriteOnly`](super::WriteOnly).
#[diagnostic::on_unimplemented(
    message = "a relationship field cannot be of type `{Self}`",
    label = "not a relationship",
    note = "it is `Many<T>`, `One<T>`, `One<Option<T>>` or `WriteOnly<T>`, where `T` derives `Mapped`"
)]
pub trait RelationField {
    /// The struct that it leads to.
    type Target: Mapped;
    /// To one or to many.
    type Multiplicity: Multiplicity;
    /// Both as data.
    const KIND: RelationKind = RelationKind {
        target: || Self::Target::ENTITY,
        to_many: Self::Multiplicity::TO_MANY,
        optional: Self::Multiplicity::OPTIONAL,
    };
    /// What it holds.
    fn relation(&self) -> &Relation;
    /// What it holds, to change.
    fn relation_mut(&mut self) -> &mut Relation;
}
