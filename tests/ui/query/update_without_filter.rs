//! An UPDATE without a filter does not run.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

async fn case(session: &mut Session) -> orm::Result<()> {
    session.execute(update(User).set(User::name, "sandy")).await?;
    Ok(())
}

fn main() {}
