use std::fmt;

use super::Printer;
use crate::tree::{Merge, MergeAction, MergeBranch, MergeRows};

impl Printer {
    pub(super) fn merge(&mut self, m: &Merge) -> fmt::Result {
        self.with(&m.with)?;
        self.push("MERGE INTO ");
        self.table(&m.table);
        self.line("USING ");
        self.from(&m.using)?;
        self.line("ON ");
        self.expr(&m.on)?;
        for MergeBranch { rows, condition, action } in &m.branches {
            self.line(match rows {
                MergeRows::Matched => "WHEN MATCHED",
                MergeRows::NotMatched => "WHEN NOT MATCHED",
                MergeRows::NotMatchedBySource => "WHEN NOT MATCHED BY SOURCE",
            });
            if let Some(condition) = condition {
                self.push(" AND ");
                self.expr(condition)?;
            }
            self.push(" THEN ");
            match action {
                MergeAction::Nothing => self.push("DO NOTHING"),
                MergeAction::Delete => self.push("DELETE"),
                MergeAction::Update(set) => {
                    self.push("UPDATE");
                    self.assignments("SET", set)?;
                }
                MergeAction::Insert { columns, .. } if columns.is_empty() => {
                    self.push("INSERT DEFAULT VALUES")
                }
                MergeAction::Insert { columns, values } => {
                    self.push("INSERT (");
                    self.names(columns);
                    self.push(") VALUES (");
                    self.list(values, Self::expr)?;
                    self.push(")");
                }
            }
        }
        self.returning(&m.returning)
    }
}
