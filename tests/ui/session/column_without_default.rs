//! A new column breaks the callers that do not give it, at compile time: in a struct literal, and in `new`.

use orm::prelude::*;

#[derive(Mapped, Debug, Clone)]
#[mapped(new)]
pub struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
    age: i32,
}

fn case(session: &mut Session) {
    session.add(User { id: 0, name: "sandy".into() });
    session.add(User::new("sandy"));
}

fn main() {}
