//! Loading relationships: which strategy, and what they share. One file for each strategy.

mod along;
mod asked;
mod by_key;
pub(super) mod columns;
mod here;
mod in_keys;
mod joined;
mod known;
mod links;
mod marks;
mod owners;
mod per_parent;
mod reading;
mod route;
mod selectin;
mod subquery;

use hashbrown::HashSet;
use orm_query::mapping::{Lazy, RelationshipDef};
use orm_query::tree::{Statement, TableRef};
use orm_query::typed::{EntityAt, LoadOptions, LoadPath, Query, RaiseAll, Strategy};

use super::execute::Following;
use super::graph::{Graph, Id};
use super::tracked::Tracked;
use crate::Result;
use crate::connection::Connection;

use along::Along;
pub(crate) use asked::{Asked, Decode, Seen};
pub(crate) use by_key::{ByKey, by_keys, columns_of, entity_at, gone, one_entity, read_again};
pub(crate) use in_keys::{in_keys, keys_per_statement};
pub(crate) use joined::Joins;
pub(crate) use links::linked_pairs;
pub(crate) use marks::Marks;
pub(crate) use reading::{Existing, Reading};
pub(crate) use selectin::{load_relationship, load_with_defaults};
use subquery::Chain;

/// Runs a query and loads what its options and the mapping ask for; objects that its rows change follow it. What was
/// read of the rows is still to be finished.
pub(crate) async fn all<Q: Query<I>, I>(
    graph: &mut Graph,
    connection: &mut Connection,
    statement: Statement,
    options: LoadOptions,
    following: Option<Following>,
) -> Result<Vec<Q::Read<Tracked>>> {
    let mut asked = Asked::new(graph, Q::entities(), statement, options)?;
    let answer = asked.read(Q::decode::<Tracked>, graph, connection, following, &mut |_| Ok(())).await?;
    asked.load(graph, connection, answer.seen.of_rows(&(0..answer.rows.len()))).await?;
    Ok(answer.rows)
}

fn is_of(path: &LoadPath, entity: &EntityAt) -> bool {
    path.source == entity.source && (path.relationship.source)() == entity.entity
}

/// Adds the relationships that the mapping itself wants loaded, where no option says otherwise.
pub(crate) fn add_defaults(entities: &[EntityAt], load: &mut Vec<LoadPath>, raise: &[RaiseAll]) {
    for at in entities {
        for relationship in at.entity.relationships {
            let Some(strategy) = by_itself(relationship, raise) else { continue };
            let asked =
                load.iter().any(|path| is_of(path, at) && path.relationship.name == relationship.name);
            if !asked {
                let target = TableRef::new((relationship.target)().table).source();
                load.push(LoadPath::new(at.source.clone(), relationship, target, strategy));
            }
        }
    }
    for path in load {
        add_defaults_behind(path, raise);
    }
}

/// Adds what the mapping itself wants loaded of the objects that a path leads to.
pub(crate) fn add_defaults_behind(path: &mut LoadPath, raise: &[RaiseAll]) {
    add_nested_defaults(path, raise, 0);
}

/// How the mapping wants a relationship loaded, unless the query loads nothing that it does not name.
fn by_itself(relationship: &RelationshipDef, raise: &[RaiseAll]) -> Option<Strategy> {
    eager(relationship).filter(|_| marks::raised(raise, relationship).is_none())
}

/// Relationships of loaded objects that want loading too; a circle of them ends after some levels.
fn add_nested_defaults(path: &mut LoadPath, raise: &[RaiseAll], depth: usize) {
    const LEVELS: usize = 8;
    if path.strategy == Strategy::Default {
        path.strategy = eager(path.relationship).unwrap_or(Strategy::Default);
    }
    let target = (path.relationship.target)();
    if depth < LEVELS {
        for relationship in target.relationships {
            let is_way_back = path.relationship.back_populates == Some(relationship.name);
            let asked = path.then.iter().any(|then| then.relationship.name == relationship.name);
            if let Some(strategy) = by_itself(relationship, raise)
                && !asked
                && !is_way_back
            {
                let source = TableRef::new(target.table).source();
                let behind = TableRef::new((relationship.target)().table).source();
                path.then.push(LoadPath::new(source, relationship, behind, strategy));
            }
        }
    }
    for then in &mut path.then {
        add_nested_defaults(then, raise, depth + 1);
    }
}

pub(crate) fn eager(relationship: &RelationshipDef) -> Option<Strategy> {
    match relationship.lazy {
        Lazy::Selectin => Some(Strategy::Selectin),
        Lazy::Joined => Some(Strategy::Joined { inner: relationship.inner_join }),
        Lazy::Subquery => Some(Strategy::Subquery),
        Lazy::Immediate => Some(Strategy::Immediate),
        Lazy::NoLoad => Some(Strategy::NoLoad),
        Lazy::Select | Lazy::Raise | Lazy::RaiseOnSql | Lazy::WriteOnly => None,
    }
}

/// Loads a relationship of `parents`, and what lies behind it.
pub(crate) async fn load_path(
    graph: &mut Graph,
    connection: &mut Connection,
    parents: &[Id],
    path: &LoadPath,
    reading: &mut Reading,
) -> Result<()> {
    let start = reading.root.is_some().then(Chain::default);
    let mut work = vec![(parents.to_vec(), path, start, false)];
    while let Some((parents, path, chain, is_read)) = work.pop() {
        let mut along = Along::default();
        let found = match path.strategy {
            _ if is_read => {
                let found = selectin::children(graph, &parents, path.relationship);
                along = Along::of(&found);
                found
            }
            Strategy::Selectin
            | Strategy::Subquery
            | Strategy::Immediate
            | Strategy::Joined { .. }
            | Strategy::ContainsEager => {
                load_levels(graph, connection, parents, path, chain.as_ref(), reading, &mut along).await?
            }
            // What is loaded already has more behind it.
            Strategy::Default | Strategy::Select => selectin::children(graph, &parents, path.relationship),
            Strategy::NoLoad => {
                leave_empty(graph, &parents, path);
                Vec::new()
            }
            Strategy::Raise { .. } => Vec::new(),
        };
        let chain = chain.and_then(|chain| chain.then(path));
        for then in &path.then {
            let (read, missing) = along.split(graph, &found, then);
            if !missing.is_empty() {
                work.push((missing, then, chain.clone(), false));
            }
            if !read.is_empty() {
                work.push((read, then, chain.clone(), true));
            }
        }
    }
    Ok(())
}

/// Leaves a relationship empty that is not loaded; what was added to it and not flushed is in it.
fn leave_empty(graph: &mut Graph, parents: &[Id], path: &LoadPath) {
    let Some(index) = (path.relationship.source)().relationship(path.relationship.name) else { return };
    let is_missing = |id: &Id| graph.is_persistent(*id) && graph.links(*id, index).is_none();
    let missing: Vec<Id> = parents.iter().copied().filter(is_missing).collect();
    for &id in &missing {
        graph.load_part(id, index, Vec::new());
    }
    graph.edit_loaded(&missing, index);
}

/// Loads a relationship level by level, one statement for each: a single level, unless the path goes deeper. It ends where
/// nothing is found, or nothing that was not seen before; the objects of all levels, where something lies behind them.
async fn load_levels(
    graph: &mut Graph,
    connection: &mut Connection,
    mut level: Vec<Id>,
    path: &LoadPath,
    chain: Option<&Chain<'_>>,
    reading: &mut Reading,
    along: &mut Along,
) -> Result<Vec<Id>> {
    let levels = path.depth.unwrap_or(1);
    let mut seen: HashSet<Id> = HashSet::new();
    let mut found = Vec::new();
    for number in 1..=levels {
        let chain = chain.filter(|_| number == 1 && path.strategy == Strategy::Subquery);
        selectin::load(graph, connection, &level, path, chain, reading, along).await?;
        if path.then.is_empty() && number == levels {
            break;
        }
        let children = selectin::children(graph, &level, path.relationship);
        if levels == 1 {
            return Ok(children);
        }
        found.extend(children.iter().copied());
        seen.extend(level);
        level = children;
        level.retain(|id| !seen.contains(id));
        if level.is_empty() {
            break;
        }
    }
    dedupe(&mut found);
    Ok(found)
}

pub(crate) fn dedupe(ids: &mut Vec<Id>) {
    let mut seen = HashSet::with_capacity(ids.len());
    ids.retain(|id| seen.insert(*id));
}
