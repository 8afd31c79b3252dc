use crate::Mapped;
use crate::typed::contains_eager::ContainsEager;
use crate::typed::load::LoadPath;
use crate::typed::load_option::{LoadOption, LoadsForCertain};
use crate::typed::record::Entities;
use crate::typed::scope::SourceSet;
use crate::typed::source::Source;
use crate::typed::table::Table;

use super::table::LoadedTable;

/// What `.loading(…)` of a query for `S` takes, where `L` is loaded already: a loader option, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not load a relationship of `{S}`",
    label = "expected a loader option that starts from `{S}`, such as `selectin({S}::…)`, or a tuple of such options",
    note = "what lies behind a relationship is loaded by `.then(…)` of its option"
)]
pub trait LoadingOptions<S, L> {
    /// What is loaded with it.
    type Out;
    /// It as data.
    fn add_to(self, paths: &mut Vec<LoadPath>);
}

impl<S, B, K: LoadsForCertain, L> LoadingOptions<S, L> for LoadOption<S, B, K> {
    type Out = (K, L);

    fn add_to(self, paths: &mut Vec<LoadPath>) {
        paths.push(self.into_path());
    }
}

impl<S, B, K: LoadsForCertain, F: SourceSet, L> LoadingOptions<S, L> for ContainsEager<S, B, K, F> {
    type Out = (K, L);

    fn add_to(self, paths: &mut Vec<LoadPath>) {
        paths.push(self.into_path());
    }
}

/// Each option adds to what those before it load.
macro_rules! one_after_the_other {
    ([$last:ident] [$($name:ident $place:ident $value:ident)*] [$($bounds:tt)*]) => {
        impl<Start, Before, $($name, $place),*> LoadingOptions<Start, Before> for ($($name,)*)
        where
            $($bounds)*
        {
            type Out = $last;

            fn add_to(self, paths: &mut Vec<LoadPath>) {
                let ($($value,)*) = self;
                $($value.add_to(paths);)*
            }
        }
    };
    ([$before:ident] [$($done:tt)*] [$($bounds:tt)*] $name:ident $place:ident $value:ident $($rest:tt)*) => {
        one_after_the_other! {
            [$place]
            [$($done)* $name $place $value]
            [$($bounds)* $name: LoadingOptions<Start, $before, Out = $place>,]
            $($rest)*
        }
    };
}

macro_rules! tuples {
    ($(($($name:ident $place:ident $value:ident),*))*) => { $(
        one_after_the_other! { [Before] [] [] $($name $place $value)* }
    )* };
}

crate::typed::projection::for_tuples!(tuples);

/// A select list of one entity, of which `.loading(…)` may be said.
#[diagnostic::on_unimplemented(
    message = "`.loading(…)` is said of a query for one entity, and this one selects `{Self}`",
    label = "it is not known which entity of the list loads this",
    note = "in a longer list it is said of the entity itself: `select((User.loading(…), Address::email))`"
)]
pub trait Loadable {
    /// The entity, as it stands in FROM.
    type Source: Source<Kind = Entities, Record: Mapped>;
    /// What is loaded of it.
    type Loads;
}

/// What `.loading(…)` of a query with the select list `P` takes.
pub trait LoadingOf<P> {
    /// The select list with it.
    type Out;
    /// It as data.
    fn add_to(self, paths: &mut Vec<LoadPath>);
}

impl<P: Loadable, O: LoadingOptions<P::Source, P::Loads>> LoadingOf<P> for O {
    type Out = LoadedTable<P::Source, O::Out>;

    fn add_to(self, paths: &mut Vec<LoadPath>) {
        LoadingOptions::add_to(self, paths);
    }
}

impl<S: Source<Kind = Entities, Record: Mapped>> Loadable for Table<S> {
    type Source = S;
    type Loads = ();
}

impl<S: Source<Kind = Entities, Record: Mapped>, L> Loadable for LoadedTable<S, L> {
    type Source = S;
    type Loads = L;
}
