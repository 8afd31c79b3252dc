//! SQLAlchemy 2.0 for Rust. (Docs follow.)

/// What generated code calls; not for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use orm_query::mapping::*;
    pub use orm_query::schema::{self, *};
    pub use orm_query::tree;
    pub use orm_query::typed::*;
    pub use orm_query::*;
}
