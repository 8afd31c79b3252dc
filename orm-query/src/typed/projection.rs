use super::column::Column;
use super::expression::{Expr, Expression};
use super::load::LoadPath;
use super::loaded::Known;
use super::presence::Presence;
use super::record::{self, RowKind};
use super::scope::{SourceSet, StartScope};
use super::source::Source;
use super::table::Table;
use crate::SqlType;
use crate::mapping::EntityDef;
use crate::tree::{SelectItem, SourceRef};

/// What a select list may hold: a table, a column, an expression, or a tuple of up to 16 of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a select list",
    label = "not a table, a column, an expression, or a tuple of them",
    note = "a Rust value is selected with `literal(value)`, and a window function needs its `.over(…)`",
    note = "a relationship is joined, or loaded with its entity: `.options(selectin(…))`"
)]
pub trait Projection {
    /// The source that the query starts FROM: the first one named.
    type Head: StartScope;
    /// Adds its columns to the select list.
    fn items(self, list: &mut Vec<SelectItem>);
    /// Adds what is to be loaded with the entities that it selects.
    fn paths(&self, list: &mut Vec<LoadPath>) {
        let _ = list;
    }
    /// Adds the entities that it selects, whose columns start at `at`, and moves `at` behind its columns.
    fn entities(at: &mut usize, list: &mut Vec<EntityAt>);
}

/// An entity in a select list.
#[derive(Debug, Clone)]
pub struct EntityAt {
    /// What it is.
    pub entity: &'static EntityDef,
    /// How its columns are qualified.
    pub source: SourceRef,
    /// The position of its first column.
    pub at: usize,
    /// What its row's type says to be loaded of it.
    pub known: &'static Known,
}

/// The entities of a select list, in order.
pub(super) fn entities<P: Projection>() -> Vec<EntityAt> {
    let mut list = Vec::new();
    P::entities(&mut 0, &mut list);
    list
}

impl<S: Source<Kind: RowKind<S::Record>>> Projection for Table<S> {
    type Head = S;

    fn items(self, list: &mut Vec<SelectItem>) {
        record::items::<S>(list);
    }

    fn entities(at: &mut usize, list: &mut Vec<EntityAt>) {
        if let Some(entity) = <S::Kind as RowKind<S::Record>>::entity() {
            list.push(EntityAt { entity, source: S::source_ref(), at: *at, known: &Known::End });
        }
        *at += <S::Kind as RowKind<S::Record>>::width();
    }
}

impl<S: Source, T: SqlType, D: Presence> Projection for Column<S, T, D> {
    type Head = S;

    fn items(self, list: &mut Vec<SelectItem>) {
        let label = D::IS_PROPERTY.then(|| self.name().into());
        list.push(SelectItem { expr: self.into_tree(), label, left_out: false });
    }

    fn entities(at: &mut usize, _: &mut Vec<EntityAt>) {
        *at += 1;
    }
}

impl<T: SqlType, S: SourceSet, K: 'static> Projection for Expr<T, S, K> {
    type Head = S::Head;

    fn items(self, list: &mut Vec<SelectItem>) {
        let label = self.label.clone();
        list.push(SelectItem { expr: self.into_unlabeled(), label, left_out: false });
    }

    fn entities(at: &mut usize, _: &mut Vec<EntityAt>) {
        *at += 1;
    }
}

/// Calls a macro with the tuples of one to sixteen type parameters, their places and variable names.
macro_rules! for_tuples {
    ($macro:ident) => {
        $macro! {
            (A IA a)
            (A IA a, B IB b)
            (A IA a, B IB b, C IC c)
            (A IA a, B IB b, C IC c, D ID d)
            (A IA a, B IB b, C IC c, D ID d, E IE e)
            (A IA a, B IB b, C IC c, D ID d, E IE e, F IF f)
            (A IA a, B IB b, C IC c, D ID d, E IE e, F IF f, G IG g)
            (A IA a, B IB b, C IC c, D ID d, E IE e, F IF f, G IG g, H IH h)
            (A IA a, B IB b, C IC c, D ID d, E IE e, F IF f, G IG g, H IH h, J IJ j)
            (A IA a, B IB b, C IC c, D ID d, E IE e, F IF f, G IG g, H IH h, J IJ j, K IK k)
            (A IA a, B IB b, C IC c, D ID d, E IE e, F IF f, G IG g, H IH h, J IJ j, K IK k, L IL l)
            (A IA a, B IB b, C IC c, D ID d, E IE e, F IF f, G IG g, H IH h, J IJ j, K IK k, L IL l, O IO o)
            (A IA a, B IB b, C IC c, D ID d, E IE e, F IF f, G IG g, H IH h, J IJ j, K IK k, L IL l, O IO o, P IP p)
            (A IA a, B IB b, C IC c, D ID d, E IE e, F IF f, G IG g, H IH h, J IJ j, K IK k, L IL l, O IO o, P IP p, Q IQ q)
            (A IA a, B IB b, C IC c, D ID d, E IE e, F IF f, G IG g, H IH h, J IJ j, K IK k, L IL l, O IO o, P IP p, Q IQ q, R IR r)
            (A IA a, B IB b, C IC c, D ID d, E IE e, F IF f, G IG g, H IH h, J IJ j, K IK k, L IL l, O IO o, P IP p, Q IQ q, R IR r, S IS s)
        }
    };
}
pub(crate) use for_tuples;

macro_rules! tuples {
    ($(($first:ident $first_place:ident $first_value:ident $(, $name:ident $place:ident $value:ident)*))*) => { $(
        impl<$first: Projection, $($name: Projection),*> Projection for ($first, $($name,)*) {
            type Head = $first::Head;

            fn items(self, list: &mut Vec<SelectItem>) {
                let ($first_value, $($value,)*) = self;
                $first_value.items(list);
                $($value.items(list);)*
            }

            fn paths(&self, list: &mut Vec<LoadPath>) {
                let ($first_value, $($value,)*) = self;
                $first_value.paths(list);
                $($value.paths(list);)*
            }

            fn entities(at: &mut usize, list: &mut Vec<EntityAt>) {
                $first::entities(at, list);
                $($name::entities(at, list);)*
            }
        }
    )* };
}

for_tuples!(tuples);
