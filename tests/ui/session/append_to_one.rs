//! `append` is for collections; `set` is for one.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let user = session.add(User::default());
    let address = session.add(Address::default());
    session.append(address, Address::user, user);
    Ok(())
}

fn main() {}
