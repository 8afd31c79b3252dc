use orm::prelude::*;
use orm::{label, literal, literal_column};

use crate::case::Case;
use crate::schema::{Address, Order, User};

alias!(#[allow(non_camel_case_types)] SomeExtremelyLongAliasNameThatGoesOnAndOnAndOnAndOnUntilPast_127CharactersSoThatEveryDialectMustShortenItSomehow = User);

pub(crate) fn cases() -> Vec<Case> {
    let long = SomeExtremelyLongAliasNameThatGoesOnAndOnAndOnAndOnUntilPast_127CharactersSoThatEveryDialectMustShortenItSomehow;
    vec![
        Case::new("select_table", select(User)),
        Case::new("select_columns", select((User::id, User::name))),
        Case::new("select_column_label", select((User::id, User::fullname.label("display_name")))),
        Case::new(
            "select_expression_label",
            select((User::age + 1).label("next_age")).filter(User::age.is_not_null()),
        ),
        Case::new("select_anonymous_expression", select((User::age * 2, User::age + User::id))),
        Case::new(
            "select_two_tables_same_column",
            select((User::id, Address::id))
                .select_from(User)
                .from(Address)
                .filter(User::id.eq(Address::user_id)),
        ),
        // The select list is what is selected; what else is in FROM is said.
        Case::new(
            "select_with_only_columns_keep_froms",
            select(User::name).from(Address).filter(User::id.eq(Address::user_id)),
        ),
        // Labels are given one by one here; rows are read by position, so that columns of one name do no harm.
        Case::new(
            "select_label_style_tablename",
            select((
                User::id.label("users_id"),
                User::name.label("users_name"),
                User::fullname.label("users_fullname"),
                User::email.label("users_email"),
                User::age.label("users_age"),
                User::is_active.label("users_is_active"),
                User::balance.label("users_balance"),
                User::status.label("users_status"),
                User::created_at.label("users_created_at"),
                User::profile.label("users_profile"),
                Address::id.label("addresses_id"),
                Address::user_id.label("addresses_user_id"),
                Address::email.label("addresses_email"),
                Address::city.label("addresses_city"),
                Address::is_primary.label("addresses_is_primary"),
            ))
            .join_on(Address, User::id.eq(Address::user_id)),
        ),
        Case::new(
            "select_label_style_none",
            select((User::id, Address::id)).join_on(Address, User::id.eq(Address::user_id)),
        ),
        Case::new("select_distinct", select(User::age).distinct()),
        Case::new("select_distinct_function", select(count(User::age).distinct())),
        Case::new(
            "select_distinct_on",
            select((Order::user_id, Order::id))
                .distinct_on(Order::user_id)
                .order_by((Order::user_id, Order::id.desc())),
        ),
        Case::new("select_without_from", select((literal(1), literal("x".to_owned())))),
        Case::new("select_literal_column", select(literal_column::<i32>("1 + 1").label("two"))),
        Case::new("select_from_only", select(count(User))),
        Case::new(
            "select_count_star_where",
            select(count(literal("*".to_owned()))).select_from(User).filter(User::age.gt(26)),
        ),
        Case::new("select_prefix", select(User::id).prefix("ALL")),
        Case::new(
            "select_prefix_by_dialect",
            select(User::id).prefix_on("mysql", "SQL_NO_CACHE").prefix_on("mariadb", "SQL_NO_CACHE"),
        ),
        Case::new("select_suffix", select(User::id).suffix("-- end")),
        Case::new("select_hint_oracle", select(User::id).table_hint(User, "oracle", "INDEX(users ix_users)")),
        Case::new(
            "select_hint_mysql",
            select(User::id).table_hint(User, "mysql", "USE INDEX (PRIMARY)").table_hint(
                User,
                "mariadb",
                "USE INDEX (PRIMARY)",
            ),
        ),
        Case::new("select_statement_hint", select(User::id).hint("mssql", "OPTION (MAXDOP 1)")),
        Case::new("select_label_reused_in_order_by", select((User::age + 1).label("n")).order_by(label("n"))),
        Case::new("select_table_valued_lightweight", select((User::id, User::name))),
        Case::new("select_enum_column", select((User::id, User::status)).order_by(User::id)),
        Case::new(
            "select_long_label_truncated",
            select(User::id.label(format!("a_very_long_label_name_{}", "x".repeat(140)))),
        ),
        // Labels are given, and none is shortened.
        Case::new(
            "select_auto_label_truncated",
            select(User::id.of(long).label(
                "some_extremely_long_alias_name_that_goes_on_and_on_and_on_and_on_until_past_127_characters_so_that_every_dialect_must_shorten_it_somehow_id",
            )),
        ),
    ]
}
