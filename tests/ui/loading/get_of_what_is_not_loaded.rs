//! What the statement does not load is not read without a `Result`.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn owned(engine: &Engine) -> orm::Result<()> {
    let user = engine.one(select(User).loading(selectin(User::addresses))).await?;
    for address in user.get(User::addresses) {
        let _ = address.get(Address::user);
    }

    // Of another struct.
    let _ = user.get(Employee::manager);
    Ok(())
}

async fn tracked(session: &mut Session) -> orm::Result<()> {
    let handle = session.one(select(Address).loading(joined(Address::user))).await?;
    let user = session.view(handle).get(Address::user);
    let _ = user.get(User::addresses);
    Ok(())
}

fn main() {}
