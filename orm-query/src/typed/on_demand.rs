use super::load::{LoadPath, Strategy};
use super::load_option::{Brings, LoadOption};
use super::relationship::Relationship;
use super::relationship_path::{FilteredRelationship, RelationshipPath};
use super::source::Source;
use crate::Mapped;
use crate::mapping::Readable;

/// What `session.load(…)` takes for an object of `A`: a relationship, some of what it leads to, or a loader option with
/// what lies behind it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be loaded of a `{A}`",
    label = "expected a relationship of `{A}`, or a loader option that starts from one",
    note = "such as `User::addresses`, `User::addresses.filter(…)`, or `selectin(User::addresses).then(…)`",
    note = "`raise`, `noload`, `lazy` and `default_load` say what a query does not load, and load nothing themselves"
)]
pub trait OnDemand<A> {
    /// It as data, and whether it was asked for by a loader option, which loads what is marked `raise` too.
    fn into_request(self) -> (LoadPath, bool);
}

fn request<R: RelationshipPath>(relationship: R) -> (LoadPath, bool) {
    let (definition, filter) = relationship.into_parts();
    let mut path = LoadPath::new(R::From::source_ref(), definition, R::To::source_ref(), Strategy::Immediate);
    path.filter = filter;
    (path, false)
}

impl<A: Mapped, B: Source<Record: Mapped>, M: Readable, const N: usize> OnDemand<A>
    for Relationship<A, B, M, N>
{
    fn into_request(self) -> (LoadPath, bool) {
        request(self)
    }
}

impl<A: Mapped, B: Source<Record: Mapped>, M: Readable, const N: usize> OnDemand<A>
    for FilteredRelationship<A, B, M, N>
{
    fn into_request(self) -> (LoadPath, bool) {
        request(self)
    }
}

impl<A: Mapped, B, R, T> OnDemand<A> for LoadOption<A, B, Brings<R, T>> {
    fn into_request(self) -> (LoadPath, bool) {
        (self.into_path(), true)
    }
}
