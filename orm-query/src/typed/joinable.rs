use std::fmt;
use std::marker::PhantomData;

use super::alias::AliasOf;
use super::cte::Cte;
use super::record::Nameable;
use super::scope::{Inner, Nil, SourceSet};
use super::source::Source;
use super::table::Table;
use crate::schema::Name;
use crate::tree;

/// What can stand in FROM and be joined: a table, an alias, a record by the name of its CTE, a subquery, a function, a
/// group of joins.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand in a FROM clause",
    label = "not a table, an alias, a record, a subquery or a table function",
    note = "a query is named first: `.subquery(Name)` or `.cte(Name)`"
)]
pub trait Joinable {
    /// The sources that it brings in, as a FROM list.
    type Scope;
    /// The sources that it reads of what stands before it in FROM: those of a `LATERAL`.
    type Needs: SourceSet;

    /// It as data.
    fn into_from(self) -> tree::From;
}

impl<S: Source> Joinable for Table<S> {
    type Scope = (Inner<S>, Nil);
    type Needs = Nil;

    fn into_from(self) -> tree::From {
        S::from()
    }
}

/// A subquery, a table function or a sample in FROM under the name of `S`; `N` is what it reads of what stands before it.
pub struct Derived<S, N = Nil> {
    from: tree::From,
    types: PhantomData<fn() -> (S, N)>,
}

impl<S, N> Derived<S, N> {
    pub(super) fn new(from: tree::From) -> Self {
        Derived { from, types: PhantomData }
    }

    /// The same rows under another name, to be read twice in one query.
    #[must_use]
    pub fn alias<A: AliasOf<S> + Nameable>(mut self, _: Table<A>) -> Derived<A, N> {
        rename(&mut self.from, A::source_ref().name);
        Derived::new(self.from)
    }
}

impl<S: Nameable> Table<S> {
    /// The rows of the CTE that has this name, where an alias would stand for its own table: what the second query of a
    /// [`recursive_cte`](super::QueryExpression::recursive_cte) of entities reads.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct Node {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// #     #[column(foreign_key = Node::id)]
    /// #     parent_id: Option<i64>,
    /// #     #[relationship(back_populates = children)]
    /// #     parent: One<Option<Node>>,
    /// #     #[relationship(back_populates = parent)]
    /// #     children: Many<Node>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![Node].create_all(&engine).await?;
    /// # for (name, parent) in [("root", None), ("branch", Some(1)), ("leaf", Some(2))] {
    /// #     let node = Node { name: name.into(), parent_id: parent, ..default() };
    /// #     engine.execute(insert(Node).values(node)).await?;
    /// # }
    /// alias!(Above = Node);
    ///
    /// let parents = select(Node).select_from(Above.as_cte()).join(Node::parent.of(Above));
    /// let above = select(Node).filter(Node::name.eq("leaf")).union_all(parents).recursive_cte(Above);
    /// let query = select(Above).select_from(&above).with(above).order_by(Node::id.of(Above));
    /// assert_eq!(engine.all(query).await?.len(), 3);
    /// # Ok(())
    /// # }
    /// ```
    pub fn as_cte(self) -> Derived<S> {
        Derived::new(tree::From::Cte { name: S::source_ref().name, alias: None })
    }
}

fn rename(from: &mut tree::From, name: Name) {
    match from {
        tree::From::Query { alias, .. } => *alias = name,
        tree::From::Cte { alias, .. } => *alias = Some(name),
        tree::From::Function(function) => function.alias = name,
        tree::From::Table(table) => table.alias = Some(name),
        tree::From::Sample(sample) => sample.table.alias = Some(name),
        // A group of joins has no name of its own, and is never a `Derived`.
        tree::From::Joined(_) => {}
    }
}

impl<S: Source, N: SourceSet> Joinable for Derived<S, N> {
    type Scope = (Inner<S>, Nil);
    type Needs = N;

    fn into_from(self) -> tree::From {
        self.from
    }
}

/// A CTE by the name that it was given, whatever `S` stands for by itself.
impl<S: Source> Joinable for &Cte<S> {
    type Scope = (Inner<S>, Nil);
    type Needs = Nil;

    fn into_from(self) -> tree::From {
        self.source().from
    }
}

impl<S, N> Clone for Derived<S, N> {
    fn clone(&self) -> Self {
        Derived::new(self.from.clone())
    }
}

impl<S, N> fmt::Debug for Derived<S, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.from.fmt(f)
    }
}
