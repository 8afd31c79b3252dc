//! Everything that is tested from outside, in one binary: linking is what costs.

mod bulk;
mod chinook;
mod connection;
#[cfg(feature = "postgres")]
mod copy;
mod core_example;
mod databases;
mod ddl;
mod derive_options;
mod derived;
mod dice;
mod displayed;
mod dml;
mod dynamic;
mod entities;
mod errors;
mod faults;
mod invariants;
mod literals;
mod loaded;
mod metadata;
mod models;
mod pool;
mod query;
mod quickstart;
mod reflection;
mod relationship_operators;
mod rows;
mod schema_scale;
mod session;
mod special_types;
mod support;
mod types;
mod ui;
mod upsert;
mod web;
