//! The tables of the corpus, as structs. `Doc` is PostgreSQL's alone.

use chrono::{NaiveDate, NaiveDateTime};
use orm::prelude::*;
use rust_decimal::Decimal;

/// Stored by the name of the member.
#[derive(SqlType, Debug, Clone, Copy, PartialEq, Eq)]
#[sql_type(name = "user_status", rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    Active,
    Pending,
    Disabled,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "users")]
pub(crate) struct User {
    #[column(primary_key)]
    pub(crate) id: i32,
    #[column(length = 50)]
    pub(crate) name: String,
    #[column(length = 100)]
    pub(crate) fullname: Option<String>,
    #[column(length = 120, unique)]
    pub(crate) email: Option<String>,
    pub(crate) age: Option<i32>,
    #[column(default = true)]
    pub(crate) is_active: Auto<bool>,
    #[column(precision = 10, scale = 2, server_default = "'0'")]
    pub(crate) balance: Auto<Decimal>,
    pub(crate) status: Option<Status>,
    pub(crate) created_at: Option<NaiveDateTime>,
    pub(crate) profile: Option<serde_json::Value>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "addresses")]
pub(crate) struct Address {
    #[column(primary_key)]
    pub(crate) id: i32,
    #[column(foreign_key = User::id)]
    pub(crate) user_id: i32,
    #[column(length = 120)]
    pub(crate) email: String,
    #[column(length = 50)]
    pub(crate) city: Option<String>,
    #[column(default = false)]
    pub(crate) is_primary: Auto<bool>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "orders")]
pub(crate) struct Order {
    #[column(primary_key)]
    pub(crate) id: i32,
    #[column(foreign_key = User::id)]
    pub(crate) user_id: i32,
    #[column(length = 20, server_default = "'new'")]
    pub(crate) status: Auto<String>,
    #[column(precision = 12, scale = 2)]
    pub(crate) total: Option<Decimal>,
    pub(crate) placed_on: Option<NaiveDate>,
    pub(crate) shipped_at: Option<NaiveDateTime>,
    pub(crate) note: Option<String>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "items")]
pub(crate) struct Item {
    #[column(primary_key)]
    pub(crate) id: i32,
    #[column(length = 20, unique)]
    pub(crate) sku: String,
    #[column(length = 100)]
    pub(crate) name: String,
    #[column(precision = 10, scale = 2)]
    pub(crate) price: Decimal,
    pub(crate) weight: Option<f64>,
    #[column(server_default = "'0'")]
    pub(crate) stock: Auto<i32>,
    pub(crate) attrs: Option<serde_json::Value>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "order_items")]
pub(crate) struct OrderItem {
    #[column(primary_key, foreign_key = Order::id)]
    pub(crate) order_id: i32,
    #[column(primary_key, foreign_key = Item::id)]
    pub(crate) item_id: i32,
    #[column(default = 1)]
    pub(crate) quantity: Auto<i32>,
    #[column(precision = 10, scale = 2)]
    pub(crate) unit_price: Decimal,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "keywords")]
pub(crate) struct Keyword {
    #[column(primary_key)]
    pub(crate) id: i32,
    #[column(length = 30, unique)]
    pub(crate) word: String,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "item_keywords")]
pub(crate) struct ItemKeyword {
    #[column(primary_key, foreign_key = Item::id)]
    pub(crate) item_id: i32,
    #[column(primary_key, foreign_key = Keyword::id)]
    pub(crate) keyword_id: i32,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "employees")]
pub(crate) struct Employee {
    #[column(primary_key)]
    pub(crate) id: i32,
    #[column(length = 50)]
    pub(crate) name: String,
    #[column(foreign_key = Employee::id)]
    pub(crate) manager_id: Option<i32>,
    #[column(length = 30)]
    pub(crate) department: Option<String>,
    #[column(precision = 10, scale = 2)]
    pub(crate) salary: Option<Decimal>,
    pub(crate) hired_on: Option<NaiveDate>,
}

/// `grid` has two dimensions: its elements are asked for, and never all of it. `spans` and `vec` are not read either.
#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "docs")]
pub(crate) struct Doc {
    #[column(primary_key)]
    pub(crate) id: i32,
    pub(crate) tags: Option<Vec<String>>,
    pub(crate) scores: Option<Vec<i32>>,
    pub(crate) grid: Option<Vec<i32>>,
    pub(crate) data: Option<orm::Jsonb>,
    pub(crate) props: Option<orm::Hstore>,
    pub(crate) span: Option<orm::Range<i32>>,
    pub(crate) period: Option<orm::Range<NaiveDate>>,
    pub(crate) spans: Option<orm::MultiRange<i32>>,
    pub(crate) body: Option<String>,
    pub(crate) vec: Option<orm::TsVector>,
    pub(crate) uid: Option<uuid::Uuid>,
    pub(crate) addr: Option<orm::Inet>,
}
