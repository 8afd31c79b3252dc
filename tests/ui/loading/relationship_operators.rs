//! Conditions on relationships: of the right multiplicity, on the right struct, with the right object.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn main() {
    let (user, employee) = (User::default(), Employee::default());

    // To one and to many have their own words.
    let _ = select(Address).filter(Address::user.any(User::name.eq("x")));
    let _ = select(User).filter(User::addresses.has(Address::email.eq("x")));
    let _ = select(User).filter(User::addresses.is(&Address::default()));

    // One to exactly one always leads somewhere.
    let _ = select(Address).filter(Address::user.is_none());

    // The condition reads what the relationship leads to.
    let _ = select(User).filter(User::addresses.any(Employee::name.eq("x")));

    // The struct that it leads from stands in FROM.
    let _ = select(Employee).filter(User::addresses.exists());
    let _ = select(Employee).filter(User::addresses.with_parent(&user));

    // An object of another struct.
    let _ = select(Address).filter(Address::user.is(&employee));
    let _ = select(Address).filter(User::addresses.with_parent(&employee));

    // A key of another type.
    let _ = select(Address).filter(Address::user.is_key("x"));
}
