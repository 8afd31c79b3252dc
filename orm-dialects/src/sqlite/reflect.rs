//! How SQLite's schema is read back.

use orm_core::driver::BoxFuture;
use orm_core::reflect::Reflect;
use orm_core::{Connection, Error, Result};
use orm_query::EnumType;
use orm_query::schema::{SequenceDef, TableDef};

use super::NAME;

/// SQLite's `Reflect`.
#[derive(Debug)]
pub(super) struct SqliteReflect;

fn refused<'c, T: Send + 'c>() -> BoxFuture<'c, Result<T>> {
    Box::pin(std::future::ready(Err(Error::Unsupported { dialect: NAME, feature: "reflection", hint: None })))
}

impl Reflect for SqliteReflect {
    fn default_schema<'c>(&'c self, _: &'c mut Connection) -> BoxFuture<'c, Result<Option<String>>> {
        refused()
    }

    fn schemas<'c>(&'c self, _: &'c mut Connection) -> BoxFuture<'c, Result<Vec<String>>> {
        refused()
    }

    fn table_names<'c>(
        &'c self,
        _: &'c mut Connection,
        _: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<String>>> {
        refused()
    }

    fn view_names<'c>(
        &'c self,
        _: &'c mut Connection,
        _: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<String>>> {
        refused()
    }

    fn view_definition<'c>(
        &'c self,
        _: &'c mut Connection,
        _: Option<&'c str>,
        _: &'c str,
    ) -> BoxFuture<'c, Result<Option<String>>> {
        refused()
    }

    fn tables<'c>(
        &'c self,
        _: &'c mut Connection,
        _: Option<&'c str>,
        _: &'c [String],
    ) -> BoxFuture<'c, Result<Vec<TableDef>>> {
        refused()
    }

    fn sequences<'c>(
        &'c self,
        _: &'c mut Connection,
        _: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<SequenceDef>>> {
        refused()
    }

    fn enums<'c>(
        &'c self,
        _: &'c mut Connection,
        _: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<EnumType>>> {
        refused()
    }
}
