//! Two objects are changed one after the other.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let (patrick, sandy) = (session.add(User::default()), session.add(User::default()));
    std::mem::swap(&mut session[patrick].name, &mut session[sandy].name);
    Ok(())
}

fn main() {}
