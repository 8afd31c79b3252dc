//! What a task holds over an await is Send: the session is, an `Rc` is not.

#[path = "../model.rs"]
mod model;

use model::*;
use orm::prelude::*;

fn case(engine: Engine) {
    tokio::spawn(async move {
        let mut session = Session::new(&engine);
        let name = std::rc::Rc::new(String::from("sandy"));
        let user = session.one(select(User).filter(User::name.eq(name.as_str()))).await;
        println!("{name} {user:?}");
    });
}

fn main() {}
