//! What the cases query: users with their addresses, employees with their managers, contacts with newtypes.

use orm::prelude::*;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "user_account")]
pub struct User {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
    pub fullname: Option<String>,
    pub active: bool,
    #[relationship(back_populates = user, cascade = "all, delete-orphan")]
    pub addresses: Many<Address>,
}

#[derive(Mapped, Debug, Clone, Default)]
pub struct Address {
    #[column(primary_key)]
    pub id: i64,
    pub email: String,
    #[column(foreign_key = User::id)]
    pub user_id: i64,
    #[relationship(back_populates = addresses)]
    pub user: One<User>,
}

#[derive(Mapped, Debug, Clone, Default)]
pub struct Employee {
    #[column(primary_key)]
    pub id: i64,
    pub name: String,
    pub salary: f64,
    #[column(foreign_key = Employee::id)]
    pub manager_id: Option<i64>,
    #[relationship(foreign_key = Employee::manager_id)]
    pub manager: One<Option<Employee>>,
}

alias!(pub Manager = Employee);

#[derive(SqlType, Debug, Clone, PartialEq)]
pub struct Email(pub String);

#[derive(SqlType, Debug, Clone, PartialEq)]
pub struct Phone(pub String);

#[derive(Mapped, Debug, Clone)]
pub struct Contact {
    #[column(primary_key)]
    pub kind: String,
    #[column(primary_key)]
    pub number: i64,
    pub email: Email,
    pub phone: Phone,
}
