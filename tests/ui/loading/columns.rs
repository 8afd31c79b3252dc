//! Only what can be absent is left out, and only columns are written.

use orm::functions::upper;
use orm::prelude::*;
use orm::{defer, load_only, undefer, with_expression};

#[derive(Mapped, Clone, Default)]
struct Book {
    #[column(primary_key)]
    id: i64,
    title: String,
    pages: i64,
    text: Deferred<String>,
    #[column_property(upper(Book::title))]
    loud: Deferred<String>,
    #[query_expression]
    n: Deferred<i64>,
}

#[derive(Mapped, Clone, Default)]
struct Shelf {
    #[column(primary_key)]
    id: i64,
    name: String,
    // Of another type, and of another table.
    #[column_property(upper(Shelf::name))]
    size: Deferred<i64>,
    #[column_property(upper(Book::title))]
    book: Deferred<String>,
}

fn main() {
    // A plain field has no way to be without a value.
    let _ = select(Book).options(defer(Book::title));
    let _ = select(Book).options(undefer(Book::title));

    // Of one struct, which the query selects.
    let _ = select(Book).options(load_only((Book::title, Shelf::name)));
    let _ = select(Shelf).options(defer(Book::text));

    // A property is not written, and a query expression is of its type.
    let _ = update(Book).set(Book::loud, "LOUD").all_rows();
    let _ = select(Book).options(with_expression(Book::n, Book::title));
}
