use expect_test::expect;

use super::{excerpt, mapped, pretty};

/// `User` of the README: a key, a relationship to many.
#[test]
fn user() {
    let input = r#"
        #[mapped(table = "user_account", new)]
        pub struct User {
            #[column(primary_key)]
            pub id: i64,
            #[column(length = 30)]
            pub name: String,
            pub fullname: Option<String>,
            #[relationship(back_populates = user, cascade = "all, delete-orphan")]
            pub addresses: Many<Address>,
        }
    "#;
    expect![[r#"
        /// The table `user_account`.
        #[allow(dead_code, non_upper_case_globals)]
        pub const User: ::orm::__private::Table<User> = ::orm::__private::Table::new();
        const _: () = {
            use ::orm::__private::{self as __orm, glue as __glue};
            #[allow(dead_code, non_upper_case_globals)]
            impl User {
                /// The column `user_account.id`.
                pub const id: __glue::ColumnOf<Self, i64> = __orm::Column::new("id");
                /// The column `user_account.name`.
                pub const name: __glue::ColumnOf<Self, String> = __orm::Column::new("name");
                /// The column `user_account.fullname`.
                pub const fullname: __glue::ColumnOf<Self, Option<String>> = __orm::Column::new(
                    "fullname",
                );
                /// The relationship `User.addresses`.
                pub const addresses: __glue::RelationshipOf<Self, Many<Address>, 0> = __orm::Relationship::new(
                    &__RELATIONSHIPS[0],
                );
            }
            #[allow(dead_code, clippy::too_many_arguments)]
            impl User {
                /// A new `User` from the columns that must be given; everything else is at its default.
                pub fn new(name: impl ::core::convert::Into<String>) -> Self {
                    Self {
                        name: ::core::convert::Into::into(name),
                        id: ::core::default::Default::default(),
                        fullname: ::core::default::Default::default(),
                        addresses: ::core::default::Default::default(),
                    }
                }
            }
            #[automatically_derived]
            impl __orm::Source for User {
                type Record = Self;
                type Kind = __orm::Entities;
                fn from() -> __orm::tree::From {
                    __orm::mapped_from::<Self>()
                }
                fn source_ref() -> __orm::tree::SourceRef {
                    __orm::mapped_source::<Self>()
                }
                fn entity() -> ::core::option::Option<&'static __orm::EntityDef> {
                    ::core::option::Option::Some(<Self as __orm::Mapped>::ENTITY)
                }
            }
            const __COLUMNS: &[__orm::ColumnDef] = &[
                __glue::column("id", <i64 as __orm::Field>::COLUMN)
                    .primary_key()
                    .autoincrement_if_integer(),
                __glue::column("name", <String as __orm::Field>::COLUMN)
                    .length(__glue::length::<String>(30u32)),
                __glue::column("fullname", <Option<String> as __orm::Field>::COLUMN),
            ];
            const __RELATIONSHIPS: &[__orm::RelationshipDef] = &[
                __glue::relationship::<
                    User,
                >(
                        "addresses",
                        <Many<Address> as __orm::RelationField>::KIND,
                        __orm::JoinOn::TargetKey(<Address as __orm::ForeignKeyTo<User>>::KEY),
                    )
                    .back_populates("user")
                    .cascade(__orm::Cascade {
                        delete_orphan: true,
                        ..__orm::Cascade::ALL
                    }),
            ];
            #[automatically_derived]
            impl __orm::Mapped for User {
                type Key = <i64 as __orm::Field>::Sql;
                const RUST_NAME: &'static str = "User";
                const NAME: &'static str = "user_account";
                const SCHEMA: ::core::option::Option<&'static str> = ::core::option::Option::None;
                const TABLE: &'static __orm::TableDef = &__glue::table::<Self>(__COLUMNS);
                const RELATIONSHIPS: &'static [__orm::RelationshipDef] = __RELATIONSHIPS;
                fn decode(__row: &dyn __orm::Row, __at: usize) -> __glue::Decoded<Self> {
                    ::core::result::Result::Ok(Self {
                        id: __orm::Field::read(__row, __at)?,
                        name: __orm::Field::read(__row, __at + 1)?,
                        fullname: __orm::Field::read(__row, __at + 2)?,
                        addresses: ::core::default::Default::default(),
                    })
                }
                fn value(&self, __position: usize) -> ::core::option::Option<__orm::Value> {
                    match __position {
                        0 => __orm::Field::value(&self.id),
                        1 => __orm::Field::value(&self.name),
                        2 => __orm::Field::value(&self.fullname),
                        _ => ::core::option::Option::None,
                    }
                }
                fn put(&mut self, __position: usize, __value: __orm::Value) -> __glue::Put {
                    match __position {
                        0 => __orm::Field::put(&mut self.id, __value),
                        1 => __orm::Field::put(&mut self.name, __value),
                        2 => __orm::Field::put(&mut self.fullname, __value),
                        _ => __glue::no_such_column("User", __position),
                    }
                }
                fn relation(&self, __index: usize) -> &__orm::Relation {
                    match __index {
                        0 => <Many<Address> as __orm::RelationField>::relation(&self.addresses),
                        _ => __orm::no_such_relation("User", __index),
                    }
                }
                fn relation_mut(&mut self, __index: usize) -> &mut __orm::Relation {
                    match __index {
                        0 => {
                            <Many<
                                Address,
                            > as __orm::RelationField>::relation_mut(&mut self.addresses)
                        }
                        _ => __orm::no_such_relation("User", __index),
                    }
                }
            }
            const _: () = __glue::assert_key::<i64>();
            const _: () = __glue::assert_both_sides(&User::addresses, &Address::user);
            const _: () = __orm::assert_delete_orphan(&__RELATIONSHIPS[0]);
        };
    "#]]
    .assert_eq(&pretty(mapped(input)));
}

/// `Address` of the README: a foreign key, a relationship to one.
#[test]
fn address() {
    let input = r#"
        #[mapped(table = "address")]
        pub struct Address {
            #[column(primary_key)]
            pub id: i64,
            pub email_address: String,
            #[column(foreign_key = User::id, on_delete = "cascade")]
            pub user_id: i64,
            #[relationship(back_populates = addresses)]
            pub user: One<User>,
        }
    "#;
    expect![[r#"
        /// The table `address`.
        #[allow(dead_code, non_upper_case_globals)]
        pub const Address: ::orm::__private::Table<Address> = ::orm::__private::Table::new();
        const _: () = {
            use ::orm::__private::{self as __orm, glue as __glue};
            #[allow(dead_code, non_upper_case_globals)]
            impl Address {
                /// The column `address.id`.
                pub const id: __glue::ColumnOf<Self, i64> = __orm::Column::new("id");
                /// The column `address.email_address`.
                pub const email_address: __glue::ColumnOf<Self, String> = __orm::Column::new(
                    "email_address",
                );
                /// The column `address.user_id`.
                pub const user_id: __glue::ColumnOf<Self, i64> = __orm::Column::new("user_id");
                /// The relationship `Address.user`.
                pub const user: __glue::RelationshipOf<Self, One<User>, 0> = __orm::Relationship::new(
                    &__RELATIONSHIPS[0],
                );
            }
            #[automatically_derived]
            impl __orm::Source for Address {
                type Record = Self;
                type Kind = __orm::Entities;
                fn from() -> __orm::tree::From {
                    __orm::mapped_from::<Self>()
                }
                fn source_ref() -> __orm::tree::SourceRef {
                    __orm::mapped_source::<Self>()
                }
                fn entity() -> ::core::option::Option<&'static __orm::EntityDef> {
                    ::core::option::Option::Some(<Self as __orm::Mapped>::ENTITY)
                }
            }
            const __COLUMNS: &[__orm::ColumnDef] = &[
                __glue::column("id", <i64 as __orm::Field>::COLUMN)
                    .primary_key()
                    .autoincrement_if_integer(),
                __glue::column("email_address", <String as __orm::Field>::COLUMN),
                __glue::column("user_id", <i64 as __orm::Field>::COLUMN),
            ];
            const __FOREIGN_KEYS: &[__orm::ForeignKeyDef] = &[
                __glue::foreign_key::<
                    User,
                >(
                        &[__orm::Name::Borrowed("user_id")],
                        &[
                            __orm::Name::Borrowed(
                                __orm::assert_foreign_key(Address::user_id, User::id),
                            ),
                        ],
                    )
                    .on_delete(__orm::ReferentialAction::Cascade),
            ];
            const __RELATIONSHIPS: &[__orm::RelationshipDef] = &[
                __glue::relationship::<
                    Address,
                >(
                        "user",
                        <One<User> as __orm::RelationField>::KIND,
                        __orm::JoinOn::SourceKey(<Address as __orm::ForeignKeyTo<User>>::KEY),
                    )
                    .back_populates("addresses"),
            ];
            #[automatically_derived]
            impl __orm::Mapped for Address {
                type Key = <i64 as __orm::Field>::Sql;
                const RUST_NAME: &'static str = "Address";
                const NAME: &'static str = "address";
                const SCHEMA: ::core::option::Option<&'static str> = ::core::option::Option::None;
                const TABLE: &'static __orm::TableDef = &__glue::table::<Self>(__COLUMNS)
                    .foreign_keys(__FOREIGN_KEYS);
                const RELATIONSHIPS: &'static [__orm::RelationshipDef] = __RELATIONSHIPS;
                fn decode(__row: &dyn __orm::Row, __at: usize) -> __glue::Decoded<Self> {
                    ::core::result::Result::Ok(Self {
                        id: __orm::Field::read(__row, __at)?,
                        email_address: __orm::Field::read(__row, __at + 1)?,
                        user_id: __orm::Field::read(__row, __at + 2)?,
                        user: ::core::default::Default::default(),
                    })
                }
                fn value(&self, __position: usize) -> ::core::option::Option<__orm::Value> {
                    match __position {
                        0 => __orm::Field::value(&self.id),
                        1 => __orm::Field::value(&self.email_address),
                        2 => __orm::Field::value(&self.user_id),
                        _ => ::core::option::Option::None,
                    }
                }
                fn put(&mut self, __position: usize, __value: __orm::Value) -> __glue::Put {
                    match __position {
                        0 => __orm::Field::put(&mut self.id, __value),
                        1 => __orm::Field::put(&mut self.email_address, __value),
                        2 => __orm::Field::put(&mut self.user_id, __value),
                        _ => __glue::no_such_column("Address", __position),
                    }
                }
                fn relation(&self, __index: usize) -> &__orm::Relation {
                    match __index {
                        0 => <One<User> as __orm::RelationField>::relation(&self.user),
                        _ => __orm::no_such_relation("Address", __index),
                    }
                }
                fn relation_mut(&mut self, __index: usize) -> &mut __orm::Relation {
                    match __index {
                        0 => <One<User> as __orm::RelationField>::relation_mut(&mut self.user),
                        _ => __orm::no_such_relation("Address", __index),
                    }
                }
            }
            #[automatically_derived]
            impl __orm::ForeignKeyTo<User> for Address {
                const KEY: usize = 0;
            }
            const _: () = __glue::assert_key::<i64>();
            const _: () = __glue::assert_both_sides(&Address::user, &User::addresses);
        };
    "#]]
    .assert_eq(&pretty(mapped(input)));
}

/// What the attributes of a table add to its definition.
#[test]
fn table_options() {
    let input = r#"
        #[mapped(
            schema = "shop",
            comment = "one line",
            index(name = "ix_what", columns(what, no), unique),
            unique(order_id, no),
            check(name = "ck_no", sql = "no > 0"),
            foreign_key(columns(order_id, no), references(Order::id, Order::no), on_delete = "set null")
        )]
        struct OrderLine {
            #[column(primary_key, name = "line_id")]
            id: i64,
            order_id: Option<i64>,
            no: Option<i32>,
            #[column(unique, index, default = "?", length = 10)]
            what: Auto<String>,
            #[column(precision = 10, scale = 2)]
            r#type: Decimal,
        }
    "#;
    let output = excerpt(mapped(input), "const __COLUMNS", "const RELATIONSHIPS");
    expect![[r#"
        const __COLUMNS: &[__orm::ColumnDef] = &[
            __glue::column("line_id", <i64 as __orm::Field>::COLUMN)
                .primary_key()
                .autoincrement_if_integer(),
            __glue::column("order_id", <Option<i64> as __orm::Field>::COLUMN),
            __glue::column("no", <Option<i32> as __orm::Field>::COLUMN),
            __glue::column("what", <Auto<String> as __orm::Field>::COLUMN)
                .length(__glue::length::<Auto<String>>(10u32))
                .default(|| __glue::default_value::<Auto<String>, _>("?")),
            __glue::column("type", <Decimal as __orm::Field>::COLUMN)
                .numeric(__glue::decimal_digits::<Decimal>(10u8), 2u8),
        ];
        const __FOREIGN_KEYS: &[__orm::ForeignKeyDef] = &[
            __glue::foreign_key::<
                Order,
            >(
                    &[__orm::Name::Borrowed("order_id"), __orm::Name::Borrowed("no")],
                    &[
                        __orm::Name::Borrowed(
                            __orm::assert_foreign_key(OrderLine::order_id, Order::id),
                        ),
                        __orm::Name::Borrowed(
                            __orm::assert_foreign_key(OrderLine::no, Order::no),
                        ),
                    ],
                )
                .on_delete(__orm::ReferentialAction::SetNull),
        ];
        const __UNIQUES: &[__orm::UniqueDef] = &[
            __glue::unique(
                ::core::option::Option::None,
                &[__orm::Name::Borrowed("order_id"), __orm::Name::Borrowed("no")],
            ),
        ];
        const __CHECKS: &[__orm::CheckDef] = &[
            __glue::check(::core::option::Option::Some("ck_no"), "no > 0"),
        ];
        const __INDEXES: &[__orm::IndexDef] = &[
            __glue::index(
                ::core::option::Option::None,
                const { &[__glue::index_column("what")] },
                true,
            ),
            __glue::index(
                ::core::option::Option::Some("ix_what"),
                const { &[__glue::index_column("what"), __glue::index_column("no")] },
                true,
            ),
        ];
        #[automatically_derived]
        impl __orm::Mapped for OrderLine {
            type Key = <i64 as __orm::Field>::Sql;
            const RUST_NAME: &'static str = "OrderLine";
            const NAME: &'static str = "order_line";
            const SCHEMA: ::core::option::Option<&'static str> = ::core::option::Option::Some(
                "shop",
            );
            const TABLE: &'static __orm::TableDef = &__glue::table::<Self>(__COLUMNS)
                .foreign_keys(__FOREIGN_KEYS)
                .uniques(__UNIQUES)
                .checks(__CHECKS)
                .indexes(__INDEXES)
                .comment("one line");
    "#]]
    .assert_eq(&output);
}

/// The ways in which a relationship says how its rows are joined.
#[test]
fn joins() {
    let input = r#"
        struct Node {
            #[column(primary_key)]
            id: i64,
            #[column(foreign_key = Self::id)]
            parent_id: Option<i64>,
            #[relationship(back_populates = parent, order_by(Node::id.desc()), lazy = "selectin", passive_deletes, passive_updates = false)]
            children: Many<Node>,
            #[relationship(back_populates = children)]
            parent: One<Option<Self>>,
            #[relationship(foreign_key = Node::parent_id, viewonly)]
            above: One<Option<Node>>,
            #[relationship(foreign_key = Note::about_id, cascade = "save-update, delete")]
            notes: Many<Note>,
            #[relationship(secondary = Tagging)]
            tags: Many<Tag>,
            #[relationship(secondary = Link, source_key = Link::from_id, target_key = Link::to_id)]
            links: Many<Node>,
        }
    "#;
    let output = excerpt(mapped(input), "const __RELATIONSHIPS", "automatically_derived");
    expect![[r#"
        const __RELATIONSHIPS: &[__orm::RelationshipDef] = &[
            __glue::relationship::<
                Node,
            >(
                    "children",
                    <Many<Node> as __orm::RelationField>::KIND,
                    __orm::JoinOn::TargetKey(<Node as __orm::ForeignKeyTo<Node>>::KEY),
                )
                .back_populates("parent")
                .order_by(&[__glue::order::<Node, _, _>(Node::id, true)])
                .lazy(__orm::Lazy::Selectin)
                .passive_deletes(__orm::PassiveDeletes::Yes)
                .passive_updates(false),
            __glue::relationship::<
                Node,
            >(
                    "parent",
                    <One<Option<Node>> as __orm::RelationField>::KIND,
                    __orm::JoinOn::SourceKey(<Node as __orm::ForeignKeyTo<Node>>::KEY),
                )
                .back_populates("children"),
            __glue::relationship::<
                Node,
            >(
                    "above",
                    <One<Option<Node>> as __orm::RelationField>::KIND,
                    __orm::JoinOn::SourceKey(
                        __glue::key_of::<Node, Node, _>(Node::parent_id),
                    ),
                )
                .cascade(__orm::Cascade {
                    merge: true,
                    ..__orm::Cascade::NONE
                })
                .view_only(),
            __glue::relationship::<
                Node,
            >(
                    "notes",
                    <Many<Note> as __orm::RelationField>::KIND,
                    __orm::JoinOn::TargetKey(__glue::key_of::<Note, Node, _>(Note::about_id)),
                )
                .cascade(__orm::Cascade {
                    save_update: true,
                    delete: true,
                    ..__orm::Cascade::NONE
                }),
            __glue::relationship::<
                Node,
            >(
                "tags",
                <Many<Tag> as __orm::RelationField>::KIND,
                __glue::secondary::<
                    Tagging,
                >(
                    <Tagging as __orm::ForeignKeyTo<Node>>::KEY,
                    <Tagging as __orm::ForeignKeyTo<Tag>>::KEY,
                ),
            ),
            __glue::relationship::<
                Node,
            >(
                "links",
                <Many<Node> as __orm::RelationField>::KIND,
                __glue::secondary::<
                    Link,
                >(
                    __glue::key_of::<Link, Node, _>(Link::from_id),
                    __glue::key_of::<Link, Node, _>(Link::to_id),
                ),
            ),
        ];
    "#]]
    .assert_eq(&output);
}

/// What must be given: no key that is counted up, no default, nothing that may be null, no key that `order` carries.
#[test]
fn constructor() {
    let input = r#"
        #[mapped(new)]
        struct Line {
            #[column(primary_key)]
            id: i64,
            #[column(foreign_key = Order::id)]
            order_id: i64,
            #[column(foreign_key = Product::code)]
            product_code: String,
            quantity: i32,
            note: Option<String>,
            created: Auto<DateTime<Utc>>,
            #[relationship]
            order: One<Order>,
        }
    "#;
    let output = excerpt(mapped(input), "fn new", "automatically_derived");
    expect![[r#"
            fn new(product_code: impl ::core::convert::Into<String>, quantity: i32) -> Self {
                Self {
                    product_code: ::core::convert::Into::into(product_code),
                    quantity,
                    id: ::core::default::Default::default(),
                    order_id: ::core::default::Default::default(),
                    note: ::core::default::Default::default(),
                    created: ::core::default::Default::default(),
                    order: ::core::default::Default::default(),
                }
            }
        }
    "#]]
    .assert_eq(&output);
}

/// Columns that a query may leave out, and properties: the latter stand behind the columns.
#[test]
fn deferred() {
    let input = r#"
        #[mapped(new)]
        struct Book {
            #[column(primary_key)]
            id: i64,
            #[column(deferred = false)]
            title: Deferred<String>,
            #[column(deferred_group = "texts")]
            text: Deferred<Option<String>>,
            #[column_property(upper(Book::title), deferred)]
            loud: Deferred<String>,
            #[query_expression]
            n: Deferred<i64>,
        }
    "#;
    let output = mapped(input);
    expect![[r#"
        const __COLUMNS: &[__orm::ColumnDef] = &[
            __glue::column("id", <i64 as __orm::Field>::COLUMN)
                .primary_key()
                .autoincrement_if_integer(),
            __glue::column("title", <Deferred<String> as __orm::Field>::COLUMN)
                .deferred(false),
            __glue::column("text", <Deferred<Option<String>> as __orm::Field>::COLUMN)
                .deferred_group("texts"),
        ];
    "#]]
    .assert_eq(&excerpt(output.clone(), "const __COLUMNS", "automatically_derived"));
    expect![[r#"
            fn new(title: impl ::core::convert::Into<String>) -> Self {
                Self {
                    title: ::core::convert::Into::into(
                        ::core::convert::Into::<String>::into(title),
                    ),
                    id: ::core::default::Default::default(),
                    text: ::core::default::Default::default(),
                    loud: ::core::default::Default::default(),
                    n: ::core::default::Default::default(),
                }
            }
        }
    "#]]
    .assert_eq(&excerpt(output.clone(), "fn new(", "automatically_derived"));
    expect![[r#"
        const PROPERTIES: &'static [__orm::PropertyDef] = &[
            __glue::column_property::<
                Deferred<String>,
            >(
                    "loud",
                    || __glue::property_expr::<
                        Self,
                        Deferred<String>,
                        _,
                        _,
                    >(upper(Book::title)),
                )
                .deferred(),
            __glue::query_expression::<Deferred<i64>>("n"),
        ];
        fn decode(__row: &dyn __orm::Row, __at: usize) -> __glue::Decoded<Self> {
            ::core::result::Result::Ok(Self {
                id: __orm::Field::read(__row, __at)?,
                title: __orm::Field::read(__row, __at + 1)?,
                text: __orm::Field::read(__row, __at + 2)?,
                loud: __glue::read_property(__row, __at + 3)?,
                n: __glue::read_expression(__row, __at + 4)?,
            })
        }
        fn value(&self, __position: usize) -> ::core::option::Option<__orm::Value> {
            match __position {
                0 => __orm::Field::value(&self.id),
                1 => __orm::Field::value(&self.title),
                2 => __orm::Field::value(&self.text),
                3 => __orm::Field::value(&self.loud),
                4 => __orm::Field::value(&self.n),
                _ => ::core::option::Option::None,
            }
        }
        fn put(&mut self, __position: usize, __value: __orm::Value) -> __glue::Put {
            match __position {
                0 => __orm::Field::put(&mut self.id, __value),
                1 => __orm::Field::put(&mut self.title, __value),
                2 => __orm::Field::put(&mut self.text, __value),
                3 => __orm::Field::put(&mut self.loud, __value),
                4 => __orm::Field::put(&mut self.n, __value),
                _ => __glue::no_such_column("Book", __position),
            }
        }
        fn leave_out(&mut self, __position: usize) {
            match __position {
                1 => __orm::Field::leave_out(&mut self.title),
                2 => __orm::Field::leave_out(&mut self.text),
                3 => __orm::Field::leave_out(&mut self.loud),
                4 => __orm::Field::leave_out(&mut self.n),
                _ => {}
            }
        }
    "#]]
    .assert_eq(&excerpt(output, "const PROPERTIES", "fn relation"));
}
