//! The SQL of every dialect, held against SQLAlchemy's own.
//!
//! `core.jsonl` holds what SQLAlchemy 2.0.49 compiles for some 540 statements on a fixed schema, for each database, with
//! what they do there. Each has a [case](case::Case) of its name in `cases/<group>.rs`: the same statement in our words.
//!
//! ```text
//! cargo test --test corpus -- --nocapture                          the whole table
//! CORPUS=where_logic cargo test --test corpus -- --nocapture       one group, each difference in full
//! CORPUS=in_list,in_empty cargo test --test corpus -- --nocapture  some statements
//! ```
//!
//! # What agrees
//!
//! - Both texts are the same once [`normal`] has brought them into one form, and so are the [binds](binds), in their order.
//! - Where the corpus says `unsupported`, ours is `CompileError::Unsupported`.
//! - Where it says `construct specific to …`, the statement was not meant for that database: nothing is compared there and
//!   the line is not counted. What our typed API says there all the same must be right: it is executed, prepared or parsed
//!   as every other text.
//!
//! What differs is a failure, unless `differences.txt` says why it does. Its entries are checked too: one that agrees is stale,
//! and no dialect may have more of them than 5 % of the corpus.
//!
//! # What is run
//!
//! What compiles on SQLite is executed on the fixture and gives the corpus' rows ([`sqlite`]). PostgreSQL and MariaDB
//! prepare their texts, and run those whose result can be repeated ([`servers`]). T-SQL goes through Microsoft's parser,
//! Oracle's SQL through a grammar of it ([`parsers`]). [`fuzz`] asks the same of random statements.

mod binds;
mod case;
mod cases;
mod compare;
mod core;
mod ddl;
mod dialects;
mod differences;
mod fixture;
mod fuzz;
mod normal;
mod parsers;
mod rows;
mod schema;
mod servers;
mod sqlite;
