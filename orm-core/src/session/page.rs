//! Pages of a query, how many rows it has, and whether it has any.

use orm_query::tree::Statement;
use orm_query::typed::{LoadOptions, Query};

use super::events::Purpose;
use super::graph::Graph;
use super::load::Asked;
use super::scratch::Copies;
use super::{Session, Tracked};
use crate::Result;
use crate::connection::Connection;
use crate::paging::{Page, PageOf, Pages, Paging, count};

impl Session {
    /// One page of a query's rows: handles for entities, values for the rest, and what `.options(…)` loads for those of
    /// the page. Flushes first. See [`paginate`](crate::paginate).
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
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User].create_all(&engine).await?;
    /// let mut session = Session::new(&engine);
    /// session.add_all(["sandy", "patrick", "gary"].map(User::new));
    /// let page = session.page(select(User).order_by(User::name), paginate(2).with_total()).await?;
    /// assert_eq!(session[page.items[0]].name, "gary");
    /// assert_eq!(page.total, Some(3));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`PagingError`](crate::PagingError) for a query that has no pages, and for a cursor of another order; those of
    /// [`all`](Session::all).
    pub async fn page<Q: Query<I>, I, S: Paging>(
        &mut self,
        query: Q,
        pages: Pages<S>,
    ) -> Result<Page<Q::Row<Tracked>, S::At>> {
        self.before_query().await?;
        let options = query.run_options();
        let (statement, load) = query.into_statement();
        let (graph, connection) = self.parts()?;
        connection.set_next(options);
        let page = page::<Q, I, S>(graph, connection, statement, load, &pages).await?;
        let mut copies = Copies { graph };
        Ok(page.map(|row| Q::finish::<Tracked>(row, &mut copies)))
    }

    /// How many rows a query has: as many as [`all`](Session::all) gives, without them. Flushes first.
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
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![User].create_all(&engine).await?;
    /// let mut session = Session::new(&engine);
    /// session.add_all(["sandy", "patrick"].map(User::new));
    /// assert_eq!(session.count(select(User)).await?, 2);
    /// assert!(session.exists(select(User).filter(User::name.eq("sandy"))).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What the database says; [`PagingError::NoQuery`](crate::PagingError::NoQuery) for a statement that changes rows.
    pub async fn count<Q: Query<I>, I>(&mut self, query: Q) -> Result<u64> {
        let statement = self.other_query(query, count::count).await?;
        count::ask(self.parts()?.1, &statement).await
    }

    /// Whether a query has a row. Flushes first.
    ///
    /// # Errors
    /// Those of [`count`](Session::count).
    pub async fn exists<Q: Query<I>, I>(&mut self, query: Q) -> Result<bool> {
        let statement = self.other_query(query, count::exists).await?;
        count::any(self.parts()?.1, &statement).await
    }

    /// Makes another query of one, and the connection ready for it.
    async fn other_query<Q: Query<I>, I>(
        &mut self,
        query: Q,
        change: impl FnOnce(Statement) -> Result<Statement, crate::PagingError>,
    ) -> Result<Statement> {
        self.before_query().await?;
        let options = query.run_options();
        let (statement, load) = query.into_statement();
        let statement = with_criteria(&self.graph, change(statement)?, &load)?;
        let (graph, connection) = self.parts()?;
        if statement.changes_rows() {
            graph.note_write();
        }
        connection.set_next(options);
        Ok(statement)
    }
}

/// A statement with the conditions of a query's options and of listeners.
fn with_criteria(graph: &Graph, mut statement: Statement, load: &LoadOptions) -> Result<Statement> {
    statement.add_criteria(&load.criteria);
    graph.asked(statement, Purpose::Statement)
}

/// Reads one page of a query.
pub(crate) async fn page<Q: Query<I>, I, S: Paging>(
    graph: &mut Graph,
    connection: &mut Connection,
    mut statement: Statement,
    load: LoadOptions,
    pages: &Pages<S>,
) -> Result<Page<Q::Read<Tracked>, S::At>> {
    let entities = Q::entities();
    let counted = pages.wants_total().then(|| count::count(statement.clone())).transpose()?;
    let counted = counted.map(|counted| with_criteria(graph, counted, &load)).transpose()?;
    let mut page = PageOf::plan(pages, &mut statement, &entities, connection.dialect().features())?;
    let mut asked = Asked::new(graph, entities, statement, load)?;
    let answer = asked.read(Q::decode::<Tracked>, graph, connection, None, &mut |row| page.read(row)).await?;
    let rows = 0..page.rows(answer.rows.len());
    asked.load(graph, connection, answer.seen.of_rows(&rows)).await?;
    let total = match counted {
        Some(counted) => Some(count::ask(connection, &counted).await?),
        None => None,
    };
    Ok(page.finish(pages, answer.rows, total))
}
