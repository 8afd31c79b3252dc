use orm_query::EnumType;
use orm_query::schema::{ColumnDef, ForeignKeyDef, IndexDef, SequenceDef, TableDef, UniqueDef};

use crate::Result;
use crate::connection::{Executor, Lease};

/// Tells what is in a database: schemas, tables, columns, constraints, indexes, views, sequences and enums.
///
/// A schema of `None` is the connection's default one. Names come in alphabetical order.
///
/// ```
/// # use orm::prelude::*;
/// use orm::Inspector;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// engine.execute(text("CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")).await?;
///
/// let mut inspector = Inspector::new(&engine).await?;
/// assert_eq!(inspector.table_names(None).await?, ["city"]);
/// let city = inspector.table("city").await?.unwrap();
/// assert_eq!(city.columns[1].name, "name");
/// assert!(!city.columns[1].nullable);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Inspector<'e> {
    lease: Lease<'e>,
}

impl<'e> Inspector<'e> {
    /// An inspector on a connection of an engine's, or on the connection or session that is given.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn new(executor: impl Executor + 'e) -> Result<Self> {
        Ok(Inspector { lease: executor.with_connection().await? })
    }

    /// The connection's default schema, where the database has schemas.
    ///
    /// # Errors
    /// This and all the following: what the database says.
    pub async fn default_schema_name(&mut self) -> Result<Option<String>> {
        let (reflect, connection) = self.lease.connection().reflect();
        reflect.default_schema(connection).await
    }

    /// All schemas, but the system's own.
    pub async fn schema_names(&mut self) -> Result<Vec<String>> {
        let (reflect, connection) = self.lease.connection().reflect();
        reflect.schemas(connection).await
    }

    /// The names of a schema's tables.
    pub async fn table_names(&mut self, schema: Option<&str>) -> Result<Vec<String>> {
        let (reflect, connection) = self.lease.connection().reflect();
        reflect.table_names(connection, schema).await
    }

    /// Whether there is a table or a view of that name in the default schema.
    pub async fn has_table(&mut self, name: &str) -> Result<bool> {
        Ok(self.table(name).await?.is_some())
    }

    /// The names of a schema's views.
    pub async fn view_names(&mut self, schema: Option<&str>) -> Result<Vec<String>> {
        let (reflect, connection) = self.lease.connection().reflect();
        reflect.view_names(connection, schema).await
    }

    /// The SELECT that a view stands for.
    pub async fn view_definition(&mut self, schema: Option<&str>, view: &str) -> Result<Option<String>> {
        let (reflect, connection) = self.lease.connection().reflect();
        reflect.view_definition(connection, schema, view).await
    }

    /// A table or view of the default schema.
    pub async fn table(&mut self, name: &str) -> Result<Option<TableDef>> {
        self.table_in(None, name).await
    }

    /// A table or view of a schema.
    pub async fn table_in(&mut self, schema: Option<&str>, name: &str) -> Result<Option<TableDef>> {
        let (reflect, connection) = self.lease.connection().reflect();
        let names = [name.to_owned()];
        Ok(reflect.tables(connection, schema, &names).await?.pop())
    }

    /// All tables of a schema.
    pub async fn tables(&mut self, schema: Option<&str>) -> Result<Vec<TableDef>> {
        let names = self.table_names(schema).await?;
        let (reflect, connection) = self.lease.connection().reflect();
        reflect.tables(connection, schema, &names).await
    }

    /// The columns of a table or view of the default schema; none where it is not there.
    pub async fn columns(&mut self, table: &str) -> Result<Vec<ColumnDef>> {
        Ok(self.table(table).await?.map(|table| table.columns.into_owned()).unwrap_or_default())
    }

    /// The columns of a table's primary key.
    pub async fn primary_key(&mut self, table: &str) -> Result<Vec<String>> {
        let table = self.table(table).await?;
        let names =
            table.iter().flat_map(|table| table.primary_key().map(|(_, column)| column.name.to_string()));
        Ok(names.collect())
    }

    /// The foreign keys of a table of the default schema.
    pub async fn foreign_keys(&mut self, table: &str) -> Result<Vec<ForeignKeyDef>> {
        Ok(self.table(table).await?.map(|table| table.foreign_keys.into_owned()).unwrap_or_default())
    }

    /// The UNIQUE constraints of a table of the default schema.
    pub async fn unique_constraints(&mut self, table: &str) -> Result<Vec<UniqueDef>> {
        Ok(self.table(table).await?.map(|table| table.uniques.into_owned()).unwrap_or_default())
    }

    /// The indexes of a table of the default schema, but those behind its constraints.
    pub async fn indexes(&mut self, table: &str) -> Result<Vec<IndexDef>> {
        Ok(self.table(table).await?.map(|table| table.indexes.into_owned()).unwrap_or_default())
    }

    /// The sequences of a schema, but those of identity columns.
    pub async fn sequences(&mut self, schema: Option<&str>) -> Result<Vec<SequenceDef>> {
        let (reflect, connection) = self.lease.connection().reflect();
        reflect.sequences(connection, schema).await
    }

    /// The enum types of a schema.
    pub async fn enums(&mut self, schema: Option<&str>) -> Result<Vec<EnumType>> {
        let (reflect, connection) = self.lease.connection().reflect();
        reflect.enums(connection, schema).await
    }
}

/// Tables as they are in a database.
pub trait ReflectTable: Sized {
    /// The table or view of that name in the connection's default schema.
    ///
    /// ```
    /// # use orm::prelude::*;
    /// use orm::ReflectTable;
    /// use orm::schema::TableDef;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> orm::Result<()> {
    /// # let engine = Engine::new("sqlite::memory:")?;
    /// # engine.execute(text("CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")).await?;
    /// let city = TableDef::reflect(&engine, "city").await?;
    /// assert_eq!(city.primary_key().map(|(_, column)| column.name.as_ref()).collect::<Vec<_>>(), ["id"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::Statement`](crate::Error::Statement) with
    /// [`NoSuchTable`](crate::StatementKind::NoSuchTable) where there is none; what the database says.
    fn reflect(executor: impl Executor, name: &str) -> impl Future<Output = Result<Self>> + Send;
}

impl ReflectTable for TableDef {
    async fn reflect(executor: impl Executor, name: &str) -> Result<Self> {
        let mut inspector = Inspector::new(executor).await?;
        inspector.table(name).await?.ok_or_else(|| crate::Error::Statement {
            kind: crate::StatementKind::NoSuchTable,
            message: format!("there is no table or view `{name}` in the default schema"),
            statement: None,
        })
    }
}
