//! A subquery selects from its own FROM clause, wherever it stands.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;
use orm::tree::BinaryOperator;

fn main() {
    let _ = select(User).filter(User::name.eq(select(Address::email).select_from(User).scalar()));
    let _ = select(User).filter(exists(select((User::name, Address::email))));
    let _ = select(User).filter(User::name.in_(select(Address::email).select_from(Employee)));
    let _ =
        select(User).filter(User::name.any(BinaryOperator::Eq, select(Address::email).select_from(Employee)));
    let _ = insert(User).from_select(User::name, select(Address::email).select_from(Employee));

    // An outer join may have left the row out.
    let emails = select(Address::email).select_from(User).outer_join(User::addresses);
    let _ = insert(User).from_select(User::name, emails);

    // An INSERT is no enclosing query.
    let _ = insert(User).from_select(User::name, select(Address::email).correlate(User));
}
