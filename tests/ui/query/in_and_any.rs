//! What stands behind IN, ANY and ALL.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;
use orm::tree::BinaryOperator;

fn main() {
    // A list behind IN has values of the type of the operand.
    let _ = select(User).filter(User::id.in_(["sandy", "patrick"]));

    // A subquery behind IN gives values of the type of the operand.
    let _ = select(User).filter(User::id.in_(select(Address::email)));

    // A subquery behind IN has one column.
    let _ = select(User).filter(User::id.in_(select((Address::user_id, Address::email))));

    // IN takes a list.
    let _ = select(User).filter(User::id.in_(5));

    // ANY and ALL compare with a subquery of the same type.
    let _ = select(User).filter(User::id.any(BinaryOperator::Gt, select(Address::email)));
}
