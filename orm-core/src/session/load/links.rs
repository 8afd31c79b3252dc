//! Rows of link tables: which of them are there.

use hashbrown::{HashMap, HashSet};
use orm_query::mapping::RelationshipDef;
use orm_query::tree::{self, Statement, TableRef};
use orm_query::{Value, read_value};

use super::in_keys::{in_rows, keys_per_statement};
use super::route::Route;
use super::selectin::whole;
use crate::Result;
use crate::connection::{Connection, Flow};
use crate::session::events::Purpose;
use crate::session::graph::{Graph, Id};
use crate::session::key::Key;

/// Those of `pairs` that the relationship links already: of its link table only the rows that are asked for are read.
pub(crate) async fn linked_pairs(
    graph: &Graph,
    connection: &mut Connection,
    relationship: &'static RelationshipDef,
    pairs: &[(Id, Id)],
) -> Result<HashSet<(Id, Id)>> {
    let mut linked = HashSet::new();
    let path = whole(relationship);
    let Some(link) = Route::new(&path).and_then(|route| route.link) else { return Ok(linked) };
    let source = TableRef::new(link.entity.table).source();
    let names = link.source.columns.iter().chain(link.target.columns.iter());
    let columns: Vec<_> = names.map(|name| link.entity.column_ref(&source, name)).collect();
    let mut keys: Vec<Vec<Value>> = Vec::with_capacity(pairs.len());
    let mut by_key: HashMap<Key, (Id, Id)> = HashMap::with_capacity(pairs.len());
    for &(parent, child) in pairs {
        let near = graph.stored_by_name(parent, &link.source.target_columns);
        let far = graph.stored_by_name(child, &link.target.target_columns);
        let (Some(mut values), Some(far)) = (near, far) else { continue };
        values.extend(far);
        let Some(key) = Key::new(values.clone()) else { continue };
        if by_key.insert(key, (parent, child)).is_none() {
            keys.push(values);
        }
    }
    for keys in keys.chunks(keys_per_statement(connection.dialect().features(), columns.len())) {
        let select = tree::Select {
            columns: columns.iter().cloned().map(|column| tree::Expr::Column(column).into()).collect(),
            from: vec![tree::From::Table(TableRef::new(link.entity.table))],
            filter: Some(in_rows(columns.clone(), keys)),
            ..tree::Select::default()
        };
        let statement = graph.asked(Statement::Select(select), Purpose::Relationship(relationship))?;
        connection
            .for_each(&statement, &mut |row| {
                let values = columns.iter().enumerate();
                let values = values.map(|(at, column)| read_value(row, at, &column.data_type));
                let key = Key::new(values.collect::<std::result::Result<_, _>>()?);
                linked.extend(key.and_then(|key| by_key.get(&key).copied()));
                Ok(Flow::More)
            })
            .await?;
    }
    Ok(linked)
}
