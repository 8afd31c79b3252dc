use super::expression::Predicate;
use super::load::{LoadOptions, RaiseAll};
use super::load_option::LoadOption;
use super::mark::RowWise;
use super::scope::{InFrom, InScope, Inner, Nil};
use super::source::Source;
use super::table::Table;
use crate::Mapped;
use crate::tree;

/// What `.options(…)` of a query over the FROM list `F` takes; `I` is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an option of this query",
    label = "expected a loader option, such as `selectin(User::addresses)`, or a tuple of options",
    note = "the struct that it starts from must stand in FROM"
)]
pub trait QueryOption<F, I> {
    /// Adds it to what the query asks for.
    fn add_to(self, options: &mut LoadOptions);
}

impl<A, B, L, F, I> QueryOption<F, I> for LoadOption<A, B, L>
where
    A: Source<Record: Mapped> + InFrom<F, I>,
{
    fn add_to(self, options: &mut LoadOptions) {
        options.paths.push(self.into_path());
    }
}

macro_rules! tuples {
    ($(($($name:ident $place:ident $value:ident),*))*) => { $(
        impl<Scope, $($name, $place),*> QueryOption<Scope, ($($place,)*)> for ($($name,)*)
        where
            $($name: QueryOption<Scope, $place>,)*
        {
            fn add_to(self, options: &mut LoadOptions) {
                let ($($value,)*) = self;
                $($value.add_to(options);)*
            }
        }
    )* };
}

crate::typed::projection::for_tuples!(tuples);

/// A condition on every appearance of an entity in a statement; made by [`with_criteria`].
#[derive(Debug, Clone)]
pub struct WithCriteria(tree::Criteria);

/// A condition on every appearance of `E` in the query and in what is loaded with it: in FROM, in joins, under aliases,
/// in subqueries, and in every loader. For a soft delete, or for the tenant of a request.
///
/// ```
/// # use orm::prelude::*;
/// # use orm::with_criteria;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Post {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     deleted: bool,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![Post].create_all(&engine).await?;
/// # engine.execute(insert(Post).values([Post::new(true), Post::new(false)])).await?;
/// let mut session = Session::new(&engine);
/// let live = with_criteria(Post, Post::deleted.eq(false));
/// assert_eq!(session.all(select(Post::id).options(live)).await?, [2]);
/// # Ok(())
/// # }
/// ```
pub fn with_criteria<E: Mapped, C: Predicate, I>(_: Table<E>, condition: C) -> WithCriteria
where
    C::Sources: RowWise + InScope<(Inner<E>, Nil), I>,
{
    WithCriteria(tree::Criteria::new(E::ENTITY, condition.into_tree()))
}

impl<F> QueryOption<F, ()> for WithCriteria {
    fn add_to(self, options: &mut LoadOptions) {
        options.criteria.push(self.0);
    }
}

/// That relationships are not loaded unless an option of the query says so; made by [`raise_all`].
#[derive(Debug, Clone, Copy)]
pub struct RaiseOption(RaiseAll);

/// Relationships that no option of the query loads are not loaded at all: `session.load` refuses to. It holds for the
/// objects that the query reads, those that are loaded along included.
pub fn raise_all() -> RaiseOption {
    RaiseOption(RaiseAll { entity: None, sql_only: false })
}

/// As [`raise_all`], for the relationships of one struct.
pub fn raise_all_of<E: Mapped>(_: Table<E>) -> RaiseOption {
    RaiseOption(RaiseAll { entity: Some(E::ENTITY), sql_only: false })
}

impl RaiseOption {
    /// But where it takes no SQL: a to-one relationship to an object that the session holds.
    #[must_use]
    pub fn on_sql(mut self) -> Self {
        self.0.sql_only = true;
        self
    }
}

impl<F> QueryOption<F, ()> for RaiseOption {
    fn add_to(self, options: &mut LoadOptions) {
        options.raise.push(self.0);
    }
}
