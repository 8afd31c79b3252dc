//! The Session: what it sends, what it leaves in the database, and what it holds afterwards.

mod cascade;
mod events;
mod flush;
mod identity;
mod join;
mod loading;
mod maker;
mod property;
mod regression;
mod relate;
mod transaction;
mod variants;
mod write;
