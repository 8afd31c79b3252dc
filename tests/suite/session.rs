//! The Session: what it sends, what it leaves in the database, and what it holds afterwards.

mod attach;
mod cascade;
mod events;
mod flush;
mod freshness;
mod history;
mod identity;
mod join;
mod joined;
mod loading;
mod maker;
mod marks;
mod merge;
mod property;
mod regression;
mod relate;
mod replace;
mod scenarios;
mod selectin;
mod state;
mod strict;
mod synchronize;
mod transaction;
mod variants;
mod write;
mod write_only;
