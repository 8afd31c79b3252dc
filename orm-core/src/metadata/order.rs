use std::borrow::Cow;
use std::collections::BTreeSet;

use orm_query::schema::{ForeignKeyDef, TableDef};

/// In which order tables are created, and which foreign keys wait until all are there.
pub(super) struct Order<'t> {
    /// The tables, each once.
    pub(super) all: Vec<&'t TableDef>,
    /// Their places in `all`, in the order in which they are created.
    pub(super) tables: Vec<usize>,
    /// The foreign keys that wait, each as its table's place and its own.
    waits: BTreeSet<(usize, usize)>,
}

impl<'t> Order<'t> {
    pub(super) fn of(tables: &'t [Cow<'static, TableDef>]) -> Self {
        let mut all: Vec<&TableDef> = Vec::new();
        for table in tables {
            // A table that is given twice is one table.
            if !all.iter().any(|t| t.name == table.name && t.schema == table.schema) {
                all.push(table);
            }
        }
        // The place of the table that a key references, if it is another one of them.
        let target = |at: usize, key: &ForeignKeyDef| {
            all.iter()
                .position(|t| t.name == key.target && t.schema == key.target_schema)
                .filter(|other| *other != at)
        };
        let references: Vec<Vec<usize>> = all
            .iter()
            .enumerate()
            .map(|(at, table)| {
                let keys = table.foreign_keys.iter().filter(|key| !key.use_alter);
                keys.filter_map(|key| target(at, key)).collect()
            })
            .collect();
        let mut waits = BTreeSet::new();
        let mut needs: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); all.len()];
        for (at, table) in all.iter().enumerate() {
            for (i, key) in table.foreign_keys.iter().enumerate() {
                let Some(other) = target(at, key) else { continue };
                if key.use_alter || reaches(&references, other, at) {
                    waits.insert((at, i));
                } else {
                    needs[at].insert(other);
                }
            }
        }
        let mut order = Order { all, tables: Vec::new(), waits };
        // Without circles each round finds some.
        let mut left: Vec<usize> = (0..order.all.len()).collect();
        while !left.is_empty() {
            let (waiting, ready): (Vec<usize>, Vec<usize>) =
                left.iter().partition(|at| needs[**at].iter().any(|other| left.contains(other)));
            order.tables.extend(ready);
            left = waiting;
        }
        order
    }

    /// Whether the foreign key of the table at a place is added when all tables are there.
    pub(super) fn waits(&self, table: usize, key: usize) -> bool {
        self.waits.contains(&(table, key))
    }
}

/// Whether one table references another, by others too.
fn reaches(references: &[Vec<usize>], from: usize, to: usize) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(at) = open.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            open.extend(&references[at]);
        }
    }
    false
}
