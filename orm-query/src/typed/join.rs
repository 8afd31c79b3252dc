//! Joins, of a query and of a group in parentheses.

use std::fmt;
use std::marker::PhantomData;

use super::alias::AliasOf;
use super::expression::Predicate;
use super::joinable::Joinable;
use super::mark::RowWise;
use super::relationship_path::RelationshipPath;
use super::scope::{InFrom, InScope, Inner, MakeNullable, Nil, Nullable, Onto, Outer};
use super::select::Select;
use super::source::Source;
use super::table::Table;
use crate::mapping::{JoinOn, RelationshipDef, equate};
use crate::tree::{self, Join, JoinKind, SourceRef};

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

    /// `JOIN` along a relationship: `.join(User::addresses)`, some of it, `.join(User::addresses.filter(…))`, or to an
    /// alias, `.join(Employee::manager.to(Manager))`. Through a link table both are joined.
    pub fn join<R, I>(self, relationship: R) -> Select<P, (Inner<R::To>, F)>
    where
        R: RelationshipPath<From: InFrom<F, I>>,
    {
        self.along(relationship, JoinKind::Inner).retype()
    }

    /// `LEFT OUTER JOIN` along a relationship: the joined columns become nullable. A link table and the target behind it are
    /// joined as one, so that a row without a target comes once.
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

    /// `JOIN` along a relationship to rows that stand for those of its target: a subquery, a CTE or a sample under the name
    /// of an alias. The relationship says the condition; what it is filtered by is read from there as well.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// #     #[relationship(back_populates = user)]
    /// #     posts: Many<Post>,
    /// # }
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct Post {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     title: String,
    /// #     #[column(foreign_key = User::id)]
    /// #     user_id: i64,
    /// #     #[relationship(back_populates = posts)]
    /// #     user: One<User>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User, Post].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// # let post = |title: &str| Post { title: title.into(), ..default() };
    /// # session.add(User { name: "sandy".into(), posts: many![post("old"), post("new")], ..default() });
    /// # session.commit().await?;
    /// alias!(Latest = Post);
    ///
    /// let latest = select(Post).order_by(Post::id.desc()).limit(1).subquery(Latest);
    /// let query = select((User::name, Post::title.of(Latest))).join_to(User::posts, latest);
    /// assert_eq!(engine.all(query).await?, [("sandy".to_owned(), "new".to_owned())]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn join_to<R, J, S, I, N>(self, relationship: R, to: J) -> Select<P, (Inner<S>, F)>
    where
        R: RelationshipPath<From: InFrom<F, I>>,
        J: Joinable<Scope = (Inner<S>, Nil)>,
        J::Needs: InScope<F, N>,
        S: AliasOf<R::To>,
    {
        self.along_to::<R, S>(relationship, to.into_from(), JoinKind::Inner).retype()
    }

    /// `LEFT OUTER JOIN` along a relationship to rows that stand for those of its target, as [`join_to`](Self::join_to):
    /// the joined columns become nullable.
    pub fn outer_join_to<R, J, S, I, N>(self, relationship: R, to: J) -> Select<P, (Nullable<S>, F)>
    where
        R: RelationshipPath<From: InFrom<F, I>>,
        J: Joinable<Scope = (Inner<S>, Nil)>,
        J::Needs: InScope<F, N>,
        S: AliasOf<R::To>,
    {
        self.along_to::<R, S>(relationship, to.into_from(), JoinKind::Left).retype()
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

    fn along_to<R: RelationshipPath, S: Source>(
        mut self,
        relationship: R,
        target: tree::From,
        kind: JoinKind,
    ) -> Self {
        let tree = self.tree_mut();
        let number = (tree.from.len() + tree.joins.len()).to_string();
        let (definition, mut filter) = relationship.into_parts();
        let to = S::source_ref();
        if let Some(filter) = &mut filter {
            filter.read_from(&R::To::source_ref(), &to);
        }
        let joins = along_to(definition, filter, &R::From::source_ref(), (target, to), kind, &number);
        joins.into_iter().for_each(|join| tree.join(join));
        self
    }
}

/// The condition that every row meets.
fn always() -> tree::Expr {
    tree::Expr::Bool(true)
}

/// The join along a relationship to its own target.
fn along<R: RelationshipPath>(relationship: R, kind: JoinKind, tag: &str) -> Vec<Join> {
    let target = (<R::To as Source>::from(), R::To::source_ref());
    let (definition, filter) = relationship.into_parts();
    along_to(definition, filter, &R::From::source_ref(), target, kind, tag)
}

/// The join along a relationship to what stands for its target; through a link table whose alias ends with `tag`.
fn along_to(
    relationship: &RelationshipDef,
    filter: Option<tree::Expr>,
    from: &SourceRef,
    (table, to): (tree::From, SourceRef),
    kind: JoinKind,
    tag: &str,
) -> Vec<Join> {
    let filtered = |on: tree::Expr| match filter {
        Some(filter) => on.and(filter),
        None => on,
    };
    let JoinOn::Secondary { link, source_key, target_key } = relationship.join else {
        return vec![Join { kind, to: table, on: relationship.on(from, &to).map(filtered) }];
    };
    let link = link();
    let alias = format!("{}_{tag}", link.table.name);
    let link_ref = SourceRef::named(alias.clone());
    let keys = &link.table.foreign_keys;
    let near = equate(link, &link_ref, &keys[source_key], (relationship.source)(), from);
    let far = equate(link, &link_ref, &keys[target_key], (relationship.target)(), &to);
    let link = tree::From::Table(tree::TableRef::new(link.table).alias(alias));
    let far = Some(filtered(far));
    // A link whose target is left out by the condition counts as none: else there were a row without a target for each.
    let both = match kind {
        JoinKind::Inner | JoinKind::Cross => {
            let target = Join { kind: JoinKind::Inner, to: table, on: far };
            return vec![Join { kind: JoinKind::Inner, to: link, on: Some(near) }, target];
        }
        JoinKind::Left => {
            tree::Joined { from: link, joins: vec![Join { kind: JoinKind::Inner, to: table, on: far }] }
        }
        // Here targets without a link are kept too.
        JoinKind::Full => {
            tree::Joined { from: table, joins: vec![Join { kind: JoinKind::Left, to: link, on: far }] }
        }
    };
    vec![Join { kind, to: tree::From::Joined(Box::new(both)), on: Some(near) }]
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
