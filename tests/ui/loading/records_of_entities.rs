//! Records that hold entities and other records have the rows of their query.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

#[derive(Record)]
pub struct Overview {
    #[record(entity)]
    pub user: User,
    pub n: i64,
}

#[derive(Record)]
pub struct Pair {
    #[record(entity)]
    pub user: User,
    #[record(entity)]
    pub address: Address,
}

#[derive(Record)]
pub struct Unmapped {
    #[record(entity)]
    pub name: String,
}

#[derive(Record)]
pub struct Nested {
    #[record(nested)]
    pub user: User,
}

pub struct Plain;

fn main() {
    // Another entity.
    let _ = select((Employee, count(Employee::id))).group_by(Employee::id).into_record::<Overview>();

    // What an outer join may leave out is an `Option`.
    let _ = select((User, Address)).outer_join(User::addresses).into_record::<Pair>();

    // It names nothing in FROM.
    let _ = select((User, literal(1_i64))).subquery(Overview);

    // Not a record.
    let _ = select(User).into_record::<Plain>();
}
