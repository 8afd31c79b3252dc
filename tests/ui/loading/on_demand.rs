//! `session.load` takes what starts from its object, and what loads something.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;
use orm::{noload, raise};

async fn loads(session: &mut Session, user: Handle<User>) {
    // Another struct's.
    let _ = session.load(user, Address::user).await;
    // These load nothing.
    let _ = session.load(user, raise(User::addresses)).await;
    let _ = session.load(user, noload(User::addresses)).await;
    // A column.
    let _ = session.load_many(&[user], User::name).await;
}

fn main() {}
