//! Columns that were left out, read later.

use orm_query::Mapped;
use orm_query::typed::NamedColumns;

use super::load::{self, columns};
use super::{Handle, Session};
use crate::Result;

impl Session {
    /// Reads columns and properties of an object that are absent, in one SELECT; without SQL where none is. What the object
    /// has stays as it is: [`refresh`](Session::refresh) reads that anew.
    ///
    /// # Errors
    /// [`SessionError::ColumnRefused`](crate::SessionError::ColumnRefused) for what a query left out with `raise`;
    /// [`Error::NoResultFound`](crate::Error::NoResultFound) where the row is gone;
    /// [`SessionError::NotInSession`](crate::SessionError::NotInSession) for a handle that is gone, or whose object
    /// has no row; [`SessionError::Misuse`](crate::SessionError::Misuse) for a query expression.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// # #[derive(Mapped, Debug, Clone, Default)]
    /// # #[mapped(new)]
    /// # struct Book {
    /// #     #[column(primary_key)]
    /// #     id: i64,
    /// #     title: String,
    /// #     text: Deferred<String>,
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # metadata![Book].create_all(&engine).await?;
    /// # engine.execute(insert(Book).values(Book::new("Emma", "Emma Woodhouse, handsome, clever, and rich"))).await?;
    /// let mut session = Session::new(&engine);
    /// let emma = session.one(select(Book)).await?;
    /// assert!(!session[emma].text.is_loaded());
    /// session.load_columns(emma, Book::text).await?;
    /// assert!(session[emma].text.get().unwrap().starts_with("Emma Woodhouse"));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn load_columns<T: Mapped>(
        &mut self,
        handle: Handle<T>,
        columns: impl NamedColumns<Source = T>,
    ) -> Result<()> {
        self.load_columns_many(&[handle], columns).await
    }

    /// As [`load_columns`](Session::load_columns), for several objects at once, in one SELECT for some hundreds of them.
    ///
    /// # Errors
    /// Those of [`load_columns`](Session::load_columns).
    pub async fn load_columns_many<T: Mapped>(
        &mut self,
        handles: &[Handle<T>],
        columns: impl NamedColumns<Source = T>,
    ) -> Result<()> {
        let mut names = Vec::new();
        columns.add_names(&mut names);
        let places: Vec<usize> = names.iter().filter_map(|name| T::ENTITY.place(name)).collect();
        let mut objects = Vec::with_capacity(handles.len());
        for &handle in handles {
            objects.push(self.persistent(handle)?);
        }
        load::dedupe(&mut objects);
        if !columns::is_absent_in(&self.graph, &objects, &places) {
            return Ok(());
        }
        self.before_query().await?;
        let (graph, connection) = self.parts()?;
        match columns::fill(graph, connection, &objects, &places).await? {
            Some(lost) => {
                let key = graph.stored_key_values(lost);
                Err(load::gone(connection, T::ENTITY, &key))
            }
            None => Ok(()),
        }
    }
}
