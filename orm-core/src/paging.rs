//! A part of a query's rows at a time: counts, pages, and what both and partitions know of an order.
//!
//! | room | holds |
//! | --- | --- |
//! | `count` | how many rows a query has, and whether it has any |
//! | `keyset` | the order of a query as a key, by which it is read on from any of its rows |
//! | [`Cursor`] | such a key as text |
//! | `window` | the rows of a query in windows, each a SELECT of its own |
//! | [`Pages`], [`Page`] | which page is wanted, and what it holds |

pub(crate) mod count;
pub(crate) mod keyset;
pub(crate) mod window;

mod cursor;
mod error;
mod page;

pub use cursor::Cursor;
pub use error::PagingError;
pub(crate) use page::PageOf;
pub use page::{ByKey, ByNumber, ByOffset, Page, Pages, Paging, paginate};
