//! A newtype is compared with its own values only.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // What a newtype holds is not the newtype.
    let _ = select(Contact).filter(Contact::email.eq("sandy@example.org"));

    // A newtype is compared with its own values only.
    let _ = select(Contact).filter(Contact::email.eq(Phone("555-0199".into())));
    let _ = select(Contact).filter(Contact::email.eq(Contact::phone));
}
