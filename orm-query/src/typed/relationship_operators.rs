use super::expression::{Expr, Predicate};
use super::mark::RowWise;
use super::relationship_path::{OfTarget, RelationshipPath};
use super::scope::Total;
use super::source::Source;
use crate::mapping::{Criterion, EntityKey, IntoKey, KnownObject, ToMany, ToOne, ToOptional};
use crate::{Mapped, tree};

/// Conditions on what a relationship leads to, for `.filter(…)` and wherever else a condition stands.
///
/// They read the struct that the relationship belongs to, or its alias: `Employee::reports.of(Manager).exists()`. What it
/// leads to stands in a subquery, so that nothing is joined and no row comes twice.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct User {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     name: String,
/// #     #[relationship(back_populates = user)]
/// #     posts: Many<Post>,
/// # }
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Post {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     title: String,
/// #     #[column(foreign_key = User::id)]
/// #     user_id: Option<i64>,
/// #     #[relationship(back_populates = posts)]
/// #     user: One<Option<User>>,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![User, Post].create_all(&engine).await?;
/// let mut session = Session::new(&engine);
/// let sandy = session.add(User { name: "sandy".into(), posts: many![Post::new("news")], ..default() });
/// session.add(User::new("gary"));
/// session.flush().await?;
///
/// let writers = select(User::name).filter(User::posts.any(Post::title.eq("news")));
/// assert_eq!(session.all(writers).await?, ["sandy"]);
/// let silent = select(User::name).filter(!User::posts.exists());
/// assert_eq!(session.all(silent).await?, ["gary"]);
/// let hers = select(Post::title).filter(Post::user.is(&session[sandy]));
/// assert_eq!(session.all(hers).await?, ["news"]);
/// # Ok(())
/// # }
/// ```
// As SQLAlchemy says it; a relationship goes into the larger expression.
#[allow(clippy::wrong_self_convention)]
pub trait RelationshipOperators: RelationshipPath + Sized {
    /// `EXISTS (SELECT 1 FROM target WHERE … AND condition)`: one at least of those that it leads to meets the condition.
    ///
    /// The condition reads the target. Where the relationship leads to its own struct, that is the struct at the far end:
    /// `Node::children.any(Node::name.eq("x"))` finds the nodes that have a child of that name. To read both sides, write
    /// `exists(select(…).correlate(…).filter(…))`.
    fn any<C: Predicate>(self, condition: C) -> Expr<bool, Total<Self::From>>
    where
        Self: RelationshipPath<Multiplicity: LeadsToMany>,
        C::Sources: RowWise + OfTarget<Self::To>,
    {
        Expr::from_tree(criterion(self).exists(Some(condition.into_tree())))
    }

    /// `EXISTS (SELECT 1 FROM target WHERE … AND condition)`: the one that it leads to meets the condition. What the
    /// condition reads is as with [`any`](Self::any).
    fn has<C: Predicate>(self, condition: C) -> Expr<bool, Total<Self::From>>
    where
        Self: RelationshipPath<Multiplicity: LeadsToOne>,
        C::Sources: RowWise + OfTarget<Self::To>,
    {
        Expr::from_tree(criterion(self).exists(Some(condition.into_tree())))
    }

    /// `EXISTS (SELECT 1 FROM target WHERE …)`: it leads somewhere.
    fn exists(self) -> Expr<bool, Total<Self::From>> {
        Expr::from_tree(criterion(self).exists(None))
    }

    /// It leads to this object: `Post::user.is(&session[sandy])`. The foreign key is compared, without a join; unknown
    /// where it is NULL.
    ///
    /// An object whose key is unset, because it was not flushed, is nobody's: this is false.
    fn is<E: Mapped>(self, object: &E) -> Expr<Option<bool>, Self::From>
    where
        Self: RelationshipPath<Multiplicity: LeadsToOne, To: Source<Record = E>>,
    {
        Expr::from_tree(criterion(self).refers(&KnownObject::object(object)))
    }

    /// It leads elsewhere than to this object, or nowhere: where the foreign key is NULL this is true, and likewise for
    /// an object whose key is unset.
    fn is_not<E: Mapped>(self, object: &E) -> Expr<bool, Total<Self::From>>
    where
        Self: RelationshipPath<Multiplicity: LeadsToOne, To: Source<Record = E>>,
    {
        Expr::from_tree(criterion(self).refers_not(&KnownObject::object(object)))
    }

    /// As [`is`](Self::is), for the object with this primary key.
    fn is_key<E: Mapped>(self, key: impl IntoKey<E::Key>) -> Expr<Option<bool>, Self::From>
    where
        Self: RelationshipPath<Multiplicity: LeadsToOne, To: Source<Record = E>>,
    {
        Expr::from_tree(criterion(self).refers(&KnownObject::key(E::ENTITY, key.into_key().into_values())))
    }

    /// It leads nowhere: the foreign key is NULL, or, where the other side has it, there is no such row.
    fn is_none(self) -> Expr<bool, Total<Self::From>>
    where
        Self: RelationshipPath<Multiplicity: LeadsToOptional>,
    {
        Expr::from_tree(criterion(self).leads(false))
    }

    /// It leads somewhere: the foreign key is not NULL, or, where the other side has it, there is such a row.
    fn is_some(self) -> Expr<bool, Total<Self::From>>
    where
        Self: RelationshipPath<Multiplicity: LeadsToOptional>,
    {
        Expr::from_tree(criterion(self).leads(true))
    }

    /// This object is among those that it leads to: by the foreign key that the object has, or by an
    /// `EXISTS (SELECT 1 FROM link …)`. Where the foreign key is unset or NULL this is false.
    fn contains<E: Mapped>(self, object: &E) -> Expr<bool, Total<Self::From>>
    where
        Self: RelationshipPath<Multiplicity: LeadsToMany, To: Source<Record = E>>,
    {
        Expr::from_tree(criterion(self).refers(&KnownObject::object(object)))
    }

    /// The object with this primary key is among those that it leads to.
    fn contains_key<E: Mapped>(self, key: impl IntoKey<E::Key>) -> Expr<bool, Total<Self::From>>
    where
        Self: RelationshipPath<Multiplicity: LeadsToMany, To: Source<Record = E>>,
    {
        Expr::from_tree(criterion(self).refers(&KnownObject::key(E::ENTITY, key.into_key().into_values())))
    }

    /// A condition on the target: the relationship of this parent leads to it.
    /// `select(Post).filter(User::posts.with_parent(&session[sandy]))` finds her posts. A parent whose key is unset has
    /// none.
    fn with_parent<E: Mapped>(self, parent: &E) -> Expr<Option<bool>, Self::To>
    where
        Self: RelationshipPath<From: Source<Record = E>>,
    {
        Expr::from_tree(criterion(self).of_parent(&KnownObject::object(parent)))
    }
}

impl<R: RelationshipPath> RelationshipOperators for R {}

/// A condition on the target of a relationship: that of this parent leads to it. The same as
/// [`relationship.with_parent(parent)`](RelationshipOperators::with_parent).
pub fn with_parent<E: Mapped, R>(parent: &E, relationship: R) -> Expr<Option<bool>, R::To>
where
    R: RelationshipPath<From: Source<Record = E>>,
{
    relationship.with_parent(parent)
}

fn criterion<R: RelationshipPath>(relationship: R) -> Criterion {
    let (relationship, filter): (_, Option<tree::Expr>) = relationship.into_parts();
    Criterion {
        relationship,
        source: R::From::source_ref(),
        from: <R::To as Source>::from(),
        target: R::To::source_ref(),
        filter,
    }
}

/// To many.
#[diagnostic::on_unimplemented(
    message = "this relationship leads to one, and `any`, `contains` and `contains_key` are for those to many",
    label = "leads to one",
    note = "ask by `.has(condition)`, `.is(&object)` or `.is_key(key)`"
)]
pub trait LeadsToMany {}

/// To one, or to one or none.
#[diagnostic::on_unimplemented(
    message = "this relationship leads to many, and `has`, `is`, `is_not` and `is_key` are for those to one",
    label = "leads to many",
    note = "ask by `.any(condition)`, `.contains(&object)` or `.contains_key(key)`"
)]
pub trait LeadsToOne {}

/// To one or none.
#[diagnostic::on_unimplemented(
    message = "`is_none` and `is_some` are for a relationship to one or none, a `One<Option<T>>`, and this is another",
    label = "not a `One<Option<T>>`",
    note = "whether one to many is empty is `.exists()`; one to exactly one always leads somewhere"
)]
pub trait LeadsToOptional {}

impl LeadsToMany for ToMany {}
impl LeadsToOne for ToOne {}
impl LeadsToOne for ToOptional {}
impl LeadsToOptional for ToOptional {}
