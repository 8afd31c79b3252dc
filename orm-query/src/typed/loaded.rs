//! What a statement loads, known to the compiler: `select(User).loading(selectin(User::addresses))` gives rows of which
//! `.get(User::addresses)` needs no `Result`.
//!
//! | room | holds |
//! | --- | --- |
//! | `list` | what is loaded, as a list of types, and what is asked of such a list |
//! | `option` | the options that load something for certain |
//! | `table` | an entity in a select list, with what is loaded of it |
//! | `owned` | [`Loaded`], the owned tree |
//! | `names` | [`loads!`](crate::loads), by which a function names the list |

mod list;
mod names;
mod option;
mod owned;
mod table;

pub use list::{Known, LoadedIn, LoadedList, Loads};
pub use names::{Covers, FilteredPlace, Names, Place};
pub use option::{Loadable, LoadingOf, LoadingOptions};
pub use owned::{Loaded, LoadedRef, LoadedRefs, Reach};
pub use table::LoadedTable;
