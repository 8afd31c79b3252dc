//! What the property test and reading found, each in its smallest form.

mod flush;
mod relationships;
mod rollback;

use orm::prelude::*;

use crate::models::*;

fn user(name: &str) -> User {
    User { name: name.into(), ..default() }
}

fn address(email: &str) -> Address {
    Address { email: email.into(), ..default() }
}

fn post(title: &str) -> Post {
    Post { title: title.into(), ..default() }
}

fn blog(title: &str) -> Blog {
    Blog { title: title.into(), ..default() }
}

fn comment(body: &str) -> Comment {
    Comment { body: body.into(), ..default() }
}

fn tag(name: &str) -> Tag {
    Tag { name: name.into(), ..default() }
}

fn emails(session: &Session, user: Handle<User>) -> Vec<String> {
    session.view(user).get(User::addresses).unwrap().map(|a| a.email.clone()).collect()
}
