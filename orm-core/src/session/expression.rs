use orm_query::Mapped;
use orm_query::SqlType;
use orm_query::typed::{AssignTo, Column, InScope, Inner, Nil, Operand, RowWise, Stored, typed_bind};

use super::{Handle, Session};

impl Session {
    /// Has the next flush write an SQL expression into a column: `counter + 1`, `upper(…)`. The value that the database
    /// computes is read back with the same flush; until then the field keeps what it has.
    ///
    /// For an object that is still pending the expression reads no columns.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct Page {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     views: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![Page].create_all(&engine).await?;
    /// # let mut session = Session::new(&engine);
    /// let page = session.add(Page { views: 41, ..default() });
    /// session.commit().await?;
    ///
    /// session.set_expression(page, Page::views, Page::views + 1);
    /// session.flush().await?;
    /// assert_eq!(session[page].views, 42);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// When the handle is of another session, or its object is gone.
    pub fn set_expression<E: Mapped, T: SqlType, D: Stored, R, I>(
        &mut self,
        handle: Handle<E>,
        column: Column<E, T, D>,
        value: R,
    ) where
        R: Operand<T::Base, Sources: RowWise + InScope<(Inner<E>, Nil), I>, Sql: AssignTo<T>>,
    {
        let id = self.id(handle);
        if let Some(position) = E::TABLE.position(column.name()) {
            self.graph.touch(id);
            self.graph
                .expressions
                .insert((id, position), typed_bind::<E>(column.name(), value.into_operand()));
        }
    }
}
