//! PostgreSQL's binary format: how a value of each type is written and read. Knows nothing of connections.

pub(super) mod datum;
pub(super) mod encode;
pub(super) mod oid;

mod array;
mod bytes;
mod hstore;
mod moment;
mod network;
mod numeric;
mod range;

use std::borrow::Cow;

/// Why a value cannot be read.
pub(super) type Reason = Cow<'static, str>;
/// What a reader gives.
pub(super) type Read<T> = Result<T, Reason>;
/// What a writer gives: the reason why a value cannot be sent.
pub(super) type Write = Result<(), &'static str>;

/// What is said of bytes that are not what their type says.
const TRUNCATED: Reason = Cow::Borrowed("the server sent too few bytes, or too many");
