//! The unit of work: collect → order → plan → apply.
//!
//! `collect` finds what changed and carries keys along relationships, `order` ranks the tables, `plan` makes the
//! steps as plain data, and `apply` is the only one of them that does I/O.

mod apply;
mod bulk;
mod carry;
mod collect;
mod order;
mod plan;
mod prepare;
mod rekey;

pub(crate) use apply::apply;
pub(crate) use collect::collect;
pub(crate) use plan::{Plan, plan};
pub(crate) use prepare::{prepare, prepare_offline};
