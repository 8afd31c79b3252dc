//! Who waits for the rows of a further query.

use hashbrown::HashMap;
use orm_query::{DataType, Row, Value, read_value};

use super::super::graph::{Graph, Id};
use super::super::key::Key;
use super::reading::Reading;
use super::route::Route;
use crate::Result;

/// The objects whose relationship is loaded, by the values that lead to their targets.
#[derive(Default)]
pub(super) struct Owners {
    /// The distinct values.
    keys: Vec<Vec<Value>>,
    groups: HashMap<Key, u32>,
    /// Each object, in their order.
    owners: Vec<(Id, Way)>,
    /// What was found for each key.
    found: Vec<Vec<u32>>,
    /// Whether a row told of the key, where a row does that of each that was looked for.
    reached: Vec<bool>,
    shares_keys: bool,
}

/// Where an object leads.
enum Way {
    Nowhere,
    /// To an object that is here.
    Here(u32),
    /// By the key of that place.
    Key(u32),
}

/// Where in a row the key stands, and the target.
pub(super) struct Layout {
    pub(super) key: Vec<(usize, DataType)>,
    pub(super) target: usize,
    /// A column of the target that is NULL only where there is no target.
    pub(super) present: Option<usize>,
}

impl Owners {
    /// Adds an object that leads nowhere.
    pub(super) fn add_lost(&mut self, owner: Id) {
        self.owners.push((owner, Way::Nowhere));
    }

    /// Adds an object whose target is here.
    pub(super) fn add_found(&mut self, owner: Id, target: u32) {
        self.owners.push((owner, Way::Here(target)));
    }

    /// Adds an object with its key.
    pub(super) fn add(&mut self, owner: Id, key: Key, values: Vec<Value>) {
        let next = self.keys.len() as u32;
        let group = *self.groups.entry(key).or_insert(next);
        if group == next {
            self.keys.push(values);
            self.found.push(Vec::new());
            self.reached.push(false);
        } else {
            self.shares_keys = true;
        }
        self.owners.push((owner, Way::Key(group)));
    }

    /// The distinct keys that no row has told of yet.
    pub(super) fn keys(&self) -> Vec<Vec<Value>> {
        let missing = self.keys.iter().zip(&self.reached).filter(|(_, reached)| !**reached);
        missing.map(|(key, _)| key.clone()).collect()
    }

    /// Whether nobody waits for a row.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Reads a row: its key, and the target that it leads to, if there is one.
    pub(super) fn read(
        &mut self,
        graph: &mut Graph,
        route: &Route<'_>,
        layout: &Layout,
        row: &dyn Row,
        reading: &mut Reading,
    ) -> Result<Option<Id>> {
        let key = match layout.key.as_slice() {
            [(at, data_type)] => Key::of(read_value(row, *at, data_type)?),
            columns => {
                let mut values = Vec::with_capacity(columns.len());
                for (at, data_type) in columns {
                    values.push(read_value(row, *at, data_type)?);
                }
                Key::new(values)
            }
        };
        let Some(&group) = key.as_ref().and_then(|key| self.groups.get(key)) else {
            return Ok(None);
        };
        let group = group as usize;
        if let Some(at) = layout.present {
            self.reached[group] = true;
            if row.is_null(at)? {
                return Ok(None);
            }
        }
        let target = reading.read_related(graph, route.target, row, layout.target)?;
        self.found[group].push(target.slot);
        Ok(Some(target))
    }

    /// The same target may have come several times for one key.
    pub(super) fn dedupe(&mut self) {
        for slots in &mut self.found {
            if slots.len() > 1 {
                let mut seen = hashbrown::HashSet::with_capacity(slots.len());
                slots.retain(|slot| seen.insert(*slot));
            }
        }
    }

    /// What each of the objects leads to.
    pub(super) fn finish(mut self) -> impl Iterator<Item = (Id, Vec<u32>)> {
        self.owners.into_iter().map(move |(owner, group)| {
            let slots = match group {
                Way::Nowhere => Vec::new(),
                Way::Here(slot) => vec![slot],
                Way::Key(group) if self.shares_keys => self.found[group as usize].clone(),
                Way::Key(group) => std::mem::take(&mut self.found[group as usize]),
            };
            (owner, slots)
        })
    }
}
