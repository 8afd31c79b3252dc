//! A text says what its columns are.

use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    let _ = session.all(text("SELECT name FROM user_account")).await?;
    Ok(())
}

fn main() {}
