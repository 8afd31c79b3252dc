use std::fmt;

use hashbrown::HashSet;
use orm_query::Mapped;
use orm_query::mapping::EntityDef;

use super::Handle;
use super::graph::{Graph, Id};

/// Objects of a session of whatever structs: what [`objects`](crate::Session::objects),
/// [`pending`](crate::Session::pending), [`dirty`](crate::Session::dirty) and [`deleted`](crate::Session::deleted) give. It is a list made at that moment and
/// does not borrow the session.
#[derive(Clone)]
pub struct Objects {
    session: u32,
    /// In the order in which the structs, and the objects of each, came into the session.
    objects: Vec<(&'static EntityDef, Id)>,
    known: HashSet<Id>,
}

impl Objects {
    pub(crate) fn new(graph: &Graph, objects: Vec<Id>) -> Self {
        Objects {
            session: graph.tag,
            known: objects.iter().copied().collect(),
            objects: objects.into_iter().map(|id| (graph.entity(id), id)).collect(),
        }
    }

    /// Those of one struct.
    pub fn of<T: Mapped>(&self) -> Vec<Handle<T>> {
        self.ids_of::<T>().map(|id| Handle::new(id.slot, self.session)).collect()
    }

    /// How many there are, of all structs together.
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Whether the object is one of them; that of another session is not.
    pub fn contains<T: Mapped>(&self, handle: Handle<T>) -> bool {
        let kind = self.ids_of::<T>().next().map(|id| id.kind);
        handle.session == self.session
            && kind.is_some_and(|kind| self.known.contains(&Id { kind, slot: handle.slot }))
    }

    fn ids_of<T: Mapped>(&self) -> impl Iterator<Item = Id> + '_ {
        self.objects.iter().filter(|(entity, _)| *entity == T::ENTITY).map(|(_, id)| *id)
    }
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.objects.iter().map(|(entity, id)| {
            fmt::from_fn(move |f: &mut fmt::Formatter<'_>| write!(f, "{}({})", entity.name, id.slot))
        });
        f.debug_list().entries(entries).finish()
    }
}
