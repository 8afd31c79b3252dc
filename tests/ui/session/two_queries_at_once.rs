//! One session does one thing at a time.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let (_users, _addresses) = tokio::join!(session.all(select(User)), session.all(select(Address)));
    Ok(())
}

fn main() {}
