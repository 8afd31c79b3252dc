//! How a driver reads back what is in its database.

use orm_query::EnumType;
use orm_query::schema::{SequenceDef, TableDef};

use crate::driver::BoxFuture;
use crate::{Connection, Result};

/// The schema as the database tells it; users go through [`Inspector`](crate::Inspector).
///
/// A schema of `None` is the connection's default one, and what lives there is described without a schema. Names come
/// in alphabetical order, without what the system itself made (catalogs, indexes behind constraints, sequences behind
/// identity columns). What a server's default says anew is left out: a foreign key's `NO ACTION`, an index's
/// default method, a collation that is the database's.
pub trait Reflect: Send + Sync {
    /// The connection's default schema, where the database has schemas.
    fn default_schema<'c>(&'c self, connection: &'c mut Connection) -> BoxFuture<'c, Result<Option<String>>>;
    /// All schemas, but the system's own.
    fn schemas<'c>(&'c self, connection: &'c mut Connection) -> BoxFuture<'c, Result<Vec<String>>>;
    /// The names of the tables of a schema.
    fn table_names<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<String>>>;
    /// The names of the views of a schema.
    fn view_names<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<String>>>;
    /// The SELECT that a view stands for.
    fn view_definition<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
        view: &'c str,
    ) -> BoxFuture<'c, Result<Option<String>>>;
    /// The tables and views of these names that are there, in a number of statements that does not depend on theirs
    /// where the database allows it.
    fn tables<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
        names: &'c [String],
    ) -> BoxFuture<'c, Result<Vec<TableDef>>>;
    /// The sequences of a schema.
    fn sequences<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<SequenceDef>>>;
    /// The enum types of a schema.
    fn enums<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<EnumType>>>;
}
