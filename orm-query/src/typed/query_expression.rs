use super::cte::Cte;
use super::fits::RowsOf;
use super::into_record::IntoRecord;
use super::joinable::Derived;
use super::load::LoadOptions;
use super::projection::{self, EntityAt};
use super::record::{ColumnsOf, Nameable, RowKind};
use super::record_row::{RecordColumns, RecordRow};
use super::row_in::RowIn;
use super::scope::{Needs, Nil, SourceSet, Standalone};
use super::select::Select;
use super::source::Source;
use super::table::Table;
use super::text::{TextRow, TextRows};
use crate::schema::Name;
use crate::tree::{self, Expr, SelectItem};

/// Whatever gives rows and may stand inside of a statement: `select(…)`, a set operation, `values(…)`, text with
/// columns. `I` is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query that can stand inside of a statement",
    label = "not a `select(…)`, a set operation of them, `values(…)` or a text with `.columns::<…>()`",
    note = "what INSERT, UPDATE and DELETE return is read through `.returning(…).cte(…)`"
)]
pub trait QueryExpression<I>: Sized {
    /// The types of its columns, as a tuple; an entity counts as one.
    type Columns;
    /// The sources that it takes from the enclosing query.
    type Needs: SourceSet;

    /// It as data.
    fn into_query(self) -> tree::Query;
    /// It as data, and what to load with its rows where it is run by itself.
    fn into_loading(self) -> (tree::Query, LoadOptions) {
        (self.into_query(), LoadOptions::default())
    }
    /// The entities among the columns, in order.
    fn entities_read() -> Vec<EntityAt> {
        Vec::new()
    }

    /// `(SELECT …) AS name`, to be joined or read by `.select_from(…)`. Its columns are those of the record.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct Post {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     author: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![Post].create_all(&engine).await?;
    /// # engine.execute(insert(Post).values([Post::new("a"), Post::new("b"), Post::new("a")])).await?;
    /// #[derive(Record)]
    /// struct PostCount {
    ///     author: String,
    ///     n: i64,
    /// }
    ///
    /// let counts = select((Post::author, count(Post))).group_by(Post::author).subquery(PostCount);
    /// let query = select((Post::id, PostCount::n))
    ///     .join_on(counts, PostCount::author.eq(Post::author))
    ///     .order_by(Post::id);
    /// assert_eq!(engine.all(query).await?, [(1, 2), (2, 1), (3, 2)]);
    /// # Ok(())
    /// # }
    /// ```
    fn subquery<S>(self, _: Table<S>) -> Derived<S>
    where
        S: Nameable<Kind: RowKind<S::Record>>,
        Self::Columns: RowsOf<S::Record, ColumnsOf<S>>,
        Self::Needs: Standalone,
    {
        Derived::new(derived::<S>(self.into_query(), false))
    }

    /// `LATERAL (SELECT …) AS name`: a subquery in FROM that reads what stands before it there, as it says by
    /// `.correlate(…)`.
    fn lateral<S>(self, _: Table<S>) -> Derived<S, Self::Needs>
    where
        S: Nameable<Kind: RowKind<S::Record>>,
        Self::Columns: RowsOf<S::Record, ColumnsOf<S>>,
    {
        Derived::new(derived::<S>(self.into_query(), true))
    }

    /// A common table expression, which a statement gets by `.with(…)` and reads by the record's name.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct Post {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     author: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![Post].create_all(&engine).await?;
    /// # engine.execute(insert(Post).values([Post::new("a"), Post::new("b"), Post::new("a")])).await?;
    /// #[derive(Record)]
    /// struct PostCount {
    ///     author: String,
    ///     n: i64,
    /// }
    ///
    /// let counts = select((Post::author, count(Post))).group_by(Post::author).cte(PostCount);
    /// let query = select(PostCount::author).with(counts).filter(PostCount::n.gt(1));
    /// assert_eq!(engine.all(query).await?, ["a"]);
    /// # Ok(())
    /// # }
    /// ```
    fn cte<S>(self, _: Table<S>) -> Cte<S>
    where
        S: Nameable<Kind: RowKind<S::Record>>,
        Self::Columns: RowsOf<S::Record, ColumnsOf<S>>,
        Self::Needs: Standalone,
    {
        Cte::of_query(self.into_query(), false)
    }

    /// A common table expression that reads itself: `first.union_all(next).recursive_cte(Tree)`, where `next` has
    /// `Tree` in its FROM.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// #[derive(Record)]
    /// struct Numbers {
    ///     n: i64,
    /// }
    ///
    /// let next = select(Numbers::n + 1).filter(Numbers::n.lt(4));
    /// let numbers = select(literal(1_i64)).union_all(next).recursive_cte(Numbers);
    /// assert_eq!(engine.all(select(Numbers::n).with(numbers)).await?, [1, 2, 3, 4]);
    /// # Ok(())
    /// # }
    /// ```
    fn recursive_cte<S>(self, _: Table<S>) -> Cte<S>
    where
        S: Nameable<Kind: RowKind<S::Record>>,
        Self::Columns: RowsOf<S::Record, ColumnsOf<S>>,
        Self::Needs: Standalone,
    {
        Cte::of_query(self.into_query(), true)
    }

    /// The same query with its rows as the struct `R`: columns, and, where the struct says so, entities and other
    /// records. Entities in it are owned values, with what the options of the query load: in a session they are copies,
    /// which it does not track.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct Post {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     author: String,
    /// #     title: Option<String>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![Post].create_all(&engine).await?;
    /// # engine.execute(insert(Post).values(Post::new("a"))).await?;
    /// #[derive(Record, Debug, PartialEq)]
    /// struct Line {
    ///     author: String,
    ///     title: Option<String>,
    /// }
    ///
    /// let query = select((Post::author, Post::title)).into_record::<Line>();
    /// assert_eq!(engine.all(query).await?, [Line { author: "a".into(), title: None }]);
    /// # Ok(())
    /// # }
    /// ```
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
    /// # session.add(User { name: "sandy".into(), posts: many![Post::default(), Post::default()], ..default() });
    /// # session.commit().await?;
    /// #[derive(Record)]
    /// struct Author {
    ///     #[record(entity)]
    ///     user: User,
    ///     posts: i64,
    /// }
    ///
    /// let query = select((User, count(Post::id))).join(User::posts).group_by(User::id);
    /// let authors = engine.all(query.options(selectin(User::posts)).into_record::<Author>()).await?;
    /// assert_eq!(authors[0].posts, 2);
    /// assert_eq!(authors[0].user.posts.loaded().map(<[_]>::len), Some(2));
    /// # Ok(())
    /// # }
    /// ```
    fn into_record<R>(self) -> IntoRecord<Self, R>
    where
        R: RecordRow,
        Self::Columns: RowsOf<R, RecordColumns<R>>,
        Self::Needs: Standalone,
    {
        IntoRecord::new(self)
    }
}

impl<P, F, I> QueryExpression<I> for Select<P, F>
where
    P: RowIn<F, I>,
    F: Needs,
{
    type Columns = P::Columns;
    type Needs = F::Sources;

    fn into_query(self) -> tree::Query {
        self.into_tree().into()
    }

    fn into_loading(self) -> (tree::Query, LoadOptions) {
        let (select, load) = self.into_parts();
        (select.into(), load)
    }

    fn entities_read() -> Vec<EntityAt> {
        projection::entities::<P>()
    }
}

impl<T: TextRow> QueryExpression<()> for TextRows<T> {
    type Columns = T::Columns;
    type Needs = Nil;

    fn into_query(self) -> tree::Query {
        self.into_tree().into()
    }
}

/// `query` in FROM under the name of `S`, its columns named as those of `S`.
fn derived<S: Source<Kind: RowKind<S::Record>>>(mut query: tree::Query, lateral: bool) -> tree::From {
    let names = column_names::<S>();
    let columns = if name_columns(&mut query, &names) { Vec::new() } else { names };
    tree::From::Query { query: Box::new(query), alias: S::source_ref().name, columns, lateral }
}

/// The names of the columns of `S`.
pub(super) fn column_names<S: Source<Kind: RowKind<S::Record>>>() -> Vec<Name> {
    <S::Kind as RowKind<S::Record>>::columns().into_iter().map(|(name, _)| name).collect()
}

/// Names the columns of a query where it says them, and whether it does: `VALUES` has no names. A text names them itself.
pub(super) fn name_columns(query: &mut tree::Query, names: &[Name]) -> bool {
    renamed_columns(query, names).is_some()
}

/// A column's name before and after.
type Renamed = (Name, Name);

fn renamed_columns(query: &mut tree::Query, names: &[Name]) -> Option<Vec<Renamed>> {
    match query {
        tree::Query::Select(select) => {
            let renamed = name_items(&mut select.columns, names);
            follow(
                select.order_by.iter_mut().map(|order| &mut order.expr).chain(&mut select.group_by),
                &renamed,
            );
            Some(renamed)
        }
        // The first query says the names for all.
        tree::Query::Compound(compound) => {
            let renamed = renamed_columns(compound.queries.first_mut()?, names)?;
            follow(compound.order_by.iter_mut().map(|order| &mut order.expr), &renamed);
            Some(renamed)
        }
        tree::Query::Values(_) => None,
        tree::Query::Text(_) => Some(Vec::new()),
    }
}

/// Labels that an ordering or a grouping goes by.
fn follow<'t>(exprs: impl Iterator<Item = &'t mut Expr>, renamed: &[Renamed]) {
    for expr in exprs {
        if let Expr::Label(label) = expr
            && let Some((_, new)) = renamed.iter().find(|(old, _)| old == label)
        {
            *label = new.clone();
        }
    }
}

/// Gives each item the label by which it is read, unless it is a column of that name; those that had another name.
pub(super) fn name_items(items: &mut [SelectItem], names: &[Name]) -> Vec<Renamed> {
    let mut renamed = Vec::new();
    for (item, name) in items.iter_mut().zip(names) {
        let old = item_name(item);
        if old.as_ref() == Some(name) {
            continue;
        }
        renamed.extend(old.map(|old| (old, name.clone())));
        item.label = Some(name.clone());
    }
    renamed
}

/// What a column of a select list is called, where that is known.
pub(super) fn item_name(item: &SelectItem) -> Option<Name> {
    match (&item.label, &item.expr) {
        (Some(label), _) => Some(label.clone()),
        (None, Expr::Column(column)) => Some(column.name.clone()),
        (None, _) => None,
    }
}
