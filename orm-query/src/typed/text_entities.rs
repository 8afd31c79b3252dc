use std::fmt;
use std::marker::PhantomData;

use super::load::LoadOptions;
use super::loaded::Known;
use super::named_row::{NamedRow, is_in_order};
use super::options::StatementOptions;
use super::param::Bindings;
use super::projection::EntityAt;
use super::query::Query;
use super::query_option::QueryOption;
use super::row_in::{Convert, Mode, Owned};
use super::scope::{Inner, Nil};
use super::table::Table;
use super::text::Text;
use crate::schema::Name;
use crate::{Mapped, Row, tree};

/// A text whose rows are entities; made by [`Text::entities`].
#[must_use = "a statement does nothing until a session or a connection runs it"]
pub struct TextEntities<E> {
    tree: tree::Text,
    load: LoadOptions,
    entity: PhantomData<fn() -> E>,
}

impl Text {
    /// Its rows as entities, in a session as well: SQLAlchemy's `from_statement`. Columns are found by their names, in
    /// whatever order they come; others are passed over. One that is missing, or comes twice, is
    /// [`DecodeError`](crate::DecodeError).
    ///
    /// Relationships are loaded by `.options(…)` as with `select(…)`; what would be joined is loaded by `selectin`, as
    /// nothing can be added to a text.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(table = "user_account", new)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     name: String,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User].create_all(&engine).await?;
    /// # engine.execute(insert(User).values([User::new("sandy"), User::new("gary")])).await?;
    /// let query = text("SELECT name, id FROM user_account WHERE id > :id").bind("id", 1).entities(User);
    /// assert_eq!(engine.one(query).await?.name, "gary");
    /// # Ok(())
    /// # }
    /// ```
    pub fn entities<E: Mapped>(self, _: Table<E>) -> TextEntities<E> {
        TextEntities { tree: self.into_text(), load: LoadOptions::default(), entity: PhantomData }
    }
}

impl<E: Mapped> TextEntities<E> {
    /// What to load with the entities, and how: `.options(selectin(User::addresses))`. A tuple gives several options, a
    /// second call adds to the first.
    pub fn options<O, I>(mut self, options: O) -> Self
    where
        O: QueryOption<(Inner<E>, Nil), I>,
    {
        options.add_to(&mut self.load);
        self
    }

    /// Overwrites objects that the session has already with their rows, as of a `select(…)`.
    pub fn populate_existing(mut self) -> Self {
        self.load.populate_existing = true;
        self
    }
}

impl<E> StatementOptions for TextEntities<E> {}

impl<E> Bindings for TextEntities<E> {
    fn give(mut self, name: Name, given: &tree::Given) -> Self {
        self.tree.bind_param(&name, given);
        self
    }
}

impl<E: Mapped> Query<()> for TextEntities<E> {
    type Row<M: Mode> = M::Entity<E>;
    type Read<M: Mode> = M::Entity<E>;

    fn into_statement(self) -> (tree::Statement, LoadOptions) {
        (tree::Statement::Text(self.tree), self.load)
    }

    fn entities() -> Vec<EntityAt> {
        vec![EntityAt { entity: E::ENTITY, source: E::source_ref(), at: 0, known: &Known::End }]
    }

    fn decode<M: Mode>(context: &mut M::Context<'_>, row: &dyn Row) -> Result<M::Entity<E>, M::Error> {
        if is_in_order(row, E::ENTITY) {
            return M::entity::<E>(context, row, 0);
        }
        M::entity::<E>(context, &NamedRow::new(row, E::ENTITY)?, 0)
    }

    fn convert<M: Mode, N: Mode>(row: M::Entity<E>, change: &mut impl Convert<M, N>) -> N::Entity<E> {
        change.entity::<E>(row)
    }

    fn finish<M: Mode>(row: M::Entity<E>, _: &mut impl Convert<M, Owned>) -> M::Entity<E> {
        row
    }
}

impl<E> Clone for TextEntities<E> {
    fn clone(&self) -> Self {
        TextEntities { tree: self.tree.clone(), load: self.load.clone(), entity: PhantomData }
    }
}

impl<E> fmt::Debug for TextEntities<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tree.fmt(f)
    }
}
