//! What is for texts takes texts.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    // A text with a number.
    let _ = select(User).filter(User::name.eq(5));

    // `like` is for texts.
    let _ = select(User).filter(User::id.like("4%"));

    // What a text contains is a text.
    let _ = select(User).filter(User::name.contains(7));

    // A function of text takes a text.
    let _ = select(functions::lower(User::id));
}
