//! Columns that were left out by the query that read an object.

use hashbrown::HashSet;
use orm_query::Row;

use super::{Graph, Id};
use crate::Result;

/// Columns that must not be read later, by objects and places.
pub(super) type Refused = HashSet<(Id, usize)>;

impl Graph {
    /// A query left the column out for good: who asks for it later is refused.
    pub(crate) fn refuse_column(&mut self, id: Id, place: usize) {
        self.refused.insert((id, place));
    }

    /// Whether the column was left out for good.
    pub(crate) fn is_refused(&self, id: Id, place: usize) -> bool {
        !self.refused.is_empty() && self.refused.contains(&(id, place))
    }

    /// Takes from a row what is absent of an object that is here already.
    pub(super) fn fill_absent(&mut self, id: Id, row: &dyn Row, at: usize) -> Result<()> {
        if self.entity(id).is_deferrable() && self.store(id).can_fill_absent(id.slot, row, at) {
            self.log_read(id);
            self.store_mut(id).fill_absent(id.slot, row, at)?;
        }
        Ok(())
    }

    /// The row of an object was written: its properties are what the database makes of it, and nobody here knows.
    pub(crate) fn forget_properties(&mut self, id: Id) {
        let entity = self.entity(id);
        if !entity.properties.is_empty() {
            let places: Vec<usize> = (entity.table.columns.len()..entity.width()).collect();
            self.store_mut(id).leave_out(id.slot, &places);
        }
    }
}
