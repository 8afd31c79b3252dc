//! What an outer join makes nullable.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    // A column from the nullable side of an outer join is an `Option`.
    let rows: Vec<(String, String)> =
        session.all(select((User::name, Address::email)).outer_join(User::addresses)).await?;

    // So is an entity.
    let rows: Vec<(Handle<User>, Handle<Address>)> =
        session.all(select((User, Address)).outer_join(User::addresses)).await?;

    // And an expression over it.
    let rows: Vec<i64> =
        session.all(select(Address::id + 1).select_from(User).outer_join(User::addresses)).await?;

    // After a full join the first table may be missing as well.
    let rows: Vec<String> = session.all(select(User::name).full_join(User::addresses)).await?;
    Ok(())
}

fn main() {}
