use super::column::Column;
use super::presence::Stored;
use super::projection::for_tuples;
use crate::SqlType;
use crate::mapping::Mapped;
use crate::schema::Name;

/// Columns of the mapped struct `E`: one, or a tuple of up to 16.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not name columns of `{E}`",
    label = "expected a column of `{E}`, or a tuple of up to 16 of them",
    note = "name each by its struct: `{E}::field`"
)]
pub trait Columns<E> {
    /// Their names.
    fn names(self) -> Vec<Name>;
}

impl<E: Mapped, T: SqlType, D: Stored> Columns<E> for Column<E, T, D> {
    fn names(self) -> Vec<Name> {
        vec![self.name().into()]
    }
}

macro_rules! tuples {
    ($(($($name:ident $place:ident $value:ident),*))*) => { $(
        impl<Entity: Mapped, $($name: Columns<Entity>),*> Columns<Entity> for ($($name,)*) {
            fn names(self) -> Vec<Name> {
                let ($($value,)*) = self;
                let mut names = Vec::new();
                $(names.extend($value.names());)*
                names
            }
        }
    )* };
}

for_tuples!(tuples);
