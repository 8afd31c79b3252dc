//! A CTE, a subquery and a DTO have the columns of their record: as many, and of its types.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

#[derive(Record)]
pub struct Tree {
    pub id: i32,
    pub name: String,
}

fn main() {
    // Another type.
    let _ = select((User::id, User::name)).cte(Tree);

    // Fewer columns.
    let _ = select(Employee::name).subquery(Tree);

    // What may be NULL goes into no plain field.
    let _ = select((literal(1), User::fullname)).into_record::<Tree>();

    // The second branch of a recursive CTE is like the first.
    let first = select((literal(1), User::name));
    let _ = first.union_all(select((User::id, User::name))).recursive_cte(Tree);
}
