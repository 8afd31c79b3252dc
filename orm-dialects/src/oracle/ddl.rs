//! What DDL Oracle says otherwise.

use orm_query::DataType;
use orm_query::schema::{
    ColumnDef, Counter, ForeignKeyDef, OnCommit, ReferentialAction, SequenceDef, StandardType, TableDef,
};
use orm_query::tree::{AlterTable, CreateIndex, DropTable, SetComment, TableChange};

use super::{Oracle, Release};
use crate::syntax::{
    self, OptionKind, OptionPlace, Result, Syntax, Writer, invalid, options, qualified, unsupported,
};

/// # Errors
/// Where it is asked for and the release has no such words.
pub(super) fn if_exists(s: &Oracle, asked: bool, feature: &'static str) -> Result {
    if asked && !s.is_at_least(Release::R23) {
        return Err(unsupported(s, feature, Some("look first: it came with 23ai")));
    }
    Ok(())
}

/// What Oracle has beyond SQL.
pub(super) fn known_options(place: OptionPlace) -> &'static [(&'static str, OptionKind)] {
    match place {
        OptionPlace::Table => &[("compress", OptionKind::Flag), ("tablespace", OptionKind::Name)],
        OptionPlace::Index => &[
            ("bitmap", OptionKind::Flag),
            ("compress", OptionKind::Flag),
            ("compress_columns", OptionKind::Number),
            ("tablespace", OptionKind::Name),
        ],
        OptionPlace::Column
        | OptionPlace::DropIndex
        | OptionPlace::Unique
        | OptionPlace::Check
        | OptionPlace::ForeignKey => &[],
    }
}

/// A type by its name in the standard. What has characters counts them, and not bytes.
pub(super) fn standard_type(s: &Oracle, w: &mut Writer, standard: &StandardType) -> Result {
    let no_length =
        |feature| Err(unsupported(s, feature, Some("give it a length, or take a text without one")));
    let name = match standard {
        // Without digits these would have none after the point.
        StandardType::Numeric(None, _) | StandardType::Decimal(None, _) => "NUMBER".to_owned(),
        StandardType::Char(n) => format!("CHAR({n} CHAR)"),
        StandardType::Varchar(Some(n)) => return s.data_type(w, &DataType::Varchar(*n)),
        StandardType::Varchar(None) => return no_length("VARCHAR2 without a length"),
        StandardType::NVarchar(Some(n)) => format!("NVARCHAR2({n})"),
        StandardType::NVarchar(None) => return no_length("NVARCHAR2 without a length"),
        StandardType::Text(_) => "CLOB".to_owned(),
        StandardType::Binary(n) | StandardType::Varbinary(n) => format!("RAW({n})"),
        StandardType::Blob(_) => "BLOB".to_owned(),
        // They are decimals there, of which so many bits do not hold a float of as many.
        StandardType::Float(Some(_)) => {
            let hint = "take FLOAT without bits, or BINARY_FLOAT and BINARY_DOUBLE by `with_variant`";
            return Err(unsupported(s, "FLOAT of so many bits", Some(hint)));
        }
        StandardType::Time { .. } => return s.data_type(w, &DataType::Time),
        StandardType::DateTime { digits, zone } | StandardType::Timestamp { digits, zone } => {
            let digits = digits.map_or_else(String::new, |digits| format!("({digits})"));
            format!("TIMESTAMP{digits}{}", if *zone { " WITH TIME ZONE" } else { "" })
        }
        StandardType::Numeric(Some(_), _)
        | StandardType::Decimal(Some(_), _)
        | StandardType::Float(None)
        | StandardType::Real
        | StandardType::Double
        | StandardType::NChar(_) => syntax::standard_name(standard).into_owned(),
    };
    w.push(&name);
    Ok(())
}

/// A temporary table is there for all and stays, and its rows are one session's: whoever wants that says what a COMMIT does.
pub(super) fn create_table_words(s: &Oracle, w: &mut Writer, table: &TableDef) -> Result {
    if table.temporary && table.on_commit.is_none() {
        let hint = "a GLOBAL TEMPORARY TABLE stays: say by `on_commit` what becomes of its rows";
        return Err(unsupported(s, "temporary table that goes with its session", Some(hint)));
    }
    w.push(if table.temporary { "CREATE GLOBAL TEMPORARY TABLE " } else { "CREATE TABLE " });
    Ok(())
}

/// ` ON COMMIT …`, ` TABLESPACE …`, ` COMPRESS`
pub(super) fn table_options(s: &Oracle, w: &mut Writer, table: &TableDef) -> Result {
    if table.on_commit == Some(OnCommit::Drop) {
        let hint = "the table stays, and its rows go with the session";
        return Err(unsupported(s, "ON COMMIT DROP", Some(hint)));
    }
    syntax::on_commit(w, table)?;
    let own = options(s, OptionPlace::Table, &table.options)?;
    if let Some(name) = own.text("tablespace") {
        w.push(" TABLESPACE ");
        s.identifier(w, name)?;
    }
    if own.flag("compress") {
        w.push(" COMPRESS");
    }
    Ok(())
}

/// NOT NULL stands behind the expression of a computed column, and is in the word IDENTITY.
pub(super) fn nullability(w: &mut Writer, column: &ColumnDef) {
    if !column.nullable && column.computed.is_none() && !column.autoincrement {
        w.push(" NOT NULL");
    }
}

/// ` GENERATED ALWAYS AS (…) VIRTUAL`
pub(super) fn computed(s: &Oracle, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
    if !column.is_virtual {
        return Err(unsupported(s, "computed column that is stored", Some("declare it virtual")));
    }
    syntax::computed(s, w, column, sql)?;
    if !column.nullable {
        w.push(" NOT NULL");
    }
    Ok(())
}

/// Any expression, without parentheses; the clock under its name here.
pub(super) fn server_default(s: &Oracle, w: &mut Writer, column: &ColumnDef, sql: &str) -> Result {
    let sql = sql.trim();
    if sql.is_empty() {
        return Err(invalid(format!("the default of `{}` is empty; a text is between quotes", column.name)));
    }
    let clock = sql.to_ascii_lowercase();
    match clock.as_str() {
        "now()" | "current_timestamp()" => w.push("CURRENT_TIMESTAMP"),
        "current_date" | "current_date()" if column.data_type == DataType::Date => {
            w.push("TRUNC(CURRENT_DATE)")
        }
        "true" => w.push("1"),
        "false" => w.push("0"),
        _ => return s.raw(w, sql),
    }
    Ok(())
}

/// The words of a counter: the negative ones are one word each.
pub(super) fn counter(w: &mut Writer, counter: &Counter) -> Result {
    let numbers = [
        ("INCREMENT BY", counter.increment),
        ("START WITH", counter.start),
        ("MINVALUE", counter.min_value),
        ("MAXVALUE", counter.max_value),
    ];
    let mut words: Vec<String> =
        numbers.iter().filter_map(|(word, number)| Some(format!("{word} {}", (*number)?))).collect();
    if counter.no_min_value {
        words.push("NOMINVALUE".into());
    }
    if counter.no_max_value {
        words.push("NOMAXVALUE".into());
    }
    words.extend(counter.cache.map(|numbers| format!("CACHE {numbers}")));
    if counter.cycle {
        words.push("CYCLE".into());
    }
    words.extend(counter.order.map(|order| if order { "ORDER" } else { "NOORDER" }.to_owned()));
    w.push(&words.join(" "));
    Ok(())
}

/// NO ACTION is what Oracle does by itself, and has no words; of the others it has two, for DELETE.
pub(super) fn foreign_key(s: &Oracle, w: &mut Writer, table: &TableDef, key: &ForeignKeyDef) -> Result {
    let mut key = key.clone();
    key.on_delete = match key.on_delete {
        None | Some(ReferentialAction::NoAction) => None,
        Some(ReferentialAction::Restrict) => {
            return Err(unsupported(s, "ON DELETE RESTRICT", Some("leave it out: it is what Oracle does")));
        }
        Some(ReferentialAction::SetDefault) => return Err(unsupported(s, "ON DELETE SET DEFAULT", None)),
        action @ Some(ReferentialAction::Cascade | ReferentialAction::SetNull) => action,
    };
    key.on_update = match key.on_update {
        None | Some(ReferentialAction::NoAction) => None,
        Some(_) => {
            let hint = "change keys in a transaction with deferred constraints";
            return Err(unsupported(s, "ON UPDATE of a foreign key", Some(hint)));
        }
    };
    syntax::foreign_key(s, w, table, &key)
}

/// There is no word COLUMN behind ADD.
pub(super) fn alter_table(s: &Oracle, w: &mut Writer, a: &AlterTable) -> Result {
    let column = match &a.change {
        TableChange::AddColumn(column) => column,
        TableChange::DropConstraint(drop) => {
            if_exists(s, drop.if_exists, "DROP CONSTRAINT IF EXISTS")?;
            return syntax::alter_table(s, w, a);
        }
        TableChange::AddConstraint(_) | TableChange::DropColumn(_) => return syntax::alter_table(s, w, a),
    };
    w.push("ALTER TABLE ");
    qualified(s, w, a.table.schema.as_deref(), &a.table.name)?;
    w.push(" ADD ");
    let mut table = TableDef::new(a.table.name.clone(), Vec::new().into());
    table.schema = a.table.schema.clone();
    s.column_def(w, &table, &*syntax::resolved(s, &table, column)?)
}

/// An index lives in its table's schema, which both names say.
pub(super) fn create_index(s: &Oracle, w: &mut Writer, c: &CreateIndex) -> Result {
    if_exists(s, c.if_not_exists, "CREATE INDEX IF NOT EXISTS")?;
    let index = &c.index;
    if index.columns.is_empty() {
        return Err(invalid("a constraint or an index names at least one column"));
    }
    if index.method.is_some() {
        return Err(unsupported(s, "index method", Some("the option `bitmap` makes a bitmap index")));
    }
    let own = options(s, OptionPlace::Index, &index.options)?;
    w.push(match (own.flag("bitmap"), index.unique) {
        (false, false) => "CREATE INDEX ",
        (false, true) => "CREATE UNIQUE INDEX ",
        (true, false) => "CREATE BITMAP INDEX ",
        (true, true) => return Err(unsupported(s, "bitmap index that is unique", None)),
    });
    if c.if_not_exists {
        w.push("IF NOT EXISTS ");
    }
    let schema = c.table.schema.as_deref();
    qualified(s, w, schema, &index.name_on(&c.table.name))?;
    w.push(" ON ");
    qualified(s, w, schema, &c.table.name)?;
    w.push(" ");
    w.parenthesized(|w| w.list(&*index.columns, ", ", |w, column| s.index_column(w, column)))?;
    if !index.include.is_empty() {
        return Err(unsupported(s, "INCLUDE of an index", None));
    }
    if index.nulls_not_distinct {
        return Err(unsupported(s, "NULLS NOT DISTINCT", None));
    }
    if index.filter.is_some() && (index.unique || !index.is_filter_optional) {
        let hint = "index a CASE that is NULL for the other rows";
        return Err(unsupported(s, "index of some rows (WHERE)", Some(hint)));
    }
    if let Some(columns) = own.number("compress_columns") {
        w.push(&format!(" COMPRESS {columns}"));
    } else if own.flag("compress") {
        w.push(" COMPRESS");
    }
    if let Some(name) = own.text("tablespace") {
        w.push(" TABLESPACE ");
        s.identifier(w, name)?;
    }
    Ok(())
}

/// `DROP TABLE table [CASCADE CONSTRAINTS]`
pub(super) fn drop_table(s: &Oracle, w: &mut Writer, d: &DropTable) -> Result {
    if_exists(s, d.if_exists, "DROP TABLE IF EXISTS")?;
    syntax::drop_table(s, w, d)?;
    if d.cascade {
        w.push(" CONSTRAINTS");
    }
    Ok(())
}

/// `sequence.NEXTVAL`
pub(super) fn next_value(s: &Oracle, w: &mut Writer, sequence: &SequenceDef) -> Result {
    qualified(s, w, sequence.schema.as_deref(), &sequence.name)?;
    w.push(".NEXTVAL");
    Ok(())
}

/// The empty text removes a comment.
pub(super) fn set_comment(s: &Oracle, w: &mut Writer, c: &SetComment) -> Result {
    let mut c = c.clone();
    c.comment.get_or_insert_with(|| "".into());
    syntax::set_comment(s, w, &c)
}
