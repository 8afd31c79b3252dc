//! A relationship is set to its target.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let address = session.add(Address::default());
    session.set(address, Address::user, address);
    Ok(())
}

fn main() {}
