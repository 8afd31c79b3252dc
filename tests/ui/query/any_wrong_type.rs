//! ANY and ALL compare with a subquery of the same type.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    use orm::tree::BinaryOperator;
    let _ = select(User).filter(User::id.any(BinaryOperator::Gt, select(Address::email)));
}
