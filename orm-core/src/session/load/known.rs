//! What the type of a statement says to be loaded: whether it is.

use orm_query::mapping::SlotState;
use orm_query::typed::Known;

use super::dedupe;
use crate::session::graph::{Graph, Id};
use crate::{Error, Result};

/// Looks whether `known` is loaded of the objects, and leads where it must.
pub(crate) fn check(graph: &Graph, ids: &[Id], known: &'static Known, hide_values: bool) -> Result<()> {
    for (index, must_lead, behind) in known.iter() {
        let mut found = Vec::new();
        for &id in ids {
            let relationship = &graph.entity(id).relationships[index];
            let (entity, name) = (graph.entity(id).name, relationship.name);
            let links = graph.links(id, index).ok_or(Error::NotLoaded { entity, relationship: name })?;
            let before = found.len();
            if let Some(kind) = graph.find_kind((relationship.target)()) {
                let targets = links.iter().map(|&slot| Id { kind, slot });
                found.extend(targets.filter(|&target| graph.state(target) != SlotState::Vacant));
            }
            if must_lead && found.len() == before {
                let object = graph.describe(id, hide_values).into();
                return Err(Error::LeadsNowhere { entity, relationship: name, object });
            }
        }
        dedupe(&mut found);
        check(graph, &found, behind, hide_values)?;
    }
    Ok(())
}
