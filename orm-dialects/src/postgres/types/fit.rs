use orm_query::Bind;

use crate::syntax::{Place, Result};

pub(in crate::postgres) fn fits(_bind: &Bind, _place: Place) -> Result {
    Ok(())
}
