//! What the options of tables and columns become.

use expect_test::{Expect, expect};

use super::{excerpt, mapped};

fn check(input: &str, from: &str, until: &str, expected: Expect) {
    expected.assert_eq(&excerpt(mapped(input), from, until));
}

#[test]
fn indexes() {
    check(
        r#"
        #[mapped(
            index(name, created.desc()),
            index(columns(name(desc, nulls = "last", operator_class = "text_pattern_ops", length = 10, collation = "C")), using = "btree"),
            index(name = "ix_lower", expression = "lower(name)", unique, nulls_not_distinct),
            index(columns(created.asc(), "length(name)"(desc), "lower(name)".desc()), include(tenant), where = "tenant > 0"),
            index(columns(name, name(operator_class = "text_pattern_ops")), filter = "name <> ''")
        )]
        struct User {
            #[column(primary_key)]
            id: i64,
            name: String,
            #[column(name = "created_at")]
            created: NaiveDateTime,
            tenant: i64,
        }
        "#,
        "const __INDEXES",
        "automatically_derived",
        expect![[r#"
            const __INDEXES: &[__orm::IndexDef] = &[
                __glue::index(
                    ::core::option::Option::None,
                    const {
                        &[
                            __glue::index_column("name"),
                            __glue::index_column("created_at").descending(),
                        ]
                    },
                    false,
                ),
                __glue::index(
                        ::core::option::Option::None,
                        const {
                            &[
                                __glue::index_column("name")
                                    .descending()
                                    .nulls(__orm::tree::NullsOrder::Last)
                                    .operator_class("text_pattern_ops")
                                    .collation("C")
                                    .length(10u32),
                            ]
                        },
                        false,
                    )
                    .method("btree"),
                __glue::index(
                        ::core::option::Option::Some("ix_lower"),
                        const { &[__glue::index_expression("lower(name)")] },
                        true,
                    )
                    .nulls_not_distinct(),
                __glue::index(
                        ::core::option::Option::None,
                        const {
                            &[
                                __glue::index_column("created_at"),
                                __glue::index_expression("length(name)").descending(),
                                __glue::index_expression("lower(name)").descending(),
                            ]
                        },
                        false,
                    )
                    .include(&[__orm::Name::Borrowed("tenant")])
                    .filter("tenant > 0"),
                __glue::index(
                        ::core::option::Option::None,
                        const {
                            &[
                                __glue::index_column("name"),
                                __glue::index_column("name").operator_class("text_pattern_ops"),
                            ]
                        },
                        false,
                    )
                    .filter("name <> ''"),
            ];
        "#]],
    );
}

#[test]
fn constraints() {
    check(
        r#"
        #[mapped(
            primary_key(name = "pk_line"),
            unique(name = "uq", columns(a, b), deferrable = "immediate", nulls_not_distinct),
            foreign_key(columns(a, b), references(Order::id, Order::no), deferrable = "deferred", match_full)
        )]
        struct Line {
            #[column(primary_key)]
            id: i64,
            a: Option<i64>,
            #[column(check = "b > 0")]
            b: Option<i64>,
            #[column(foreign_key = User::id, deferrable = "immediate", match_full, check(name = "ck_c", sql = "c <> 0"))]
            c: i64,
        }
        "#,
        "const __FOREIGN_KEYS",
        "const RELATIONSHIPS",
        expect![[r#"
            const __FOREIGN_KEYS: &[__orm::ForeignKeyDef] = &[
                __glue::foreign_key::<
                    User,
                >(
                        &[__orm::Name::Borrowed("c")],
                        &[__orm::Name::Borrowed(__orm::assert_foreign_key(Line::c, User::id))],
                    )
                    .deferrable(__orm::Deferrable::InitiallyImmediate)
                    .match_full(),
                __glue::foreign_key::<
                    Order,
                >(
                        &[__orm::Name::Borrowed("a"), __orm::Name::Borrowed("b")],
                        &[
                            __orm::Name::Borrowed(__orm::assert_foreign_key(Line::a, Order::id)),
                            __orm::Name::Borrowed(__orm::assert_foreign_key(Line::b, Order::no)),
                        ],
                    )
                    .deferrable(__orm::Deferrable::InitiallyDeferred)
                    .match_full(),
            ];
            const __UNIQUES: &[__orm::UniqueDef] = &[
                __glue::unique(
                        ::core::option::Option::Some("uq"),
                        &[__orm::Name::Borrowed("a"), __orm::Name::Borrowed("b")],
                    )
                    .deferrable(__orm::Deferrable::InitiallyImmediate)
                    .nulls_not_distinct(),
            ];
            const __CHECKS: &[__orm::CheckDef] = &[
                __glue::check(::core::option::Option::None, "b > 0"),
                __glue::check(::core::option::Option::Some("ck_c"), "c <> 0"),
            ];
            #[automatically_derived]
            impl __orm::Mapped for Line {
                type Key = <i64 as __orm::Field>::Sql;
                const RUST_NAME: &'static str = "Line";
                const NAME: &'static str = "line";
                const SCHEMA: ::core::option::Option<&'static str> = ::core::option::Option::None;
                const TABLE: &'static __orm::TableDef = &__glue::table::<Self>(__COLUMNS)
                    .primary_key_name("pk_line")
                    .foreign_keys(__FOREIGN_KEYS)
                    .uniques(__UNIQUES)
                    .checks(__CHECKS);
        "#]],
    );
}

#[test]
fn columns() {
    check(
        r#"
        struct Every {
            #[column(primary_key, identity)]
            id: i64,
            #[column(identity(always, start = 100, increment = -5, min_value = -9223372036854775808, max_value = 100, cache = 20, cycle))]
            number: Auto<i64>,
            #[column(identity())]
            plain: Auto<i64>,
            #[column(collation = "C", length = 30)]
            name: String,
            #[column(computed = "number * 2")]
            double: Auto<i64>,
            #[column(computed = "number * 3", virtual)]
            triple: Auto<i64>,
            #[column(bits = 8)]
            flags: BitString,
            #[column(length = 64)]
            mask: Option<BitString>,
        }
        "#,
        "const __COLUMNS",
        "automatically_derived",
        expect![[r#"
            const __COLUMNS: &[__orm::ColumnDef] = &[
                __glue::column("id", <i64 as __orm::Field>::COLUMN)
                    .primary_key()
                    .autoincrement(),
                __glue::column("number", <Auto<i64> as __orm::Field>::COLUMN)
                    .identity(
                        __orm::IdentityDef::always(
                            __orm::Counter::new()
                                .start(100i64)
                                .increment(-5i64)
                                .min_value(-9223372036854775808i64)
                                .max_value(100i64)
                                .cache(20i64)
                                .cycle(),
                        ),
                    ),
                __glue::column("plain", <Auto<i64> as __orm::Field>::COLUMN)
                    .identity(__orm::IdentityDef::by_default(__orm::Counter::new())),
                __glue::column("name", <String as __orm::Field>::COLUMN)
                    .length(__glue::length::<String>(30u32))
                    .collation(__glue::collation::<String>("C")),
                __glue::column("double", <Auto<i64> as __orm::Field>::COLUMN)
                    .computed("number * 2"),
                __glue::column("triple", <Auto<i64> as __orm::Field>::COLUMN)
                    .computed_virtual("number * 3"),
                __glue::column("flags", <BitString as __orm::Field>::COLUMN)
                    .bits(__glue::bits::<BitString>(8u32)),
                __glue::column("mask", <Option<BitString> as __orm::Field>::COLUMN)
                    .length(__glue::length::<Option<BitString>>(64u32)),
            ];
        "#]],
    );
}

#[test]
fn versions() {
    check(
        r#"
        struct Every {
            #[column(primary_key)]
            id: i64,
            #[column(version)]
            counted: i32,
            #[column(version = next)]
            made: Uuid,
            #[column(version, server_default = "now()")]
            given: Auto<i64>,
        }
        "#,
        "const __COLUMNS",
        "automatically_derived",
        expect![[r#"
            const __COLUMNS: &[__orm::ColumnDef] = &[
                __glue::column("id", <i64 as __orm::Field>::COLUMN)
                    .primary_key()
                    .autoincrement_if_integer(),
                __glue::column("counted", <i32 as __orm::Field>::COLUMN)
                    .version(__glue::count_version::<i32>),
                __glue::column("made", <Uuid as __orm::Field>::COLUMN)
                    .version(|v| __glue::next_version::<Uuid>(v, next)),
                __glue::column("given", <Auto<i64> as __orm::Field>::COLUMN)
                    .server_version()
                    .server_default("now()"),
            ];
        "#]],
    );
}
