use std::collections::BTreeMap;

use orm_core::{Connection, Result};
use orm_query::EnumType;
use orm_query::schema::Name;
use orm_query::typed::text;

const LABELS: &str = "ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid \
                      ORDER BY e.enumsortorder)";

/// The enums of a schema.
pub(super) async fn of_schema(connection: &mut Connection, schema: Option<&str>) -> Result<Vec<EnumType>> {
    let sql = format!(
        "SELECT n.nspname::text, t.typname::text, {LABELS}, n.nspname = current_schema() \
         FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
         WHERE t.typtype = 'e' AND n.nspname = coalesce(:schema, current_schema()) ORDER BY t.typname"
    );
    type Row = (String, String, Vec<String>, Option<bool>);
    let query = text(sql).bind("schema", schema.map(str::to_owned)).columns::<Row>();
    let enums = connection.all(query).await?;
    Ok(enums.into_iter().map(|(schema, name, labels, here)| enum_type(schema, name, labels, here)).collect())
}

/// The enums of these object ids.
pub(super) async fn by_oid(connection: &mut Connection, oids: Vec<i64>) -> Result<BTreeMap<i64, EnumType>> {
    if oids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let sql = format!(
        "SELECT t.oid::bigint, n.nspname::text, t.typname::text, {LABELS}, n.nspname = current_schema() \
         FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
         WHERE t.oid::bigint = ANY(:oids)"
    );
    type Row = (i64, String, String, Vec<String>, Option<bool>);
    let enums = connection.all(text(sql).bind("oids", oids).columns::<Row>()).await?;
    let of = |(oid, schema, name, labels, here)| (oid, enum_type(schema, name, labels, here));
    Ok(enums.into_iter().map(of).collect())
}

fn enum_type(schema: String, name: String, labels: Vec<String>, is_here: Option<bool>) -> EnumType {
    let name = if is_here == Some(true) { name } else { format!("{schema}.{name}") };
    EnumType::new(name.into(), labels.into_iter().map(Name::from).collect())
}
