use std::fmt::{self, Debug};

use super::{
    CheckDef, ColumnDef, Declared, ForeignKeyDef, IndexColumn, IndexDef, ReferentialAction, TableDef,
    UniqueDef,
};
use crate::{DataType, Dialect};

/// One thing in which a table differs from what was defined.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Where: `user_account.name type`.
    pub place: String,
    /// What was defined; empty where nothing was.
    pub defined: String,
    /// What is there; empty where nothing is.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_nothing = |text: &str| if text.is_empty() { "nothing".to_owned() } else { text.to_owned() };
        write!(
            f,
            "{}: {} was defined, {} is there",
            self.place,
            or_nothing(&self.defined),
            or_nothing(&self.found)
        )
    }
}

impl TableDef {
    /// In what the table that is `found` in a database differs from this definition, by the database's own measure: a
    /// type is the one that it keeps the defined one as, a name that was not given may be any, SQL that it rewrote is
    /// compared by [`Dialect::normalized_sql`]. What only Rust knows (defaults in Rust, `Auto`) does not count.
    pub fn differences(&self, found: &TableDef, dialect: &dyn Dialect) -> Vec<Difference> {
        let mut compare = Comparison { table: self.full_name(), dialect, differences: Vec::new() };
        compare.unequal("schema", &self.schema, &found.schema);
        compare.unequal("name", &self.name, &found.name);
        compare.columns(self, found);
        compare.primary_key(self, found);
        compare.foreign_keys(self, found);
        compare.checks(self, found);
        compare.uniques_and_indexes(self, found);
        if dialect.features().comments {
            compare.unequal("comment", &self.comment, &found.comment);
        }
        compare.differences
    }
}

struct Comparison<'a> {
    table: String,
    dialect: &'a dyn Dialect,
    differences: Vec<Difference>,
}

impl Comparison<'_> {
    fn add(&mut self, place: &str, defined: impl Debug, found: impl Debug) {
        let show = |text: String| if text == "None" { String::new() } else { text };
        self.differences.push(Difference {
            place: format!("{} {place}", self.table),
            defined: show(format!("{defined:?}")),
            found: show(format!("{found:?}")),
        });
    }

    fn unequal<T: PartialEq + Debug>(&mut self, place: &str, defined: &T, found: &T) {
        if defined != found {
            self.add(place, defined, found);
        }
    }

    fn sql(&self, sql: &str) -> String {
        self.dialect.normalized_sql(sql)
    }

    fn unequal_sql(&mut self, place: &str, defined: Option<&str>, found: Option<&str>) {
        if defined.map(|sql| self.sql(sql)) != found.map(|sql| self.sql(sql)) {
            self.add(place, defined, found);
        }
    }

    fn columns(&mut self, defined: &TableDef, found: &TableDef) {
        let names = |table: &TableDef| {
            let columns = table.columns.iter().filter(|column| !column.is_system);
            columns.map(|c| c.name.to_string()).collect::<Vec<_>>()
        };
        self.unequal("columns", &names(defined), &names(found));
        for column in &*defined.columns {
            if let Some(other) = found.position(&column.name) {
                self.column(column, &found.columns[other]);
            }
        }
    }

    fn column(&mut self, defined: &ColumnDef, found: &ColumnDef) {
        let features = self.dialect.features();
        let place = |what: &str| format!("{} {what}", defined.name);
        let data_type = self.dialect.reflected_column(defined);
        // A database may keep what counts up in an integer of another width.
        let counts = defined.autoincrement && data_type.is_integer() && found.data_type.is_integer();
        // What was declared in other words comes back in the database's own.
        let is_told = defined.declared == Declared::default();
        if data_type != found.data_type && !counts && is_told {
            self.add(&place("type"), &data_type, &found.data_type);
        }
        // Not every database can say NOT NULL of what it computes.
        if defined.computed.is_none() {
            let nullable = |column: &ColumnDef| column.nullable && !column.primary_key;
            self.unequal(&place("NULL"), &nullable(defined), &nullable(found));
        }
        // A sequence is a default, or the database's own way of counting.
        if defined.sequence.is_none() {
            self.unequal(&place("autoincrement"), &defined.autoincrement, &found.autoincrement);
            self.unequal_sql(
                &place("default"),
                defined.server_default.as_deref(),
                found.server_default.as_deref(),
            );
        }
        self.unequal_sql(&place("computed"), defined.computed.as_deref(), found.computed.as_deref());
        self.unequal(&place("computed when read"), &defined.is_virtual, &found.is_virtual);
        self.unequal(&place("collation"), &defined.collation, &found.collation);
        if features.identity_options {
            let identity =
                |column: &ColumnDef| column.identity.filter(|identity| *identity != Default::default());
            self.unequal(&place("identity"), &identity(defined), &identity(found));
        }
        if features.comments {
            self.unequal(&place("comment"), &defined.comment, &found.comment);
        }
    }

    fn primary_key(&mut self, defined: &TableDef, found: &TableDef) {
        let names =
            |table: &TableDef| table.primary_key().map(|(_, c)| c.name.to_string()).collect::<Vec<_>>();
        self.unequal("primary key", &names(defined), &names(found));
        self.names(
            "primary key name",
            defined.primary_key_name.as_deref(),
            found.primary_key_name.as_deref(),
        );
    }

    /// A name that was not given is made up by the database; a name that it does not keep is not found.
    fn names(&mut self, place: &str, defined: Option<&str>, found: Option<&str>) {
        if let (Some(defined), Some(found)) = (defined, found)
            && defined != found
        {
            self.add(place, defined, found);
        }
    }

    fn foreign_keys(&mut self, defined: &TableDef, found: &TableDef) {
        let mut left: Vec<&ForeignKeyDef> = found.foreign_keys.iter().collect();
        for key in &*defined.foreign_keys {
            let same = |other: &&ForeignKeyDef| {
                other.columns == key.columns
                    && other.target == key.target
                    && same_names(&key.name, &other.name)
            };
            let Some(at) = left.iter().position(same) else {
                self.add("foreign key", key, ());
                continue;
            };
            let other = left.remove(at);
            let place = |what: &str| format!("foreign key ({}) {what}", key.columns.join(", "));
            let action =
                |action: Option<ReferentialAction>| action.filter(|a| *a != ReferentialAction::NoAction);
            self.unequal(&place("target schema"), &key.target_schema, &other.target_schema);
            self.unequal(&place("target columns"), &key.target_columns, &other.target_columns);
            let restricts = |action: Option<ReferentialAction>| {
                matches!(action, None | Some(ReferentialAction::Restrict))
            };
            for (what, mine, theirs) in [
                ("ON DELETE", action(key.on_delete), action(other.on_delete)),
                ("ON UPDATE", action(key.on_update), action(other.on_update)),
            ] {
                // Without deferrable constraints, RESTRICT and NO ACTION are one.
                let alike =
                    !self.dialect.features().deferrable_constraints && restricts(mine) && restricts(theirs);
                if !alike {
                    self.unequal(&place(what), &mine, &theirs);
                }
            }
            self.unequal(&place("deferrable"), &key.deferrable, &other.deferrable);
            self.unequal(&place("match full"), &key.match_full, &other.match_full);
        }
        for other in left {
            self.add("foreign key", (), other);
        }
    }

    fn checks(&mut self, defined: &TableDef, found: &TableDef) {
        let mut left: Vec<&CheckDef> = found.checks.iter().collect();
        let of_columns = defined.columns.iter().flat_map(|column| column.checks.iter());
        for check in defined.checks.iter().chain(of_columns) {
            let sql = self.sql(&check.sql);
            let same =
                |other: &&CheckDef| self.sql(&other.sql) == sql && same_names(&check.name, &other.name);
            match left.iter().position(same) {
                Some(at) => drop(left.remove(at)),
                None => self.add("check", check, ()),
            }
        }
        // An enum that is kept as text has a check that nobody wrote.
        let of_enums: Vec<String> =
            defined.columns.iter().filter_map(enum_check).map(|sql| self.sql(&sql)).collect();
        for other in left {
            if !of_enums.contains(&self.sql(&other.sql)) {
                self.add("check", (), other);
            }
        }
    }

    fn uniques_and_indexes(&mut self, defined: &TableDef, found: &TableDef) {
        let mut uniques: Vec<&UniqueDef> = found.uniques.iter().collect();
        let mut indexes: Vec<&IndexDef> = found.indexes.iter().collect();
        for unique in &*defined.uniques {
            let same =
                |other: &&UniqueDef| other.columns == unique.columns && same_names(&unique.name, &other.name);
            let Some(at) = uniques.iter().position(same) else {
                self.add("unique", unique, ());
                continue;
            };
            let other = uniques.remove(at);
            let place = format!("unique ({})", unique.columns.join(", "));
            self.unequal(&place, &unique.deferrable, &other.deferrable);
            self.unequal(&place, &unique.nulls_not_distinct, &other.nulls_not_distinct);
        }
        for index in &*defined.indexes {
            let name = index.name_on(&defined.name);
            if let Some(at) = indexes.iter().position(|other| other.name_on(&found.name) == name) {
                let other = indexes.remove(at);
                self.index(index, other, &name);
                continue;
            }
            // A database whose unique constraints are its unique indexes tells either as the other.
            let columns: Vec<_> = index.columns.iter().map(|c| &c.name).collect();
            let same = |other: &&UniqueDef| {
                index.unique
                    && other.name.as_ref() == Some(&name)
                    && other.columns.iter().eq(columns.iter().copied())
            };
            match uniques.iter().position(same) {
                Some(at) => drop(uniques.remove(at)),
                None => self.add(&format!("index {name}"), index, ()),
            }
        }
        for other in uniques {
            self.add("unique", (), other);
        }
        for other in indexes {
            self.add("index", (), other);
        }
    }

    fn index(&mut self, defined: &IndexDef, found: &IndexDef, name: &str) {
        let place = |what: &str| format!("index {name} {what}");
        let columns = |index: &IndexDef, this: &Self| -> Vec<IndexColumn> {
            let normalized = |column: &IndexColumn| {
                let mut column = column.clone();
                if column.is_expression {
                    column.name = this.sql(&column.name).into();
                }
                column
            };
            index.columns.iter().map(normalized).collect()
        };
        self.unequal(&place("columns"), &columns(defined, self), &columns(found, self));
        self.unequal(&place("unique"), &defined.unique, &found.unique);
        self.unequal(&place("method"), &defined.method, &found.method);
        self.unequal(&place("include"), &defined.include, &found.include);
        if self.dialect.features().partial_indexes || !defined.is_filter_optional {
            self.unequal_sql(&place("filter"), defined.filter.as_deref(), found.filter.as_deref());
        }
        self.unequal(&place("nulls not distinct"), &defined.nulls_not_distinct, &found.nulls_not_distinct);
    }
}

fn same_names(defined: &Option<super::Name>, found: &Option<super::Name>) -> bool {
    defined.is_none() || found.is_none() || defined == found
}

fn enum_check(column: &ColumnDef) -> Option<String> {
    let DataType::Enum(e) = &column.data_type else { return None };
    let values: Vec<String> =
        e.values.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
    Some(format!("{} IN ({})", column.name, values.join(", ")))
}
