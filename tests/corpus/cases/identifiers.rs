use orm::dynamic::DynamicTable;
use orm::prelude::*;

use crate::case::Case;
use crate::schema::User;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "order")]
struct Reserved {
    #[column(primary_key)]
    select: i32,
    #[column(length = 10)]
    from: Option<String>,
    #[column(length = 10)]
    user: Option<String>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "MixedCase")]
struct Mixed {
    #[column(primary_key, name = "Id")]
    id: i32,
    #[column(length = 10, name = "camelName")]
    camel_name: Option<String>,
    #[column(length = 10)]
    lower: Option<String>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "my table")]
struct Special {
    #[column(primary_key, name = "a b")]
    space: i32,
    #[column(name = "c%d")]
    percent: Option<i32>,
    #[column(name = "e:f")]
    colon: Option<i32>,
    #[column(name = "q\"q")]
    quote: Option<i32>,
    #[column(name = "b]b")]
    bracket: Option<i32>,
    #[column(name = "t`t")]
    backtick: Option<i32>,
    #[column(name = "9lives")]
    digit: Option<i32>,
    #[column(name = "naïve")]
    letter: Option<i32>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "plain")]
struct Forced {
    #[column(primary_key)]
    id: i32,
}

/// Names are quoted where they must be. Where plain ones are of small letters, this is `UPPER.Id` without quotes.
#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "upper")]
struct Unforced {
    #[column(primary_key)]
    id: i32,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "UPPER")]
struct Capitals {
    #[column(primary_key, name = "Id")]
    id: i32,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "report", schema = "app")]
struct Report {
    #[column(primary_key)]
    id: i32,
    #[column(length = 10)]
    title: Option<String>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "keyed")]
struct Keyed {
    #[column(primary_key, autoincrement = false, name = "db_name")]
    attr: i32,
}

/// The table of `User` in another schema.
fn in_schema(schema: &'static str) -> DynamicTable {
    let mut table = User::TABLE.clone();
    table.schema = Some(schema.into());
    DynamicTable::new(table)
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("quote_reserved_words", select(Reserved).filter(Reserved::user.eq("x"))),
        Case::new("quote_mixed_case", select(Mixed).order_by(Mixed::camel_name)),
        Case::new("quote_special_characters", select(Special)),
        Case::new(
            "quote_special_in_where",
            select(Special::space)
                .filter(Special::percent.eq(1))
                .filter(Special::colon.eq(2))
                .filter(Special::quote.eq(3)),
        ),
        Case::new("quote_forced_on", select(Forced)),
        Case::new("quote_forced_off", select(Unforced))
            .on(&["mysql", "mariadb", "sqlite", "mssql"], select(Capitals)),
        Case::new(
            "schema_qualified_join",
            select((Report::title, User::name)).select_from(Report).join_on(User, Report::id.eq(User::id)),
        ),
        // A schema that is known at run time is that of a table which is.
        Case::new("schema_translate_map_none", in_schema("tenant_a").select()),
        Case::new("column_key_differs_from_name", select(Keyed).filter(Keyed::attr.eq(1))),
        Case::new("column_key_in_insert", insert(Keyed).set(Keyed::attr, 1)),
    ]
}
