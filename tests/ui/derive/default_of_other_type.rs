//! A default gives a value of the column.

use orm::prelude::*;

fn today() -> chrono::NaiveDate {
    chrono::Utc::now().date_naive()
}

#[derive(Mapped, Clone)]
struct User {
    #[column(primary_key)]
    id: i64,
    #[column(default = today)]
    created: Auto<String>,
    #[column(default = "eighteen")]
    age: Auto<i32>,
}

fn main() {}
