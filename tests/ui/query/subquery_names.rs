//! What names a subquery, and what can be joined.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

#[derive(Record)]
pub struct Names {
    pub name: String,
}

fn main() {
    // A table is no name: an alias of it is.
    let _ = select(User).subquery(User);

    // An alias of another struct.
    let _ = select(User).subquery(Manager);

    // A query needs a name to be joined.
    let _ = select(User::name).join_on(select(Address::email), User::id.eq(1));

    // A subquery in FROM reads nothing of the query around it, unless it is LATERAL.
    let correlated = || select(Address::email).correlate(User).filter(Address::user_id.eq(User::id));
    let _ = correlated().subquery(Names);
    let _ = select(Employee::name).join_lateral(correlated().lateral(Names));

    // A record is no entity.
    let _ = insert(Names);
}
