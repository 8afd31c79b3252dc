//! What listens is of the type of what it listens to.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::SessionEvents;
use orm::prelude::*;

fn main() {
    let _ = SessionEvents::new().on_append(User::addresses, |_: &mut Session, _: Handle<User>, _: Handle<User>| {});
    let _ = SessionEvents::new().before_insert(|user: &mut String| user.clear());
    let _ = SessionEvents::new().before_insert(|_: &mut User| 5);
}
