//! Nor NULL by itself.

use orm::prelude::*;

type Maybe = Option<String>;

#[derive(SqlType, Clone)]
struct Email(Option<String>);

#[derive(SqlType, Clone)]
struct Phone(Maybe);

fn main() {}
