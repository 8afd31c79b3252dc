//! What is added is mapped.

use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    struct Point;
    session.add(Point);
    Ok(())
}

fn main() {}
