use super::column::Column;
use super::presence::Stored;
use super::relationship::Relationship;
use super::row_in::Mode;
use crate::mapping::{EntityDef, Multiplicity, RelationshipDef};
use crate::{Mapped, SqlType};

/// An attribute of a mapped struct as data.
#[derive(Debug, Clone, Copy)]
pub enum AttributeDef {
    /// The column of that name.
    Column(&'static str),
    /// A relationship.
    Relationship(&'static RelationshipDef),
}

/// Where an attribute stands in its struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AttributePlace {
    /// A column, by its position in the table.
    Column(usize),
    /// A relationship, by its position among those of the struct.
    Relationship(usize),
}

impl AttributeDef {
    /// The name of the column in the database, or of the relationship's field.
    pub const fn name(&self) -> &'static str {
        match self {
            AttributeDef::Column(name) => name,
            AttributeDef::Relationship(definition) => definition.name,
        }
    }

    /// Where it stands in `entity`; `None` where that has no such attribute.
    pub fn place(&self, entity: &EntityDef) -> Option<AttributePlace> {
        match self {
            AttributeDef::Column(name) => entity.table.position(name).map(AttributePlace::Column),
            AttributeDef::Relationship(definition) => {
                entity.relationship(definition.name).map(AttributePlace::Relationship)
            }
        }
    }
}

/// An attribute of the mapped struct `E`: one of its columns, `User::name`, or of its relationships, `User::addresses`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an attribute of `{E}`",
    label = "expected a column or a relationship of `{E}`",
    note = "name it by its struct: `{E}::field`; an attribute of an alias is for queries only"
)]
pub trait Attribute<E: Mapped>: Copy + sealed::Sealed {
    /// What it holds: a column its Rust type, a relationship what `M` makes of the struct that it leads to.
    type Value<M: Mode>: Send + 'static;

    /// It as data.
    fn definition(self) -> AttributeDef;
    /// Calls the method of `visitor` that is for its sort.
    fn visit<V: VisitAttribute>(self, visitor: V) -> V::Out<Self::Value<V::Mode>>;
}

/// What is done with an attribute, by its sort.
pub trait VisitAttribute {
    /// How objects that a relationship leads to are seen.
    type Mode: Mode;
    /// What comes out for an attribute that holds a `T`.
    type Out<T: Send + 'static>;

    /// What is done with the column of that name.
    fn column<T: SqlType>(self, name: &'static str) -> Self::Out<T>;
    /// What is done with a relationship to `B`.
    fn relationship<B: Mapped>(
        self,
        definition: &'static RelationshipDef,
    ) -> Self::Out<<Self::Mode as Mode>::Entity<B>>;
}

/// Attributes of the mapped struct `E`: one, or a tuple of up to 16.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name attributes of `{E}`",
    label = "expected a column or a relationship of `{E}`, or a tuple of up to 16 of them",
    note = "name them by their struct: `({E}::one, {E}::other)`; an attribute of an alias is for queries only"
)]
pub trait Attributes<E: Mapped>: sealed::Sealed {
    /// Adds them to `list`, in their order.
    fn definitions(self, list: &mut Vec<AttributeDef>);
}

mod sealed {
    pub trait Sealed {}
}

impl<E, T, D> sealed::Sealed for Column<E, T, D> {}
impl<E, B, M, const N: usize> sealed::Sealed for Relationship<E, B, M, N> {}

impl<E: Mapped, T: SqlType, D: Stored> Attribute<E> for Column<E, T, D> {
    type Value<M: Mode> = T;

    fn definition(self) -> AttributeDef {
        AttributeDef::Column(self.name())
    }

    fn visit<V: VisitAttribute>(self, visitor: V) -> V::Out<T> {
        visitor.column(self.name())
    }
}

impl<E: Mapped, B: Mapped, M: Multiplicity, const N: usize> Attribute<E> for Relationship<E, B, M, N> {
    type Value<O: Mode> = O::Entity<B>;

    fn definition(self) -> AttributeDef {
        AttributeDef::Relationship(Relationship::definition(&self))
    }

    fn visit<V: VisitAttribute>(self, visitor: V) -> V::Out<<V::Mode as Mode>::Entity<B>> {
        visitor.relationship::<B>(Relationship::definition(&self))
    }
}

impl<E: Mapped, T: SqlType, D: Stored> Attributes<E> for Column<E, T, D> {
    fn definitions(self, list: &mut Vec<AttributeDef>) {
        list.push(Attribute::definition(self));
    }
}

impl<E: Mapped, B: Mapped, M: Multiplicity, const N: usize> Attributes<E> for Relationship<E, B, M, N> {
    fn definitions(self, list: &mut Vec<AttributeDef>) {
        list.push(Attribute::definition(self));
    }
}

macro_rules! tuples {
    ($(($($name:ident $place:ident $value:ident),*))*) => { $(
        impl<$($name),*> sealed::Sealed for ($($name,)*) {}

        impl<Entity: Mapped, $($name: Attribute<Entity>),*> Attributes<Entity> for ($($name,)*) {
            fn definitions(self, list: &mut Vec<AttributeDef>) {
                let ($($value,)*) = self;
                $(list.push($value.definition());)*
            }
        }
    )* };
}

crate::typed::projection::for_tuples!(tuples);
