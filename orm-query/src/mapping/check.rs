//! What the derive macro has the compiler check, in `const` items that it emits.

use std::borrow::Cow;

use super::{Auto, Multiplicity, References, RelationshipDef};
use crate::SqlType;
use crate::schema::{Name, TableDef};
use crate::typed::{Column, Relationship, Source};

/// A foreign key's column and the column that it references are of one type.
pub const fn assert_foreign_key<A: Source, B: Source, T, U>(_: Column<A, T>, _: Column<B, U>)
where
    T: SqlType + References<U>,
    U: SqlType,
{
}

/// Both sides of a relationship name each other.
///
/// # Panics
/// At compile time, where they do not.
#[track_caller]
pub const fn assert_back_populates<A: Source, B: Source, M: Multiplicity, N: Multiplicity>(
    one: &Relationship<A, B, M>,
    other: &Relationship<B, A, N>,
) {
    match other.definition().back_populates {
        Some(name) => assert!(
            same(name, one.definition().name),
            "`back_populates` is not mutual: the relationship that it names points back to another one"
        ),
        None => panic!(
            "`back_populates` is not mutual: the relationship that it names has no `back_populates`; name this one there"
        ),
    }
}

/// `delete-orphan` stands where a child has one parent at most.
///
/// # Panics
/// At compile time, where it does not.
#[track_caller]
pub const fn assert_delete_orphan(relationship: &RelationshipDef) {
    if relationship.cascade.delete_orphan && !relationship.single_parent {
        assert!(
            matches!(relationship.join, super::JoinOn::TargetKey(_)),
            "`delete-orphan` makes no sense on the many side: the target may have other parents; put it on the other side, or add `single_parent`"
        );
    }
}

/// The position of the foreign key of `table` that has `column` alone, or among others.
///
/// # Panics
/// At compile time, where there is none.
#[track_caller]
pub const fn find_foreign_key(table: &TableDef, column: &str, target: &str) -> usize {
    let Cow::Borrowed(keys) = table.foreign_keys else {
        panic!("the table was not made by the derive macro")
    };
    let mut i = 0;
    while i < keys.len() {
        let Cow::Borrowed(columns) = keys[i].columns else {
            panic!("the table was not made by the derive macro")
        };
        let Cow::Borrowed(name) = keys[i].target else {
            panic!("the table was not made by the derive macro")
        };
        if same(name, target) && contains(columns, column) {
            return i;
        }
        i += 1;
    }
    panic!(
        "the column that `foreign_key` names is not a foreign key to this struct's table; add `#[column(foreign_key = …)]` to it"
    )
}

/// The position of the one foreign key of a link table to `target`.
///
/// # Panics
/// At compile time, where there is none or more than one.
#[track_caller]
pub const fn find_foreign_key_column(table: &TableDef, target: &str) -> usize {
    let Cow::Borrowed(keys) = table.foreign_keys else {
        panic!("the table was not made by the derive macro")
    };
    let mut found = usize::MAX;
    let mut i = 0;
    while i < keys.len() {
        let Cow::Borrowed(name) = keys[i].target else {
            panic!("the table was not made by the derive macro")
        };
        if same(name, target) {
            assert!(
                found == usize::MAX,
                "the link table of `secondary` has several foreign keys to this table"
            );
            found = i;
        }
        i += 1;
    }
    assert!(found != usize::MAX, "the link table of `secondary` has no foreign key to this table");
    found
}

const fn contains(columns: &[Name], column: &str) -> bool {
    let mut i = 0;
    while i < columns.len() {
        if let Cow::Borrowed(name) = columns[i]
            && same(name, column)
        {
            return true;
        }
        i += 1;
    }
    false
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// A field that can be unset.
#[diagnostic::on_unimplemented(
    message = "a column with a default needs a field that can be unset, and `{Self}` cannot",
    label = "make this `Auto<{Self}>`",
    note = "an `Auto<T>` is unset until a value is given or the flush brings one; it derefs to `T`"
)]
pub trait RequiresAuto {}

impl<T> RequiresAuto for Auto<T> {}

/// A field with a default can be unset.
pub const fn requires_auto<T: RequiresAuto>() {}
