//! Items of a select list that are planned and not sent.

use super::{Query, SelectItem, Statement};

impl Statement {
    /// The items that its rows consist of, where it says them itself.
    fn own_items(&self) -> &[SelectItem] {
        match self {
            Statement::Select(select) => &select.columns,
            Statement::Insert(insert) => &insert.returning,
            Statement::Update(update) => &update.returning,
            Statement::Delete(delete) => &delete.returning,
            Statement::Merge(merge) => &merge.returning,
            Statement::Compound(_) | Statement::UpdateRows(_) | Statement::Text(_) | Statement::Ddl(_) => &[],
        }
    }

    /// Whether items of its own select list are [left out](SelectItem::left_out). Those of subqueries are not: who reads
    /// them goes by all of them.
    pub fn leaves_out(&self) -> bool {
        self.own_items().iter().any(|item| item.left_out)
    }

    /// For each planned item its position in the rows, `None` where it is left out; `None` where nothing is.
    pub fn sent_positions(&self) -> Option<Vec<Option<usize>>> {
        if !self.leaves_out() {
            return None;
        }
        let mut next = 0;
        let place = |item: &SelectItem| {
            let position = (!item.left_out).then_some(next);
            next += usize::from(!item.left_out);
            position
        };
        Some(self.own_items().iter().map(place).collect())
    }

    /// Takes out of its own select list what is left out.
    pub fn remove_left_out(&mut self) {
        if let Some(items) = self.own_items_mut() {
            items.retain(|item| !item.left_out);
        }
    }
}

impl Statement {
    /// Has every item sent, as it must be inside of another statement.
    pub fn keep_all_items(&mut self) {
        self.own_items_mut().into_iter().flatten().for_each(|item| item.left_out = false);
    }

    fn own_items_mut(&mut self) -> Option<&mut Vec<SelectItem>> {
        match self {
            Statement::Select(select) => Some(&mut select.columns),
            Statement::Insert(insert) => Some(&mut insert.returning),
            Statement::Update(update) => Some(&mut update.returning),
            Statement::Delete(delete) => Some(&mut delete.returning),
            Statement::Merge(merge) => Some(&mut merge.returning),
            Statement::Compound(_) | Statement::UpdateRows(_) | Statement::Text(_) | Statement::Ddl(_) => {
                None
            }
        }
    }
}

impl Query {
    /// Has every item sent, as it must be where something else than the entity itself reads the rows.
    pub fn keep_all_items(&mut self) {
        match self {
            Query::Select(select) => select.columns.iter_mut().for_each(|item| item.left_out = false),
            Query::Compound(compound) => compound.queries.iter_mut().for_each(Query::keep_all_items),
            Query::Values(_) | Query::Text(_) => {}
        }
    }
}
