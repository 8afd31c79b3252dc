//! What the derive macro has the compiler check, in `const` items that it emits.

use std::borrow::Cow;

use super::{Auto, Deferred, Mapped, Multiplicity, References, RelationshipDef};
use crate::SqlType;
use crate::schema::{Name, TableDef};
use crate::typed::{Column, Relationship, Source};

/// The name of the column that a foreign key's column references; both are of one type.
pub const fn assert_foreign_key<A: Source, B: Source, T, U>(
    _: Column<A, T>,
    target: Column<B, U>,
) -> &'static str
where
    T: SqlType + References<U>,
    U: SqlType,
{
    target.name()
}

/// Both sides of a relationship name each other.
///
/// # Panics
/// At compile time, where they do not.
#[track_caller]
pub const fn assert_back_populates<
    A: Mapped,
    B: Mapped,
    M: Multiplicity,
    N: Multiplicity,
    const I: usize,
    const J: usize,
>(
    one: &Relationship<A, B, M, I>,
    other: &Relationship<B, A, N, J>,
) {
    let (here, there) = (one.definition().name, other.definition().name);
    match other.definition().back_populates {
        Some(name) if same(name, here) => {}
        Some(name) => Message::new(&[
            "`",
            B::RUST_NAME,
            "::",
            there,
            "` names `",
            name,
            "` as its other side, and not `",
            here,
            "`: let the two name each other, or leave `back_populates` off",
        ])
        .panic(),
        None => Message::new(&[
            "`",
            B::RUST_NAME,
            "::",
            there,
            "` does not name this side: write `back_populates = ",
            here,
            "` on it",
        ])
        .panic(),
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
            "`delete-orphan` makes no sense here: what this leads to may belong to others as well; put it on the other side, or promise `single_parent`"
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
    let own = match &table.name {
        Cow::Borrowed(name) => *name,
        Cow::Owned(_) => "…",
    };
    Message::new(&[
        "the column `",
        column,
        "` of `",
        own,
        "` is no foreign key to `",
        target,
        "`: give it `#[column(foreign_key = …)]`, or name another one",
    ])
    .panic()
}

/// A message that is put together at compile time.
struct Message {
    bytes: [u8; 512],
    length: usize,
}

impl Message {
    /// The parts one behind the other; what does not fit is left out.
    const fn new(parts: &[&str]) -> Self {
        let mut message = Message { bytes: [0; 512], length: 0 };
        let mut i = 0;
        while i < parts.len() {
            let part = parts[i].as_bytes();
            if message.length + part.len() <= message.bytes.len() {
                let mut j = 0;
                while j < part.len() {
                    message.bytes[message.length] = part[j];
                    message.length += 1;
                    j += 1;
                }
            }
            i += 1;
        }
        message
    }

    #[track_caller]
    const fn panic(&self) -> ! {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("this relationship does not hold together"),
        }
    }
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
impl<T> RequiresAuto for Deferred<T> {}

/// A field with a default can be unset.
pub const fn requires_auto<T: RequiresAuto>() {}
