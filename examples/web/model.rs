//! Two related tables. The same structs are the JSON: a request moves a tree of them into the session, and an answer
//! is a detached tree.

use orm::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Mapped, Debug, Clone, Default, Serialize, Deserialize)]
#[mapped(table = "author", check(name = "ck_author_named", sql = "name <> ''"))]
pub struct Author {
    // Keys are the database's to give.
    #[serde(skip_deserializing)]
    #[column(primary_key)]
    pub id: i64,
    #[column(length = 100, unique)]
    pub name: String,
    #[serde(default)]
    #[relationship(back_populates = author, cascade = "all, delete-orphan", order_by = Book::id)]
    pub books: Many<Book>,
}

#[derive(Mapped, Debug, Clone, Default, Serialize, Deserialize)]
#[mapped(table = "book")]
pub struct Book {
    #[serde(skip_deserializing)]
    #[column(primary_key)]
    pub id: i64,
    #[column(length = 200)]
    pub title: String,
    pub year: Option<i32>,
    #[serde(skip_deserializing)]
    #[column(foreign_key = Author::id, index)]
    pub author_id: i64,
    #[serde(skip)]
    #[relationship(back_populates = books)]
    pub author: One<Author>,
}
