//! Joins, of a query and of a group in parentheses.

use std::fmt;
use std::marker::PhantomData;

use super::expression::Predicate;
use super::joinable::Joinable;
use super::mark::RowWise;
use super::relationship_path::RelationshipPath;
use super::scope::{InFrom, InScope, Inner, MakeNullable, Nil, Nullable, Onto, Outer};
use super::select::Select;
use super::source::Source;
use super::table::Table;
use crate::mapping::JoinOn;
use crate::tree::{self, Join, JoinKind};

/// The FROM list `F` with what `J` brings in.
pub type InnerJoined<J, F> = <<J as Joinable>::Scope as Onto<F>>::Out;

/// The FROM list `F` with what `J` brings in, which an outer join may leave out.
pub type OuterJoined<J, F> = <<<J as Joinable>::Scope as MakeNullable>::Out as Onto<F>>::Out;

impl<P, F> Select<P, F> {
    /// Starts FROM something else than the first source that the select list names. Call it before any join.
    pub fn select_from<J: Joinable<Needs = Nil>>(mut self, from: J) -> Select<P, J::Scope> {
        let tree = self.tree_mut();
        tree.from = vec![from.into_from()];
        tree.joins.clear();
        self.retype()
    }

    /// A further source in FROM, behind a comma: every row with every row, for `filter` to choose from.
    pub fn from<J: Joinable, N>(mut self, from: J) -> Select<P, InnerJoined<J, F>>
    where
        J::Needs: InScope<F, N>,
        J::Scope: Onto<F>,
    {
        let tree = self.tree_mut();
        let from = from.into_from();
        if tree.joins.is_empty() {
            tree.from.push(from);
        } else {
            // A comma binds weaker than the joins before it: behind them it says the same as this.
            tree.joins.push(Join { kind: JoinKind::Cross, to: from, on: None });
        }
        self.retype()
    }

    /// `JOIN` along a relationship.
    pub fn join<R, I>(self, relationship: R) -> Select<P, (Inner<R::To>, F)>
    where
        R: RelationshipPath<From: InFrom<F, I>>,
    {
        self.along(relationship, JoinKind::Inner).retype()
    }

    /// `LEFT OUTER JOIN` along a relationship: the joined columns become nullable.
    pub fn outer_join<R, I>(self, relationship: R) -> Select<P, (Nullable<R::To>, F)>
    where
        R: RelationshipPath<From: InFrom<F, I>>,
    {
        self.along(relationship, JoinKind::Left).retype()
    }

    /// `FULL OUTER JOIN` along a relationship: all columns become nullable.
    pub fn full_join<R, I>(self, relationship: R) -> Select<P, (Nullable<R::To>, F::Out)>
    where
        F: MakeNullable,
        R: RelationshipPath<From: InFrom<F, I>>,
    {
        self.along(relationship, JoinKind::Full).retype()
    }

    /// `JOIN … ON condition`
    pub fn join_on<J: Joinable, C: Predicate, I, N>(self, to: J, condition: C) -> Select<P, InnerJoined<J, F>>
    where
        J::Needs: InScope<F, N>,
        J::Scope: Onto<F>,
        C::Sources: RowWise + InScope<InnerJoined<J, F>, I>,
    {
        self.joined(JoinKind::Inner, to.into_from(), Some(condition.into_tree())).retype()
    }

    /// `LEFT OUTER JOIN … ON condition`: the joined columns become nullable.
    pub fn outer_join_on<J: Joinable, C: Predicate, I, N>(
        self,
        to: J,
        condition: C,
    ) -> Select<P, OuterJoined<J, F>>
    where
        J::Needs: InScope<F, N>,
        J::Scope: Onto<F> + MakeNullable<Out: Onto<F>>,
        C::Sources: RowWise + InScope<InnerJoined<J, F>, I>,
    {
        self.joined(JoinKind::Left, to.into_from(), Some(condition.into_tree())).retype()
    }

    /// `FULL OUTER JOIN … ON condition`: all columns become nullable.
    pub fn full_join_on<J: Joinable<Needs = Nil>, C: Predicate, I>(
        self,
        to: J,
        condition: C,
    ) -> Select<P, OuterJoined<J, F::Out>>
    where
        F: MakeNullable,
        J::Scope: Onto<F> + MakeNullable<Out: Onto<F::Out>>,
        C::Sources: RowWise + InScope<InnerJoined<J, F>, I>,
    {
        self.joined(JoinKind::Full, to.into_from(), Some(condition.into_tree())).retype()
    }

    /// `CROSS JOIN`: every row with every row.
    pub fn cross_join<J: Joinable, N>(self, to: J) -> Select<P, InnerJoined<J, F>>
    where
        J::Needs: InScope<F, N>,
        J::Scope: Onto<F>,
    {
        self.joined(JoinKind::Cross, to.into_from(), None).retype()
    }

    /// `JOIN … ON true`, for a `LATERAL` that says itself which rows belong together.
    pub fn join_lateral<J: Joinable, N>(self, to: J) -> Select<P, InnerJoined<J, F>>
    where
        J::Needs: InScope<F, N>,
        J::Scope: Onto<F>,
    {
        self.joined(JoinKind::Inner, to.into_from(), Some(always())).retype()
    }

    /// `LEFT OUTER JOIN … ON true`, for a `LATERAL`: where it has no row, its columns are NULL.
    pub fn outer_join_lateral<J: Joinable, N>(self, to: J) -> Select<P, OuterJoined<J, F>>
    where
        J::Needs: InScope<F, N>,
        J::Scope: MakeNullable<Out: Onto<F>>,
    {
        self.joined(JoinKind::Left, to.into_from(), Some(always())).retype()
    }

    /// Lets this subquery read a source of the query around it, which must have it in FROM.
    pub fn correlate<S: Source>(self, _: Table<S>) -> Select<P, (Outer<S>, F)> {
        self.retype()
    }

    fn joined(mut self, kind: JoinKind, to: tree::From, on: Option<tree::Expr>) -> Self {
        self.tree_mut().join(Join { kind, to, on });
        self
    }

    fn along<R: RelationshipPath>(mut self, relationship: R, kind: JoinKind) -> Self {
        let tree = self.tree_mut();
        let number = (tree.from.len() + tree.joins.len()).to_string();
        along(relationship, kind, &number).into_iter().for_each(|join| tree.join(join));
        self
    }
}

/// The condition that every row meets.
fn always() -> tree::Expr {
    tree::Expr::Bool(true)
}

/// The join along a relationship; through a link table, whose alias ends with `tag`, two.
fn along<R: RelationshipPath>(relationship: R, kind: JoinKind, tag: &str) -> Vec<Join> {
    let (definition, filter) = relationship.into_parts();
    let (from, to) = (R::From::source_ref(), R::To::source_ref());
    let filtered = |on: tree::Expr| match filter {
        Some(filter) => on.and(filter),
        None => on,
    };
    if let JoinOn::Secondary { link, source_key, target_key } = definition.join {
        let link = link();
        let alias = format!("{}_{tag}", link.table.name);
        let link_ref = tree::SourceRef::named(alias.clone());
        let (source, target) = ((definition.source)(), (definition.target)());
        let keys = &link.table.foreign_keys;
        let near = crate::mapping::equate(link, &link_ref, &keys[source_key], source, &from);
        let far = crate::mapping::equate(link, &link_ref, &keys[target_key], target, &to);
        let table = tree::From::Table(tree::TableRef::new(link.table).alias(alias));
        return vec![
            Join { kind, to: table, on: Some(near) },
            Join { kind, to: <R::To as Source>::from(), on: Some(filtered(far)) },
        ];
    }
    vec![Join { kind, to: <R::To as Source>::from(), on: definition.on(&from, &to).map(filtered) }]
}

/// Joins in parentheses, to be joined as one: `F` is what they bring in.
#[must_use = "a group of joins does nothing until a query joins it"]
pub struct JoinGroup<F> {
    tree: tree::Joined,
    types: PhantomData<fn() -> F>,
}

/// `(first JOIN …)`: joins that are made before the one which takes the group. An outer join of it keeps or leaves out
/// their rows together.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// # }
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Post {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     user_id: i64,
/// # }
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Comment {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     post_id: i64,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User, Post, Comment].create_all(&engine).await?;
/// # engine.execute(insert(User).values(User::new("sandy"))).await?;
/// # engine.execute(insert(Post).values(Post::new(1_i64))).await?;
/// use orm::join_group;
///
/// // Posts without a comment are left out; users without a commented post are not.
/// let commented = join_group(Post).join_on(Comment, Comment::post_id.eq(Post::id));
/// let query = select((User::name, Comment::id)).outer_join_on(commented, Post::user_id.eq(User::id));
/// assert_eq!(engine.all(query).await?, [("sandy".to_owned(), None)]);
/// # Ok(())
/// # }
/// ```
pub fn join_group<J: Joinable<Needs = Nil>>(first: J) -> JoinGroup<J::Scope> {
    JoinGroup { tree: tree::Joined { from: first.into_from(), joins: Vec::new() }, types: PhantomData }
}

impl<F> JoinGroup<F> {
    fn retype<G>(self) -> JoinGroup<G> {
        JoinGroup { tree: self.tree, types: PhantomData }
    }

    fn joined(mut self, kind: JoinKind, to: tree::From, on: Option<tree::Expr>) -> Self {
        self.tree.joins.push(Join { kind, to, on });
        self
    }

    fn along<R: RelationshipPath>(&mut self, relationship: R, kind: JoinKind) {
        // The name of what is joined is there once in the whole query, and so is this.
        let tag = R::To::source_ref().name;
        self.tree.joins.extend(along(relationship, kind, &tag));
    }

    /// `JOIN` along a relationship.
    pub fn join<R, I>(mut self, relationship: R) -> JoinGroup<(Inner<R::To>, F)>
    where
        R: RelationshipPath<From: InFrom<F, I>>,
    {
        self.along(relationship, JoinKind::Inner);
        self.retype()
    }

    /// `LEFT OUTER JOIN` along a relationship.
    pub fn outer_join<R, I>(mut self, relationship: R) -> JoinGroup<(Nullable<R::To>, F)>
    where
        R: RelationshipPath<From: InFrom<F, I>>,
    {
        self.along(relationship, JoinKind::Left);
        self.retype()
    }

    /// `JOIN … ON condition`
    pub fn join_on<J: Joinable<Needs = Nil>, C: Predicate, I>(
        self,
        to: J,
        condition: C,
    ) -> JoinGroup<InnerJoined<J, F>>
    where
        J::Scope: Onto<F>,
        C::Sources: RowWise + InScope<InnerJoined<J, F>, I>,
    {
        self.joined(JoinKind::Inner, to.into_from(), Some(condition.into_tree())).retype()
    }

    /// `LEFT OUTER JOIN … ON condition`
    pub fn outer_join_on<J: Joinable<Needs = Nil>, C: Predicate, I>(
        self,
        to: J,
        condition: C,
    ) -> JoinGroup<OuterJoined<J, F>>
    where
        J::Scope: Onto<F> + MakeNullable<Out: Onto<F>>,
        C::Sources: RowWise + InScope<InnerJoined<J, F>, I>,
    {
        self.joined(JoinKind::Left, to.into_from(), Some(condition.into_tree())).retype()
    }

    /// `CROSS JOIN`
    pub fn cross_join<J: Joinable<Needs = Nil>>(self, to: J) -> JoinGroup<InnerJoined<J, F>>
    where
        J::Scope: Onto<F>,
    {
        self.joined(JoinKind::Cross, to.into_from(), None).retype()
    }
}

impl<F> Joinable for JoinGroup<F> {
    type Scope = F;
    type Needs = Nil;

    fn into_from(self) -> tree::From {
        match self.tree.joins[..] {
            [] => self.tree.from,
            [..] => tree::From::Joined(Box::new(self.tree)),
        }
    }
}

impl<F> Clone for JoinGroup<F> {
    fn clone(&self) -> Self {
        JoinGroup { tree: self.tree.clone(), types: PhantomData }
    }
}

impl<F> fmt::Debug for JoinGroup<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
