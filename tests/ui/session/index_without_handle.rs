//! An object is reached by its handle, not by its key.

use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    println!("{:?}", session[5]);
    Ok(())
}

fn main() {}
