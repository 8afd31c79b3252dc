//! What a query's options say of the loads that `session.load` is asked for later.

use orm_query::mapping::{EntityDef, Lazy, RelationshipDef};
use orm_query::typed::{EntityAt, LoadPath, RaiseAll, Strategy};

use super::{dedupe, is_of};
use crate::session::graph::{Graph, Id, Permission};

/// The paths of a query, and what it does not load unless one of them does.
#[derive(Debug)]
pub(crate) struct Marks {
    paths: Vec<LoadPath>,
    raise: Vec<RaiseAll>,
}

impl Marks {
    /// Those of a query, if it says anything of later loads. `paths` are all that it loads.
    pub(crate) fn of(graph: &Graph, paths: &[LoadPath], raise: &[RaiseAll]) -> Option<Marks> {
        let says = !raise.is_empty() || graph.has_permissions() || paths.iter().any(speaks);
        says.then(|| Marks { paths: paths.to_vec(), raise: raise.to_vec() })
    }

    /// Marks the objects that stand for `at` in the rows of the query, and those behind them.
    pub(crate) fn set(&self, graph: &mut Graph, at: &EntityAt, objects: &[Id]) {
        let paths: Vec<Step<'_>> = self.paths.iter().filter(|path| is_of(path, at)).map(Step::new).collect();
        self.mark(graph, at.entity, objects, &paths);
    }

    fn mark(&self, graph: &mut Graph, entity: &'static EntityDef, objects: &[Id], steps: &[Step<'_>]) {
        if objects.is_empty() {
            return;
        }
        for (index, relationship) in entity.relationships.iter().enumerate() {
            let named = steps.iter().any(|step| step.path.relationship.name == relationship.name);
            if let Some(raise) = raised(&self.raise, relationship).filter(|_| !named) {
                let permission = Permission::refused(raise.sql_only);
                objects.iter().for_each(|&id| graph.set_permission(id, index, permission));
            }
        }
        for step in steps {
            let relationship = step.path.relationship;
            let Some(index) = entity.relationship(relationship.name) else { continue };
            graph.permit(objects, index, step.path.strategy);
            let Some(kind) = graph.find_kind((relationship.target)()) else { continue };
            let mut children: Vec<Id> = Vec::new();
            for &id in objects {
                let slots = graph.links(id, index).unwrap_or_default();
                children.extend(slots.iter().map(|&slot| Id { kind, slot }));
            }
            dedupe(&mut children);
            self.mark(graph, (relationship.target)(), &children, &step.behind());
        }
    }
}

/// What `raise_all` says of a relationship that no option names.
pub(super) fn raised<'r>(raise: &'r [RaiseAll], relationship: &RelationshipDef) -> Option<&'r RaiseAll> {
    let is_meant = |raise: &&RaiseAll| raise.entity.is_none_or(|entity| entity == (relationship.source)());
    if relationship.lazy == Lazy::WriteOnly { None } else { raise.iter().rfind(is_meant) }
}

/// Whether a path, or one behind it, says something of later loads.
fn speaks(path: &LoadPath) -> bool {
    matches!(path.strategy, Strategy::Raise { .. } | Strategy::Select) || path.then.iter().any(speaks)
}

/// A path at one of its levels.
#[derive(Clone, Copy)]
struct Step<'p> {
    path: &'p LoadPath,
    levels: u32,
}

impl<'p> Step<'p> {
    fn new(path: &'p LoadPath) -> Self {
        Step { path, levels: path.depth.unwrap_or(1) }
    }

    fn behind(&self) -> Vec<Step<'p>> {
        let again = (self.levels > 1).then(|| Step { path: self.path, levels: self.levels - 1 });
        self.path.then.iter().map(Step::new).chain(again).collect()
    }
}
