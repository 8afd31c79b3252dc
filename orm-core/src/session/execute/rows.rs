use hashbrown::HashMap;
use orm_query::schema::Name;
use orm_query::tree::UpdateRows;
use orm_query::{DataType, Features, Value};

use super::super::graph::{Graph, Id};
use super::super::key::Key;
use super::following::{Changed, Effect, Following, Kind, Match, Matches};

/// The objects that follow an UPDATE of rows by their keys: each gets the values of its row.
pub(super) fn following(graph: &Graph, features: &Features, update: &UpdateRows) -> Option<Following> {
    let (mut kinds, mut found) = (Vec::new(), Vec::new());
    for kind in graph.kinds() {
        let entry = graph.entry(kind);
        let table = entry.entity.table;
        if table.name != update.table.name || table.schema != update.table.schema {
            continue;
        }
        let position = |name: &Name| table.position(name);
        let Some(by) = update.key.iter().map(position).collect::<Option<Vec<_>>>() else { continue };
        let set: Vec<Option<usize>> = update.set.iter().map(position).collect();
        let changed = |position| Changed { position, value: None, constant: None };
        let mut columns: Vec<Changed> = set.iter().flatten().copied().map(changed).collect();
        columns.extend(Changed::computed(table));
        let rows: HashMap<Key, &[Value]> = update
            .rows
            .rows
            .iter()
            .filter_map(|row| Some((Key::new(row.get(..by.len())?.to_vec())?, row.get(by.len()..)?)))
            .collect();
        // Keys that are alike to the database may be written differently.
        let is_text = |&c: &usize| {
            matches!(table.columns[c].data_type, DataType::Text | DataType::Varchar(_) | DataType::Enum(_))
        };
        let is_certain = features.exact_text_equality || !by.iter().any(is_text);
        let objects: Vec<Id> = if by == entry.key && is_certain {
            rows.keys().filter_map(|key| graph.lookup(kind, key)).collect()
        } else {
            graph.persistent_of(kind).collect()
        };
        for id in objects {
            let key = by.iter().map(|&column| graph.known(id, column)).collect::<Option<Vec<_>>>();
            let is_known = key.is_some();
            let row = key.and_then(Key::new).and_then(|key| rows.get(&key));
            let value = |position: usize| {
                let at = set.iter().position(|other| *other == Some(position))?;
                row?.get(at).cloned()
            };
            if row.is_some() || !is_known || !is_certain {
                let values = columns.iter().map(|changed| (changed.position, value(changed.position)));
                found.push(Match { id, values: values.collect() });
            }
        }
        kinds.push(Kind { kind, table, key: entry.key.clone(), columns });
    }
    let matches = Matches::Known(found);
    (!kinds.is_empty()).then(|| Following::new(Effect::Update, kinds, matches))
}
