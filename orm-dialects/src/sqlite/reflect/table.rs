//! A table's description, out of what SQLite tells of it and what its text says.

use orm_query::schema::{
    CheckDef, ColumnDef, ForeignKeyDef, IndexColumn, IndexDef, Name, ReferentialAction, TableDef,
};
use orm_query::{DataType, EnumType};

use super::catalog::{self, ColumnKind, Found, KeyColumn};
use super::create_index::CreateIndex;
use super::create_table::{self, CreateTable};
use crate::sqlite::ddl::is_plain_number;
use crate::sqlite::types::{is_number_text, reflected};

/// What was found of one table.
pub(super) struct Parts {
    pub(super) found: Found,
    pub(super) columns: Vec<catalog::Column>,
    pub(super) keys: Vec<KeyColumn>,
    pub(super) indexes: Vec<catalog::IndexColumn>,
}

impl Parts {
    /// The table, described as one of `schema`.
    pub(super) fn describe(self, schema: Option<&str>) -> TableDef {
        let mut created = CreateTable::default();
        if !self.found.is_view {
            created = CreateTable::parse(&self.found.sql);
        }
        let mut checks = Vec::new();
        let mut columns = Vec::new();
        for column in self.columns.iter().filter(|column| column.kind != ColumnKind::Hidden) {
            let written = created.columns.iter_mut().find(|w| w.name.eq_ignore_ascii_case(&column.name));
            columns.push(self.column(column, written, &mut checks));
        }
        checks.append(&mut created.checks);
        let mut table = TableDef::new(self.found.name.clone().into(), columns.into());
        table.schema = schema.map(|schema| schema.to_owned().into());
        table.primary_key_name = created.primary_key_name;
        table.uniques = created.uniques.into();
        for unique in table.uniques.to_mut() {
            unique.columns.to_mut().iter_mut().for_each(|name| self.as_declared(name));
        }
        table.checks = checks.into();
        table.foreign_keys = self.foreign_keys(schema, created.foreign_keys).into();
        table.indexes = self.indexes(&table).into();
        table
    }

    fn column(
        &self,
        column: &catalog::Column,
        written: Option<&mut create_table::Column>,
        checks: &mut Vec<CheckDef>,
    ) -> ColumnDef {
        let mut data_type = reflected(&column.declared);
        let mut collation = None;
        let mut computed = None;
        if let Some(written) = written {
            collation = written.collation.take();
            computed = written.computed.take();
            if let Some(check) = written.values.take() {
                let longest = check.values.iter().map(|value| value.chars().count()).max();
                match data_type {
                    DataType::Varchar(n) if longest == Some(n as usize) => {
                        data_type = DataType::Enum(EnumType::new("".into(), check.values.into()));
                    }
                    _ => checks.push(CheckDef::new(None, check.sql.into())),
                }
            }
        }
        let is_rowid = column.primary_key && self.key_is_rowid();
        let mut def = ColumnDef::named(column.name.clone().into(), data_type);
        if is_rowid {
            // It counts itself up, and it has 64 bits.
            def.data_type = DataType::BigInt;
            def.autoincrement = true;
        }
        def.primary_key = column.primary_key;
        def.nullable = !(column.not_null || is_rowid);
        def.server_default = column.default.clone().map(|sql| default(sql, &def.data_type).into());
        if matches!(column.kind, ColumnKind::ComputedStored | ColumnKind::ComputedVirtual) {
            def.computed = computed.map(Name::Owned);
            def.is_virtual = column.kind == ColumnKind::ComputedVirtual;
        }
        def.collation = collation.filter(|name| !is_implied(name, &def.data_type)).map(Name::Owned);
        def
    }

    /// Whether the primary key is the rowid: then there is no index behind it.
    fn key_is_rowid(&self) -> bool {
        let mut key = self.columns.iter().filter(|column| column.primary_key);
        let (Some(column), None) = (key.next(), key.next()) else { return false };
        column.declared.eq_ignore_ascii_case("INTEGER") && !self.indexes.iter().any(|i| i.origin == "pk")
    }

    /// The name of a column as it was declared, which others may write in another case.
    fn as_declared(&self, name: &mut Name) {
        if let Some(column) = self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)) {
            *name = column.name.clone().into();
        }
    }

    fn foreign_keys(
        &self,
        schema: Option<&str>,
        mut written: Vec<create_table::ForeignKey>,
    ) -> Vec<ForeignKeyDef> {
        let keys: Vec<&[KeyColumn]> = self.keys.chunk_by(|a, b| a.key == b.key).collect();
        if written.len() != keys.len() {
            written.clear();
        }
        let mut written = written.into_iter();
        let mut described = Vec::new();
        for columns in keys {
            let Some(first) = columns.first() else { continue };
            let names: Vec<Name> = columns.iter().map(|c| c.column.clone().into()).collect();
            let targets: Vec<Name> =
                columns.iter().filter_map(|c| c.target_column.clone().map(Name::Owned)).collect();
            let mut key = ForeignKeyDef::new(names.into(), first.target.clone().into(), targets.into());
            key.target_schema = schema.map(|schema| schema.to_owned().into());
            key.on_update = action(&first.on_update);
            key.on_delete = action(&first.on_delete);
            if let Some(written) = written.next() {
                key.name = written.name;
                key.deferrable = written.deferrable;
            }
            described.push(key);
        }
        described
    }

    fn indexes(&self, table: &TableDef) -> Vec<IndexDef> {
        let created = self.indexes.chunk_by(|a, b| a.index == b.index);
        created
            .filter_map(|columns| columns.first().filter(|first| first.origin == "c").map(|f| (f, columns)))
            .map(|(first, columns)| {
                let written = CreateIndex::parse(first.sql.as_deref().unwrap_or_default());
                let terms = written.terms.into_iter().map(Some).chain(std::iter::repeat(None));
                let columns: Vec<IndexColumn> = columns
                    .iter()
                    .zip(terms)
                    .map(|(column, term)| index_column(table, column, term))
                    .collect();
                let mut index = IndexDef::new(Some(first.index.clone().into()), columns.into(), first.unique);
                index.filter = written.filter.map(Name::Owned);
                index
            })
            .collect()
    }
}

fn index_column(table: &TableDef, column: &catalog::IndexColumn, term: Option<String>) -> IndexColumn {
    let of_table = column.column.as_deref().and_then(|name| table.columns.iter().find(|c| c.name == name));
    let mut described = match (&column.column, term) {
        (Some(name), _) => IndexColumn::new(name.clone().into()),
        (None, Some(term)) if column.is_expression => IndexColumn::expression(term.into()),
        (None, term) => IndexColumn::new(term.unwrap_or_else(|| "rowid".into()).into()),
    };
    described.descending = column.descending;
    let is_its_own = match of_table {
        Some(ColumnDef { collation: Some(own), .. }) => own.eq_ignore_ascii_case(&column.collation),
        Some(own) => is_implied(&column.collation, &own.data_type),
        None => column.collation.eq_ignore_ascii_case("binary"),
    };
    if !is_its_own {
        described.collation = Some(column.collation.clone().into());
    }
    described
}

/// Whether a column of that type has that collation by itself.
fn is_implied(collation: &str, data_type: &DataType) -> bool {
    let own = if is_number_text(data_type) { "decimal" } else { "binary" };
    collation.eq_ignore_ascii_case(own)
}

/// A default as it was given: the digits of a number that is kept as text are written as a text.
fn default(sql: String, data_type: &DataType) -> String {
    let digits = sql.strip_prefix('\'').and_then(|sql| sql.strip_suffix('\''));
    match digits.filter(|digits| is_number_text(data_type) && is_plain_number(digits)) {
        Some(digits) => digits.to_owned(),
        None => sql,
    }
}

/// `NO ACTION` goes without saying.
fn action(words: &str) -> Option<ReferentialAction> {
    [
        ReferentialAction::Restrict,
        ReferentialAction::Cascade,
        ReferentialAction::SetNull,
        ReferentialAction::SetDefault,
    ]
    .into_iter()
    .find(|action| action.sql().eq_ignore_ascii_case(words))
}
