use super::Expr;

/// Several sets of columns to group by, in GROUP BY only.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouping {
    /// How the sets follow from the list.
    pub kind: GroupingKind,
    /// For [`Sets`](GroupingKind::Sets) each set as a [`Tuple`](Expr::Tuple); for the others what is grouped by.
    pub list: Vec<Expr>,
}

/// How the sets of columns follow from a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GroupingKind {
    /// `ROLLUP (…)`: the whole list, and it without its last item, and so on to none.
    Rollup,
    /// `CUBE (…)`: every subset of the list.
    Cube,
    /// `GROUPING SETS (…)`: each item is a set.
    Sets,
}
