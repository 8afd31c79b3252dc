//! The tests that run against a real database.

mod chinook;
mod core_example;
mod quickstart;
mod support;
mod web;
