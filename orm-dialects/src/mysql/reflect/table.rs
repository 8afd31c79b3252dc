//! Tables out of the rows that tell of them.

use orm_query::DataType;
use orm_query::schema::{
    CheckDef, ColumnDef, ForeignKeyDef, IndexColumn, IndexDef, Name, ReferentialAction, TableDef, UniqueDef,
};

use super::catalog::{self, Catalog, Place};
use super::column_type::data_type;
use super::expression;
use crate::mysql::types;

/// The tables, in the order of their names.
pub(super) fn tables(mut catalog: Catalog, place: &Place) -> Vec<TableDef> {
    catalog.tables.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.tables.iter().map(|table| self::table(&catalog, table, place)).collect()
}

fn table(catalog: &Catalog, table: &catalog::Table, place: &Place) -> TableDef {
    let checks: Vec<&catalog::Check> =
        catalog.checks.iter().filter(|check| check.table == table.name).collect();
    let indexes = indexes(catalog, &table.name);
    let primary = indexes.iter().find(|index| index.name == "PRIMARY");
    let columns = catalog.columns.iter().filter(|column| column.table == table.name).map(|column| {
        let is_json =
            place.server.is_mariadb() && checks.iter().any(|check| is_json_check(check, &column.name));
        let mut def = self::column(column, table, is_json, place);
        def.primary_key = primary.is_some_and(|index| index.columns.iter().any(|c| c.name == column.name));
        def
    });
    let columns: Vec<ColumnDef> = columns.collect();
    let foreign_keys = foreign_keys(catalog, &table.name, place);

    let mut uniques = Vec::new();
    let mut others = Vec::new();
    for index in &indexes {
        if index.name == "PRIMARY" || foreign_keys.iter().any(|key| index.is_behind(key)) {
            continue;
        }
        if index.unique && index.columns.iter().all(is_plain) {
            let columns: Vec<Name> = index.columns.iter().map(|column| column.name.clone()).collect();
            uniques.push(UniqueDef::new(Some(index.name.clone().into()), columns.into()));
        } else {
            others.push(index.definition());
        }
    }
    let mut checks: Vec<CheckDef> = checks
        .into_iter()
        .filter(|check| {
            !(place.server.is_mariadb()
                && columns.iter().any(|c| c.data_type == DataType::Json && is_json_check(check, &c.name)))
        })
        .map(|check| {
            let sql = expression::standard(&check.sql);
            CheckDef::new(Some(check.name.clone().into()), sql.into())
        })
        .collect();
    checks.sort_by(|a, b| a.name.cmp(&b.name));

    let mut def = TableDef::new(table.name.clone().into(), columns.into());
    def.schema = (!place.is_default).then(|| place.schema.clone().into());
    def.comment = some(&table.comment).filter(|_| !table.is_view);
    def.foreign_keys = foreign_keys.into();
    def.uniques = uniques.into();
    def.indexes = others.into();
    def.checks = checks.into();
    def
}

fn some(text: &str) -> Option<Name> {
    (!text.is_empty()).then(|| Name::Owned(text.to_owned()))
}

/// Whether it is what MariaDB adds to a column that is declared as JSON.
fn is_json_check(check: &catalog::Check, column: &str) -> bool {
    check.name == column && check.sql == format!("json_valid(`{}`)", column.replace('`', "``"))
}

fn column(column: &catalog::Column, table: &catalog::Table, is_json: bool, place: &Place) -> ColumnDef {
    let data_type =
        match data_type(&column.column_type, column.collation.as_deref(), types::has_uuid(&place.server)) {
            DataType::Text if is_json => DataType::Json,
            data_type => data_type,
        };
    let extra = column.extra.to_ascii_lowercase();
    // What a type's own declaration says of the collation is no choice.
    let has_own = matches!(data_type, DataType::Json | DataType::Uuid);
    let collation = column.collation.clone().filter(|own| !has_own && Some(own) != table.collation.as_ref());
    let mut def = ColumnDef::named(column.name.clone().into(), data_type);
    def.nullable = column.nullable;
    def.autoincrement = extra.contains("auto_increment");
    def.collation = collation.filter(|_| !table.is_view).map(Name::Owned);
    def.comment = some(&column.comment);
    def.computed = column.expression.as_deref().map(|sql| expression::standard(sql).into());
    def.is_virtual = def.computed.is_some() && extra.contains("virtual");
    if def.computed.is_none() && !table.is_view {
        def.server_default = default(column, &def.data_type, &extra, place).map(Name::Owned);
    }
    def
}

/// The default as it is written in CREATE TABLE. MariaDB tells it so; MySQL tells the value of a literal.
fn default(column: &catalog::Column, data_type: &DataType, extra: &str, place: &Place) -> Option<String> {
    let default = column.default.as_deref().and_then(|told| {
        if place.server.is_mariadb() {
            return (!told.eq_ignore_ascii_case("null")).then(|| expression::standard(told));
        }
        // A literal of a date or a time starts with a digit.
        let is_time = matches!(
            data_type,
            DataType::Date | DataType::Time | DataType::Timestamp | DataType::TimestampTz
        );
        let is_clock = is_time && told.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_number = data_type.is_integer()
            || matches!(
                data_type,
                DataType::Boolean
                    | DataType::Numeric { .. }
                    | DataType::Real
                    | DataType::Double
                    | DataType::Bit(_)
            );
        Some(match () {
            () if is_clock || is_number => told.to_owned(),
            () if extra.contains("default_generated") => expression::standard(told),
            () => expression::literal(told),
        })
    });
    let Some(at) = extra.find("on update ") else { return default };
    let update = &extra[at..];
    Some(format!("{} {update}", default.as_deref().unwrap_or("NULL")))
}

/// An index as the server tells it.
struct Index {
    name: String,
    unique: bool,
    method: String,
    columns: Vec<IndexColumn>,
}

fn is_plain(column: &IndexColumn) -> bool {
    column.length.is_none() && !column.descending && !column.is_expression
}

impl Index {
    /// Whether the server made it for a foreign key: it names such an index after the key, or after its first column.
    fn is_behind(&self, key: &ForeignKeyDef) -> bool {
        let same_columns = self.columns.len() == key.columns.len()
            && self
                .columns
                .iter()
                .zip(&*key.columns)
                .all(|(column, name)| is_plain(column) && column.name == *name);
        let after_column = key.columns.first().is_some_and(|first| {
            let number = self.name.strip_prefix(first.as_ref());
            number.is_some_and(|number| {
                let digits = number.strip_prefix('_').unwrap_or(number);
                digits.is_empty() == number.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
            })
        });
        let after_key = key.name.as_deref() == Some(self.name.as_str());
        !self.unique && self.method == "BTREE" && same_columns && (after_key || after_column)
    }

    fn definition(&self) -> IndexDef {
        let mut def = IndexDef::new(Some(self.name.clone().into()), self.columns.clone().into(), self.unique);
        if self.method == "FULLTEXT" || self.method == "SPATIAL" {
            def.method = Some(self.method.to_ascii_lowercase().into());
        }
        def
    }
}

/// The indexes of a table, in the order of their names.
fn indexes(catalog: &Catalog, table: &str) -> Vec<Index> {
    let mut indexes: Vec<Index> = Vec::new();
    for row in catalog.index_columns.iter().filter(|row| row.table == table) {
        let mut column = match (&row.column, &row.expression) {
            (Some(name), _) => IndexColumn::new(name.clone().into()),
            (None, sql) => {
                IndexColumn::expression(expression::standard(sql.as_deref().unwrap_or_default()).into())
            }
        };
        column.descending = row.descending;
        // A spatial index keeps its own part of a value.
        let keeps_part = row.method != "SPATIAL";
        column.length = row.length.filter(|_| keeps_part).and_then(|length| length.try_into().ok());
        match indexes.iter_mut().find(|index| index.name == row.index) {
            Some(index) => index.columns.push(column),
            None => indexes.push(Index {
                name: row.index.clone(),
                unique: row.unique,
                method: row.method.to_ascii_uppercase(),
                columns: vec![column],
            }),
        }
    }
    indexes.sort_by(|a, b| a.name.cmp(&b.name));
    indexes
}

/// The foreign keys of a table, in the order of their names.
fn foreign_keys(catalog: &Catalog, table: &str, place: &Place) -> Vec<ForeignKeyDef> {
    let mut names: Vec<&str> =
        catalog.key_columns.iter().filter(|row| row.table == table).map(|row| row.key.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let key = |name: &str| {
        let rows: Vec<_> =
            catalog.key_columns.iter().filter(|row| row.table == table && row.key == name).collect();
        let first = rows.first()?;
        let columns: Vec<Name> = rows.iter().map(|row| row.column.clone().into()).collect();
        let target_columns: Vec<Name> = rows.iter().map(|row| row.target_column.clone().into()).collect();
        let mut key = ForeignKeyDef::new(columns.into(), first.target.clone().into(), target_columns.into());
        key.name = Some(name.to_owned().into());
        let is_near = place.is_default && first.target_schema == place.schema;
        key.target_schema = (!is_near).then(|| first.target_schema.clone().into());
        key.on_delete = action(&first.on_delete);
        key.on_update = action(&first.on_update);
        Some(key)
    };
    names.into_iter().filter_map(key).collect()
}

/// `RESTRICT` and `NO ACTION` are one to InnoDB, and the default.
fn action(rule: &str) -> Option<ReferentialAction> {
    match rule {
        "CASCADE" => Some(ReferentialAction::Cascade),
        "SET NULL" => Some(ReferentialAction::SetNull),
        "SET DEFAULT" => Some(ReferentialAction::SetDefault),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use orm_query::schema::List;

    use super::*;
    use crate::mysql::MySql;

    fn place() -> Place {
        Place { schema: "shop".into(), is_default: true, server: MySql::mysql() }
    }

    /// As MySQL 8 tells of it.
    fn column(name: &str, column_type: &str, default: Option<&str>, extra: &str) -> catalog::Column {
        catalog::Column {
            table: "item".into(),
            name: name.into(),
            column_type: column_type.into(),
            nullable: true,
            default: default.map(Into::into),
            extra: extra.into(),
            ..catalog::Column::default()
        }
    }

    fn reflected(catalog: Catalog) -> TableDef {
        let item = catalog::Table {
            name: "item".into(),
            is_view: false,
            collation: Some("utf8mb4_0900_ai_ci".into()),
            comment: String::new(),
        };
        tables(Catalog { tables: vec![item], ..catalog }, &place()).remove(0)
    }

    #[test]
    fn defaults_as_mysql_tells_them() {
        let columns = vec![
            column("a", "varchar(20)", Some("it's"), ""),
            column("b", "int", Some("5"), ""),
            column("c", "varchar(20)", Some(r"concat(_utf8mb4\'it\\\'s\',1)"), "DEFAULT_GENERATED"),
            column("d", "datetime(6)", Some("CURRENT_TIMESTAMP(6)"), "DEFAULT_GENERATED"),
            column(
                "e",
                "datetime(6)",
                Some("CURRENT_TIMESTAMP(6)"),
                "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(6)",
            ),
            column("f", "date", Some("2024-02-29"), ""),
            column("g", "bit(3)", Some("b'101'"), ""),
            column("h", "timestamp", None, "on update CURRENT_TIMESTAMP"),
            column("i", "int", None, "auto_increment"),
        ];
        let table = reflected(Catalog { columns, ..Catalog::default() });
        let defaults: Vec<Option<&str>> = table.columns.iter().map(|c| c.server_default.as_deref()).collect();
        assert_eq!(
            defaults,
            [
                Some("'it''s'"),
                Some("5"),
                Some("concat('it''s',1)"),
                Some("CURRENT_TIMESTAMP(6)"),
                Some("CURRENT_TIMESTAMP(6) on update current_timestamp(6)"),
                Some("'2024-02-29'"),
                Some("b'101'"),
                Some("NULL on update current_timestamp"),
                None,
            ]
        );
        assert!(table.columns[8].autoincrement);
    }

    #[test]
    fn computed_columns_as_mysql_tells_them() {
        let mut stored = column("a", "varchar(20)", None, "STORED GENERATED");
        stored.expression = Some(r"concat(`b`,_utf8mb4\'-\')".into());
        stored.collation = Some("utf8mb4_bin".into());
        let mut computed = column("b", "char(36)", None, "VIRTUAL GENERATED");
        computed.expression = Some("lower(`c`)".into());
        computed.collation = Some("utf8mb4_bin".into());
        let table = reflected(Catalog { columns: vec![stored, computed], ..Catalog::default() });
        let [a, b] = &*table.columns else { panic!("{table:?}") };
        assert_eq!((a.computed.as_deref(), a.is_virtual), (Some("concat(`b`,'-')"), false));
        assert_eq!(a.collation.as_deref(), Some("utf8mb4_bin"));
        assert_eq!((b.computed.as_deref(), b.is_virtual), (Some("lower(`c`)"), true));
        assert_eq!((&b.data_type, b.collation.as_deref()), (&DataType::Uuid, None));
    }

    #[test]
    fn indexes_and_keys_as_mysql_tells_them() {
        let part =
            |index: &str, unique, column: Option<&str>, expression: Option<&str>| catalog::IndexColumn {
                table: "item".into(),
                index: index.into(),
                unique,
                column: column.map(Into::into),
                descending: false,
                length: None,
                method: "BTREE".into(),
                expression: expression.map(Into::into),
            };
        let key = |key: &str, column: &str| catalog::KeyColumn {
            table: "item".into(),
            key: key.into(),
            column: column.into(),
            target_schema: "shop".into(),
            target: "shelf".into(),
            target_column: "id".into(),
            on_delete: "NO ACTION".into(),
            on_update: "CASCADE".into(),
        };
        let table = reflected(Catalog {
            columns: vec![column("id", "int", None, "")],
            index_columns: vec![
                part("PRIMARY", true, Some("id"), None),
                part("fk_shelf", false, Some("shelf"), None),
                part("other", false, Some("other"), None),
                part("ix_lower", false, None, Some(r"concat(lower(`name`),_utf8mb4\'x\')")),
                part("uq_name", true, Some("name"), None),
            ],
            key_columns: vec![key("fk_shelf", "shelf"), key("item_ibfk_1", "other")],
            ..Catalog::default()
        });
        assert!(table.columns[0].primary_key);
        let expression = IndexColumn::expression("concat(lower(`name`),'x')".into());
        let index = IndexDef::new(Some("ix_lower".into()), vec![expression].into(), false);
        assert_eq!(table.indexes, List::Owned(vec![index]));
        assert_eq!(
            table.uniques,
            List::Owned(vec![UniqueDef::new(Some("uq_name".into()), vec!["name".into()].into())])
        );
        let actions: Vec<_> = table.foreign_keys.iter().map(|k| (k.on_delete, k.on_update)).collect();
        assert_eq!(actions, [(None, Some(ReferentialAction::Cascade)); 2]);
        assert_eq!(table.foreign_keys[0].target_schema, None);
    }
}
