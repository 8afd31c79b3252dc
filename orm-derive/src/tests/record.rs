use expect_test::{Expect, expect};

use super::{errors, pretty, record};

#[track_caller]
fn check(input: &str, expected: Expect) {
    expected.assert_eq(&errors(record(input)));
}

#[test]
fn expansion() {
    let input = r#"
        #[record(name = "spent")]
        pub struct Spending {
            pub user_id: i64,
            #[column(name = "sum", accessor = total)]
            amount: Option<Decimal>,
        }
    "#;
    expect![[r#"
        /// The rows of `spent`.
        #[allow(dead_code, non_upper_case_globals)]
        pub const Spending: ::orm::__private::Table<Spending> = ::orm::__private::Table::new();
        const _: () = {
            use ::orm::__private::{self as __orm, glue as __glue};
            #[allow(dead_code, non_upper_case_globals)]
            impl Spending {
                /// The column `spent.user_id`.
                pub const user_id: __orm::Column<Self, i64> = __orm::Column::new("user_id");
                /// The column `spent.sum`.
                const total: __orm::Column<Self, Option<Decimal>> = __orm::Column::new("sum");
            }
            #[allow(dead_code)]
            fn __read(__record: &Spending) {
                let _ = &__record.user_id;
                let _ = &__record.amount;
            }
            #[automatically_derived]
            impl __orm::Source for Spending {
                type Record = Self;
                type Kind = __orm::Records;
                fn from() -> __orm::tree::From {
                    __orm::record_from::<Self>()
                }
                fn source_ref() -> __orm::tree::SourceRef {
                    __orm::record_source::<Self>()
                }
            }
            #[automatically_derived]
            impl __orm::Nameable for Spending {}
            #[automatically_derived]
            impl __orm::Record for Spending {
                type Columns = (i64, Option<Decimal>);
                const NAME: &'static str = "spent";
                const COLUMNS: &'static [__orm::RecordColumn] = &[
                    __glue::record_column::<i64>("user_id"),
                    __glue::record_column::<Option<Decimal>>("sum"),
                ];
                fn decode(__row: &dyn __orm::Row, __at: usize) -> __glue::Decoded<Self> {
                    ::core::result::Result::Ok(Self {
                        user_id: __orm::SqlType::decode(__row, __at)?,
                        amount: __orm::SqlType::decode(__row, __at + 1)?,
                    })
                }
            }
            #[automatically_derived]
            impl __orm::TextRow for Spending {
                type Columns = (i64, Option<Decimal>);
                fn read(__row: &dyn __orm::Row) -> __glue::Decoded<Self> {
                    __orm::Record::decode(__row, 0)
                }
            }
        };
    "#]]
    .assert_eq(&pretty(record(input)));
}

#[test]
fn shapes() {
    check(
        "struct Spent { }",
        expect![[r#"
        `Spent` has no column; give it a field for each column of the rows
    "#]],
    );
    check(
        "struct Spent(i64);",
        expect![[r#"
        `Record` cannot be derived for a tuple struct: give each field a name, `struct … { n: i64 }`
    "#]],
    );
    check(
        "struct Spent;",
        expect![[r#"
        `Record` cannot be derived for a unit struct: give it a field for each column, `struct … { n: i64 }`
    "#]],
    );
    check(
        "enum Spent { A }",
        expect![[r#"
        `Record` cannot be derived for an enum: the rows of a query are a struct with named fields
    "#]],
    );
    check(
        "struct Spent<T> { n: T }",
        expect![[r#"
        `Spent` has generics, and a record has not: derive it for a struct without generics
    "#]],
    );
}

#[test]
fn attributes() {
    check(
        r#"
        #[record(nam = "x", name = "")]
        #[mapped(table = "x")]
        #[column(name = "x")]
        struct Spent {
            #[column(length = 30)]
            n: i64,
            #[record(name = "m")]
            m: i64,
            #[relationship]
            users: Many<User>,
            twice: Option<Option<i64>>,
        }
        "#,
        expect![[r#"
            `#[column]` stands on a field; the struct's own is `#[record(…)]`
            `#[mapped]` stands on a struct under `#[derive(Mapped)]`; a record's own is `#[record(…)]`
            `#[record]` has no `nam`; it knows `name`, `crate`
            `name` cannot be empty
            `#[column]` has no `length`; it knows `name`, `accessor`
            `#[record]` has no `name`; it knows `entity`, `nested`
            `#[relationship]` stands on a field of a mapped struct: a record has columns only
            `users` is a `Many`, and a record has columns only
            `twice` is NULL or it is not: take one `Option` off
        "#]],
    );
}

#[test]
fn names() {
    check(
        r#"
        struct Spent {
            n: i64,
            #[column(name = "N", accessor = p)]
            m: i64,
            p: i64,
        }
        "#,
        expect![[r#"
            `n` and `m` are both the column `N`
            `m` and `p` have both the accessor `p`
        "#]],
    );
}

#[test]
fn seventeen_columns() {
    let fields: String = (1..=17).map(|i| format!("c{i}: i64,")).collect();
    check(
        &format!("struct Spent {{ {fields} }}"),
        expect![[r#"
        a record has 16 columns at most
    "#]],
    );
}

#[test]
fn holding() {
    let input = r#"
        struct Overview {
            #[record(entity)]
            user: User,
            #[record(entity)]
            boss: Option<User>,
            #[record(nested)]
            sums: Sums,
            n: Option<i64>,
        }
    "#;
    expect![[r#"
        const _: () = {
            use ::orm::__private as __orm;
            #[automatically_derived]
            impl __orm::RecordRow for Overview {
                type Fields = (
                    __orm::EntityField<User>,
                    __orm::OptionalEntity<User>,
                    __orm::NestedField<Sums>,
                    __orm::ColumnField<Option<i64>>,
                );
                fn from_fields(
                    (user, boss, sums, n): <Self::Fields as __orm::RecordField>::Value,
                ) -> Self {
                    Self { user, boss, sums, n }
                }
            }
        };
    "#]]
    .assert_eq(&pretty(record(input)));
}

#[test]
fn what_a_field_holds() {
    check(
        r#"
            #[record(name = "overview")]
            struct Overview {
                #[record(entity, nested)]
                user: User,
                #[record(entity)]
                #[column(name = "boss")]
                boss: Option<User>,
                #[record(nested = true)]
                sums: Sums,
            }
        "#,
        expect![[r#"
            a field is an entity or a record, not both
            `#[column]` stands on a column; `boss` is an entity
            `nested` takes no value
            `Overview` holds more than columns, so it names nothing in SQL: take `name` off
        "#]],
    );
}
