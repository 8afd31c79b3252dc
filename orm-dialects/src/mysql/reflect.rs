//! How the schema is read back, out of `information_schema`: six statements for any number of tables.
//!
//! A schema is a database here. MySQL knows unique indexes and no constraints apart from them: each is a
//! [`UniqueDef`](orm_query::schema::UniqueDef), unless it keeps parts of its columns, descends or has expressions; then it
//! is an index. An index that the server made for a foreign key itself is left out, and so is the check behind MariaDB's
//! JSON. Checks and expressions come as the server has rewritten them, with their texts in standard quotes. The values of an
//! enum belong to its column: there are no types of that kind. A computed column of MariaDB's allows NULL, since that cannot
//! be forbidden there.

use std::collections::BTreeSet;

use orm_core::driver::BoxFuture;
use orm_core::reflect::Reflect;
use orm_core::{Connection, Result};
use orm_query::EnumType;
use orm_query::schema::{Counter, SequenceDef, TableDef};
use orm_query::typed::text;

use self::catalog::{Catalog, Place};

mod catalog;
mod column_type;
mod expression;
mod table;

/// What MySQL and MariaDB tell of themselves.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct MySqlReflect;

/// The databases that every server has.
const SYSTEM: [&str; 4] = ["information_schema", "mysql", "performance_schema", "sys"];

impl Reflect for MySqlReflect {
    fn default_schema<'c>(&'c self, connection: &'c mut Connection) -> BoxFuture<'c, Result<Option<String>>> {
        Box::pin(connection.one(text("SELECT DATABASE()").columns::<Option<String>>()))
    }

    fn schemas<'c>(&'c self, connection: &'c mut Connection) -> BoxFuture<'c, Result<Vec<String>>> {
        Box::pin(async {
            let query = text("SELECT schema_name FROM information_schema.schemata").columns::<String>();
            let mut names = connection.all(query).await?;
            names.retain(|name| !SYSTEM.iter().any(|system| name.eq_ignore_ascii_case(system)));
            names.sort();
            Ok(names)
        })
    }

    fn table_names<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<String>>> {
        Box::pin(names(connection, schema, "'BASE TABLE', 'SYSTEM VERSIONED'"))
    }

    fn view_names<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<String>>> {
        Box::pin(names(connection, schema, "'VIEW'"))
    }

    fn view_definition<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
        view: &'c str,
    ) -> BoxFuture<'c, Result<Option<String>>> {
        Box::pin(async move {
            let Some(place) = Place::of(connection, schema).await? else { return Ok(None) };
            let query = text(
                "SELECT view_definition FROM information_schema.views \
                 WHERE table_schema = :schema AND table_name = :view",
            );
            let query = query.bind_str("schema", &place.schema).bind_str("view", view).columns::<String>();
            Ok(connection.one_or_none(query).await?.map(|sql| expression::standard(&sql)))
        })
    }

    fn tables<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
        names: &'c [String],
    ) -> BoxFuture<'c, Result<Vec<TableDef>>> {
        Box::pin(async move {
            if names.is_empty() {
                return Ok(Vec::new());
            }
            let Some(place) = Place::of(connection, schema).await? else { return Ok(Vec::new()) };
            let catalog = Catalog::read(connection, &place, names).await?;
            Ok(table::tables(catalog, &place))
        })
    }

    fn sequences<'c>(
        &'c self,
        connection: &'c mut Connection,
        schema: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<SequenceDef>>> {
        Box::pin(async move {
            let Some(place) = Place::of(connection, schema).await? else { return Ok(Vec::new()) };
            let sequences = names_in(connection, &place, "'SEQUENCE'").await?;
            sequences_of(connection, &place, sequences).await
        })
    }

    fn enums<'c>(
        &'c self,
        _: &'c mut Connection,
        _: Option<&'c str>,
    ) -> BoxFuture<'c, Result<Vec<EnumType>>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }
}

/// The names of the tables of some types, in order.
async fn names(connection: &mut Connection, schema: Option<&str>, types: &str) -> Result<Vec<String>> {
    match Place::of(connection, schema).await? {
        Some(place) => names_in(connection, &place, types).await,
        None => Ok(Vec::new()),
    }
}

async fn names_in(connection: &mut Connection, place: &Place, types: &str) -> Result<Vec<String>> {
    let query = text(format!(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = :schema AND table_type IN ({types})"
    ));
    let names: BTreeSet<String> = connection
        .all(query.bind_str("schema", &place.schema).columns::<String>())
        .await?
        .into_iter()
        .collect();
    Ok(names.into_iter().collect())
}

/// A sequence is a table of one row, which tells how it counts.
async fn sequences_of(
    connection: &mut Connection,
    place: &Place,
    sequences: Vec<String>,
) -> Result<Vec<SequenceDef>> {
    type Row = (i64, i64, i64, i64, i64, bool);
    if sequences.is_empty() {
        return Ok(Vec::new());
    }
    let quoted = |name: &str| format!("`{}`", name.replace('`', "``"));
    let each = sequences.iter().enumerate().map(|(number, sequence)| {
        format!(
            "SELECT start_value, minimum_value, maximum_value, increment, cache_size, cycle_option, {number} AS number \
             FROM {}.{}",
            quoted(&place.schema),
            quoted(sequence)
        )
    });
    let all = each.collect::<Vec<_>>().join(" UNION ALL ");
    let query = format!(
        "SELECT start_value, minimum_value, maximum_value, increment, cache_size, cycle_option FROM ({all}) AS s \
         ORDER BY number"
    );
    let rows = connection.all(text(query).columns::<Row>()).await?;
    let define = |(sequence, row): (String, Row)| {
        let mut def = SequenceDef::named(sequence.into(), counter(row));
        def.schema = (!place.is_default).then(|| place.schema.clone().into());
        def
    };
    Ok(sequences.into_iter().zip(rows).map(define).collect())
}

/// How a sequence counts, without what it would do anyhow.
fn counter(row: (i64, i64, i64, i64, i64, bool)) -> Counter {
    let (start, min, max, increment, cache, cycle) = row;
    let (least, greatest) = if increment < 0 { (i64::MIN + 1, -1) } else { (1, i64::MAX - 1) };
    let first = if increment < 0 { max } else { min };
    let other = |value: i64, default: i64| (value != default).then_some(value);
    let mut counter = Counter::new();
    counter.start = other(start, first);
    counter.increment = other(increment, 1);
    counter.min_value = other(min, least);
    counter.max_value = other(max, greatest);
    counter.cache = other(cache, 1000);
    counter.cycle = cycle;
    counter
}

#[test]
fn what_a_sequence_does_anyhow_is_left_out() {
    assert_eq!(counter((1, 1, i64::MAX - 1, 1, 1000, false)), Counter::new());
    assert_eq!(counter((-1, i64::MIN + 1, -1, -1, 1000, false)), Counter::new().increment(-1));
    let counted = Counter::new().start(5).increment(2).max_value(100).cache(7).cycle();
    assert_eq!(counter((5, 1, 100, 2, 7, true)), counted);
}
