use super::column::Column;
use super::expression::{Expr, Expression};
use super::label::Label;
use super::mark::RowWise;
use super::presence::Presence;
use super::scope::{InFrom, InScope, SourceSet};
use super::source::Source;
use crate::tree::GroupingKind;
use crate::{SqlType, tree};

/// What GROUP BY takes in the scope `F`: one expression, a tuple of them, or [`rollup`] and its like; `I` is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in GROUP BY",
    label = "not an expression, or a tuple of them",
    note = "name a column, `User::name`; an ordering with `.asc()` or `.desc()` belongs into `.order_by(…)`"
)]
pub trait GroupList<F, I> {
    /// Adds its items.
    fn groups(self, list: &mut Vec<tree::Expr>);
}

impl<S, T, D, F, I> GroupList<F, I> for Column<S, T, D>
where
    S: Source + InFrom<F, I>,
    T: SqlType,
    D: Presence,
{
    fn groups(self, list: &mut Vec<tree::Expr>) {
        list.push(self.into_tree());
    }
}

impl<T, S, K, F, I> GroupList<F, I> for Expr<T, S, K>
where
    T: SqlType,
    S: SourceSet + RowWise + InScope<F, I>,
    K: 'static,
{
    fn groups(self, list: &mut Vec<tree::Expr>) {
        list.push(self.into_tree());
    }
}

impl<F> GroupList<F, ()> for Label {
    fn groups(self, list: &mut Vec<tree::Expr>) {
        list.push(self.into_tree());
    }
}

/// Several sets of columns to group by, over the sources that the list reads.
#[derive(Debug, Clone)]
pub struct Grouping<L> {
    kind: GroupingKind,
    list: L,
}

/// `GROUP BY ROLLUP (a, b)`: by `a, b`, by `a`, and all rows as one group. What is not grouped by is NULL.
///
/// MySQL and MariaDB have it of the whole list of GROUP BY only; SQLite not at all.
pub fn rollup<L>(list: L) -> Grouping<L> {
    Grouping { kind: GroupingKind::Rollup, list }
}

/// `GROUP BY CUBE (a, b)`: by every set of them. SQLite, MySQL and MariaDB have none.
pub fn cube<L>(list: L) -> Grouping<L> {
    Grouping { kind: GroupingKind::Cube, list }
}

/// `GROUP BY GROUPING SETS ((a, b), a, ())`: by each of these sets; a set of several is a tuple, [`empty_set`] is the one
/// group of all rows. SQLite, MySQL and MariaDB have none.
pub fn grouping_sets<L>(list: L) -> Grouping<SetsOf<L>> {
    Grouping { kind: GroupingKind::Sets, list: SetsOf(list) }
}

/// The sets of [`grouping_sets`].
#[derive(Debug, Clone)]
pub struct SetsOf<L>(L);

/// The set of no columns, of [`grouping_sets`]: all rows are one group.
#[derive(Debug, Clone, Copy)]
pub struct EmptySet;

/// The set of no columns.
pub const fn empty_set() -> EmptySet {
    EmptySet
}

impl<F> GroupList<F, ()> for EmptySet {
    fn groups(self, _: &mut Vec<tree::Expr>) {}
}

impl<L, F, I> GroupList<F, I> for Grouping<L>
where
    L: GroupList<F, I>,
{
    fn groups(self, list: &mut Vec<tree::Expr>) {
        let mut items = Vec::new();
        self.list.groups(&mut items);
        list.push(tree::Expr::Grouping(Box::new(tree::Grouping { kind: self.kind, list: items })));
    }
}

macro_rules! sets {
    ($(($($name:ident $place:ident $value:ident),*))*) => { $(
        impl<Scope, $($name, $place),*> GroupList<Scope, ($($place,)*)> for SetsOf<($($name,)*)>
        where
            $($name: GroupList<Scope, $place>,)*
        {
            fn groups(self, list: &mut Vec<tree::Expr>) {
                let ($($value,)*) = self.0;
                $(
                    let mut set = Vec::new();
                    $value.groups(&mut set);
                    list.push(tree::Expr::Tuple(set));
                )*
            }
        }
    )* };
}

crate::typed::projection::for_tuples!(sets);

macro_rules! tuples {
    ($(($($name:ident $place:ident $value:ident),*))*) => { $(
        impl<Scope, $($name, $place),*> GroupList<Scope, ($($place,)*)> for ($($name,)*)
        where
            $($name: GroupList<Scope, $place>,)*
        {
            fn groups(self, list: &mut Vec<tree::Expr>) {
                let ($($value,)*) = self;
                $($value.groups(list);)*
            }
        }
    )* };
}

crate::typed::projection::for_tuples!(tuples);
