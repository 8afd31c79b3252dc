//! A function that names what must be loaded is not given less.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;
use orm::{Loaded, LoadedRef, loads};

fn both(user: LoadedRef<'_, User, loads!(User { addresses: Address { user } })>) -> usize {
    user.get(User::addresses).len()
}

async fn given(engine: &Engine) -> orm::Result<()> {
    let user = engine.one(select(User).loading(selectin(User::addresses))).await?;
    both(user.as_ref().narrow());

    // A filter may leave out the one that it leads to.
    let filtered = select(Address).loading(joined(Address::user).filter(User::active));
    let address = engine.one(filtered).await?;
    let _: Loaded<Address, loads!(Address { user? })> = address.clone().narrow();
    let _: Loaded<Address, loads!(Address { user })> = address.narrow();
    Ok(())
}

type Misspelt = loads!(User { adresses });

fn main() {}
