//! `LIMIT`, `OFFSET` and `FETCH`.

use super::Select;
use crate::SqlType;
use crate::tree::Limit;
use crate::typed::expression::Expression;
use crate::typed::scope::Nil;

/// The type of a number of rows: an integer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a number of rows",
    label = "expected an integer"
)]
pub trait RowCount: SqlType {}

impl RowCount for i16 {}
impl RowCount for i32 {}
impl RowCount for i64 {}
impl RowCount for u16 {}
impl RowCount for u32 {}
impl RowCount for u64 {}

impl<P, F> Select<P, F> {
    /// The most rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.tree.set_limit(rows);
        self
    }

    /// The rows to skip.
    pub fn offset(mut self, rows: u64) -> Self {
        self.tree.set_offset(rows);
        self
    }

    /// The most rows, as an expression that reads no table.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # struct User {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User].create_all(&engine).await?;
    /// # engine.execute(insert(User).values([User { id: 1 }, User { id: 2 }, User { id: 3 }])).await?;
    /// let ids = select(User::id).order_by(User::id).limit_expr(literal(1) + 1);
    /// assert_eq!(engine.all(ids).await?, [1, 2]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn limit_expr<E: Expression<Sources = Nil, Sql: RowCount>>(mut self, rows: E) -> Self {
        self.limit_mut().count = Some(rows.into_tree());
        self
    }

    /// The rows to skip, as an expression that reads no table.
    pub fn offset_expr<E: Expression<Sources = Nil, Sql: RowCount>>(mut self, rows: E) -> Self {
        self.limit_mut().offset = Some(rows.into_tree());
        self
    }

    /// The most rows, said by `FETCH FIRST … ROWS ONLY`.
    pub fn fetch(mut self, rows: u64) -> Self {
        self.tree.set_limit(rows);
        self.limit_mut().fetch = true;
        self
    }

    /// `FETCH FIRST … PERCENT ROWS ONLY`: so many of a hundred rows.
    pub fn fetch_percent(mut self, percent: u64) -> Self {
        self.tree.set_limit(percent);
        let limit = self.limit_mut();
        (limit.fetch, limit.percent) = (true, true);
        self
    }

    /// `WITH TIES`: beside the limited rows those that are equal to the last one in the ordering, which there must be.
    pub fn with_ties(mut self) -> Self {
        let limit = self.limit_mut();
        (limit.fetch, limit.with_ties) = (true, true);
        self
    }

    fn limit_mut(&mut self) -> &mut Limit {
        self.tree.limit.get_or_insert_default()
    }
}
