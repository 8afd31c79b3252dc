use expect_test::{Expect, expect};

use super::{errors, mapped, sql_type};

fn check(input: &str, expected: Expect) {
    expected.assert_eq(&errors(mapped(input)));
}

fn check_sql_type(input: &str, expected: Expect) {
    expected.assert_eq(&errors(sql_type(input)));
}

#[test]
fn all_errors_are_reported_at_once() {
    check(
        r#"
        #[mapped(tabel = "user", schema = 5)]
        struct User {
            #[column(primary, primary_key = true)]
            id: i64,
            #[column(length = "30", length = 30, unique)]
            name: String,
            #[column(on_delete = "destroy", foreign_key = id)]
            group_id: i64,
            #[relationship(cascade = "all, orphans", lazy = "eager")]
            addresses: Many<Address>,
        }
        "#,
        expect![[r#"
            `#[column]` has no `primary`; it knows `primary_key`, `name`, `length`, `bits`, `precision`, `scale`, `unique`, `index`, `foreign_key`, `on_delete`, `on_update`, `deferrable`, `match_full`, `check`, `default`, `version`, `server_default`, `computed`, `virtual`, `identity`, `autoincrement`, `collation`, `deferred`, `deferred_group`, `comment`, `accessor`
            `primary_key` takes no value
            `length` is given twice
            expected `length = 30`
            `destroy` is not one of `cascade`, `set null`, `set default`, `restrict`, `no action`
            expected `foreign_key = User::id`
            `orphans` is not one of `save-update`, `merge`, `delete`, `delete-orphan`, `refresh-expire`, `expunge`, `all`, `none`
            `eager` is not one of `select`, `joined`, `selectin`, `subquery`, `immediate`, `raise`, `raise_on_sql`, `noload`, `write_only`
            `#[mapped]` has no `tabel`; it knows `table`, `schema`, `primary_key`, `index`, `unique`, `check`, `foreign_key`, `comment`, `new`, `crate`
            expected `schema = "schema_name"`
        "#]],
    );
}

#[test]
fn after_an_error_the_rest_is_emitted() {
    let output = mapped("struct User { #[column(primary)] id: i64, name: String }").to_string();
    for item in ["const User :", "const name :", "impl __orm :: Mapped for User"] {
        assert!(output.contains(item), "{item} is missing in {output}");
    }
}

#[test]
fn what_cannot_be_a_table() {
    check(
        "struct User<T> { id: T }",
        expect![[r#"
        `User` has generics, and a table has not: map a struct without generics
    "#]],
    );
    check(
        "struct User(i64);",
        expect![[r#"
        `Mapped` cannot be derived for a tuple struct: give each field a name, `struct … { id: i64 }`
    "#]],
    );
    check(
        "struct User;",
        expect![[r#"
        `Mapped` cannot be derived for a unit struct: give it a field for each column, `struct … { id: i64 }`
    "#]],
    );
    check(
        "enum User { A }",
        expect![[r#"
        `Mapped` cannot be derived for an enum: map a struct; the type of one column is `#[derive(SqlType)]`
    "#]],
    );
    check(
        "union User { a: i64 }",
        expect![[r#"
        `Mapped` cannot be derived for a union: map a struct with named fields
    "#]],
    );
    check(
        "struct User {}",
        expect![[r#"
        `User` has no column; give it at least a `#[column(primary_key)]`
    "#]],
    );
}

#[test]
fn primary_keys() {
    check(
        "struct User { name: String }",
        expect![[r#"
        `User` has no primary key, by which the session tells its rows apart; mark a field `#[column(primary_key)]`
    "#]],
    );
    check(
        "struct User { #[column(primary_key)] id: Option<i64> }",
        expect![[r#"
        the primary key `id` cannot be NULL: take the `Option` off
    "#]],
    );
}

#[test]
fn names() {
    check(
        r#"
        #[mapped(index(id, nam), unique(id, id), index(columns(addresses), unique))]
        struct User {
            #[column(primary_key)]
            id: i64,
            #[column(name = "ID")]
            name: String,
            #[column(accessor = name)]
            describe: String,
            #[relationship]
            addresses: Many<Address>,
        }
        "#,
        expect![[r#"
            `id` and `name` are both the column `ID`; give one of them another `name`
            `name` and `describe` have one accessor, `name`
            `User` has no column field `nam`; it has `id`, `name`, `describe`
            `User` has no column field `addresses` (it is a relationship); it has `id`, `name`, `describe`
            `id` stands twice in this `unique`
        "#]],
    );
}

#[test]
fn columns() {
    check(
        r#"
        struct User {
            #[column(primary_key)]
            id: i64,
            #[column(scale = 2)]
            a: Decimal,
            #[column(on_delete = "cascade", on_update = "cascade")]
            b: i64,
            #[column(computed = "b + 1", default = now)]
            c: Auto<i64>,
            #[column(identity, server_default = "1")]
            d: Auto<i64>,
            #[column(default = 1 + 1)]
            e: Auto<i64>,
            #[column(primary_key, foreign_key = User::id, on_delete = "set null")]
            f: i64,
            #[column(length = 4294967296)]
            g: String,
        }
        "#,
        expect![[r#"
            `on_delete` needs a foreign key, and `b` has none; add `foreign_key = Table::column`
            `on_update` needs a foreign key, and `b` has none; add `foreign_key = Table::column`
            `default` takes the name of a function, or a literal
            number too large to fit in target type
            `scale` is the part of `precision` behind the point: add `precision = …`
            `c` is `computed` by the database, so it takes no `default`
            `d` is counted up (`identity`), so it takes no `server_default`
            `set null` cannot be: `f` belongs to the primary key
        "#]],
    );
}

#[test]
fn attributes_and_fields_that_do_not_fit() {
    check(
        r#"
        #[column(table = "user")]
        struct User {
            #[column(primary_key)]
            id: i64,
            #[mapped(length = 30)]
            name: String,
            addresses: Many<Address>,
            #[column]
            group: One<Option<Group>>,
        }
        "#,
        expect![[r#"
            `#[column]` stands on a field; the struct's own is `#[mapped(…)]`
            `#[mapped]` stands on the struct; a field's own are `#[column(…)]` and `#[relationship(…)]`
            `addresses` is a `Many`: it needs a `#[relationship]`
            `group` is a `One`: it needs a `#[relationship]`, and not `#[column]`
        "#]],
    );
}

#[test]
fn foreign_keys() {
    check(
        r#"
        #[mapped(
            foreign_key(columns(a, b), references(Order::id)),
            foreign_key(columns(a, b), references(Order::id, User::id)),
            foreign_key(columns(a)),
            foreign_key(columns(a, c), references(Order::id, Order::no)),
            check("a", "b"),
            check(name = "ck")
        )]
        struct Line { #[column(primary_key)] id: i64, a: i64, b: i64 }
        "#,
        expect![[r#"
            this `foreign_key` has 2 columns and references 1: they go in pairs
            all columns that one `foreign_key` references must be of one struct
            this `foreign_key` lacks `references(…)`
            `check` takes one condition: `check("SQL")`
            this `check` lacks `sql = "…"`
            `Line` has no column field `c`; it has `id`, `a`, `b`
        "#]],
    );
}

#[test]
fn relationships() {
    check(
        r#"
        struct User {
            #[column(primary_key)]
            id: i64,
            #[column(foreign_key = Address::id)]
            billing_id: i64,
            #[column(foreign_key = Address::id)]
            shipping_id: i64,
            #[relationship]
            billing: One<Address>,
            #[relationship]
            name: Vec<String>,
            #[relationship]
            #[column]
            both: Many<Address>,
            #[relationship(cascade = "delete-orphan")]
            orphans: Many<Address>,
            #[relationship(viewonly, cascade = "all", post_update)]
            seen: Many<Address>,
            #[relationship(passive_deletes = "all", cascade = "all")]
            passive: Many<Address>,
            #[relationship(foreign_key = User::billing_id)]
            wrong_side: Many<Address>,
            #[relationship(secondary = Link, foreign_key = Link::id)]
            linked: Many<Address>,
            #[relationship(source_key = Link::id, order_by = Address::id.up())]
            unlinked: Many<Address>,
        }
        "#,
        expect![[r#"
            the relationship `name` must be a `Many<T>`, a `One<T>`, a `One<Option<T>>` or a `WriteOnly<T>`
            `both` cannot be both a `#[column]` and a `#[relationship]`
            `delete-orphan` needs `delete` beside it: `cascade = "all, delete-orphan"`
            `foreign_key` does not go with `secondary`: name the keys of the link table by `source_key` and `target_key`
            expected a column, `Address::id`, `Address::id.asc()` or `Address::id.desc()`
            `source_key` and `target_key` are keys of a link table: add `secondary = LinkTable`
            `User` has several foreign keys that could carry `billing`: `User::billing_id`, `User::shipping_id`; name one, `#[relationship(foreign_key = User::billing_id)]`
            `seen` is `viewonly`, so no `save-update`, `delete` or `delete-orphan` reaches its target
            `seen` is `viewonly`, so `post_update` has nothing to do
            `passive_deletes = "all"` leaves all deleting to the database, so the cascade cannot have `delete`
            `wrong_side` leads to many, so its foreign key is a column of `Address`, `Address::…`
        "#]],
    );
}

#[test]
fn sql_types() {
    check_sql_type(
        "struct Email<T>(T);",
        expect![[r#"
            `Email` has generics, and a SQL type has not: derive it for a type without generics
        "#]],
    );
    check_sql_type(
        "struct Point { x: f64, y: f64 }",
        expect![[r#"
        `SqlType` cannot be derived for a struct with 2 fields: a newtype has one, `struct Email(String)`
    "#]],
    );
    check_sql_type(
        "struct Email(Option<String>);",
        expect![[r#"
        a SQL type is not NULL by itself: hold a `String` here, and use `Option<Email>` for a column that may be NULL
    "#]],
    );
    check_sql_type(
        "#[sql_type(name = \"email\")] struct Email(String);",
        expect![[r#"
        this is for enums, and `Email` is a struct: it is stored as what it holds
    "#]],
    );
    check_sql_type(
        "union Email { a: i64 }",
        expect![[r#"
        `SqlType` cannot be derived for a union: use a struct with one field, or an enum
    "#]],
    );
    check_sql_type(
        "enum Mood {}",
        expect![[r#"
        `Mood` has no variant, so no column could have a value
    "#]],
    );
    check_sql_type(
        r#"
        #[sql_type(rename_all = "Snake")]
        enum Mood { Sad(i64), #[sql_type(renamed = "x")] Happy, #[sql_type(rename = "happy")] Glad }
        "#,
        expect![[r#"
            `Snake` is not one of `snake_case`, `kebab-case`, `SCREAMING_SNAKE_CASE`, `SCREAMING-KEBAB-CASE`, `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`
            the variant `Sad` holds data, which a SQL enum cannot: use unit variants only
            `#[sql_type]` has no `renamed`; it knows `rename`
            `Happy` and `Glad` are both stored as `happy`
        "#]],
    );
    check_sql_type(
        "#[sql_type(repr = \"i16\", name = \"x\")] enum Mood { Sad, #[sql_type(rename = \"x\")] Happy }",
        expect![[r#"
            `Mood` is stored as integers (`repr`): they have no names
            `#[sql_type]` has nothing to say about a variant that is stored as an integer
        "#]],
    );
}

#[test]
fn indexes() {
    check(
        r#"
        #[mapped(
            index(columns(name), expression = "lower(name)"),
            index(using = "gin"),
            index(columns(name.up())),
            index(columns(name(asc))),
            index(columns(name(nulls = "middle", length = 0, operator_class = ""))),
            index(columns("lower(name)"(length = 3), " ")),
            index(columns(name), filter = "a", where = "b"),
            index(columns(name), nulls_not_distinct),
            index(columns(name), include(name, nam, id, id)),
            index(name, name.desc()),
            index(name = "ix", columns(name), uniq)
        )]
        struct User {
            #[column(primary_key)]
            id: i64,
            name: String,
        }
        "#,
        expect![[r#"
            beside columns, an expression stands among them: `columns(…, "lower(name)")`
            this `index` lacks `columns(…)`
            expected `columns(a, b.desc(), c(nulls = "last"), "lower(d)")`
            `name(…)` has no `asc`; it knows `desc`, `nulls`, `operator_class`, `collation`, `length`
            `middle` is not one of `first`, `last`
            `operator_class` cannot be empty
            `filter` and `where` say the same: keep one
            `index(…)` has no `uniq`; it knows `name`, `columns`, `expression`, `unique`, `using`, `include`, `filter`, `where`, `nulls_not_distinct`
            `length` is at least 1
            `length` keeps the first part of a column; an expression says so itself
            an expression cannot be empty
            `nulls_not_distinct` is for values that must differ: add `unique`
            `User` has no column field `nam`; it has `id`, `name`
            `id` stands twice in this `include`
            `name` is in the index already: take it out of `include`
            `name` stands twice in this `index`
        "#]],
    );
}

#[test]
fn constraints() {
    check(
        r#"
        #[mapped(
            primary_key(id),
            unique(columns(name), deferrable),
            unique(columns(name), deferrable = "later"),
            unique(name = "uq_name", nulls_not_distinct),
            unique(columns(name.desc())),
            foreign_key(columns(name), references(Name::name), match_full = true)
        )]
        struct User {
            #[column(primary_key)]
            id: i64,
            #[column(deferrable = "deferred", match_full)]
            name: String,
            #[column(check = "", check = "a")]
            age: i64,
            #[column(check)]
            size: i64,
        }
        "#,
        expect![[r#"
            `deferrable` needs a foreign key, and `name` has none; add `foreign_key = Table::column`
            `match_full` needs a foreign key, and `name` has none; add `foreign_key = Table::column`
            `check` is given twice
            `check` cannot be empty
            expected `check = "SQL"` or `check(name = "ck", sql = "SQL")`
            `primary_key(…)` has no `id`; it knows `name`
            expected `deferrable = "deferred"`
            `later` is not one of `immediate`, `deferred`
            this `unique` lacks `columns(…)`
            expected `columns(a, b)`
            `match_full` takes no value
        "#]],
    );
    check(
        "#[mapped(primary_key)] struct User { #[column(primary_key)] id: i64 }",
        expect![[r#"
            expected `primary_key(name = "pk_name")`
        "#]],
    );
    check(
        "#[mapped(primary_key())] struct User { #[column(primary_key)] id: i64 }",
        expect![[r#"
        this `primary_key` lacks `name = "…"`
    "#]],
    );
}

#[test]
fn columns_that_count_and_compute() {
    check(
        r#"
        struct User {
            #[column(primary_key, identity(start = "1", always = true, step = 2))]
            id: i64,
            #[column(identity(start = 1, increment = 0, min_value = 5, max_value = 5, cache = 0))]
            a: Auto<i64>,
            #[column(identity(start = 7, max_value = 5))]
            b: Auto<i64>,
            #[column(identity(start = 9223372036854775808), autoincrement)]
            c: Auto<i64>,
            #[column(identity = "always")]
            d: Auto<i64>,
            #[column(virtual)]
            e: i64,
            #[column(computed = "a + 1", identity(always))]
            f: Auto<i64>,
            #[column(bits = 0)]
            g: BitString,
            #[column(bits = 8, length = 8)]
            h: BitString,
            #[column(collation = "")]
            i: String,
            #[column(identity(increment = 5i8))]
            j: Auto<i64>,
        }
        "#,
        expect![[r#"
            `identity(…)` has no `step`; it knows `always`, `start`, `increment`, `min_value`, `max_value`, `cache`, `cycle`
            expected `start = 100`
            `always` takes no value
            number too large to fit in target type
            `identity` takes no value
            `collation` cannot be empty
            expected `increment = 5`
            `increment` cannot be 0: it would not count
            `cache` is at least 1
            `max_value` must be more than `min_value`, which is 5
            `start` cannot be less than `min_value`, which is 5
            `start` cannot be more than `max_value`, which is 5
            `identity` and `autoincrement` say the same: keep one
            `virtual` says how a value is `computed`: add `computed = "SQL"`
            `f` is `computed` by the database, so it takes no `identity`
            `bits` is at least 1
            `bits` is a fixed number, and `length` the greatest of a changing one: keep one
        "#]],
    );
}

#[test]
fn sql_types_of_ones_own() {
    check_sql_type(
        r#"#[sql_type(decorator, name = "x", native = false, repr = "i16")] enum Tags { A(i64), #[sql_type(rename = "b")] B }"#,
        expect![[r#"
            `Tags` is a `decorator`: its `TypeDecorator` says how it is stored
            `Tags` is a `decorator`: its `TypeDecorator` says how it is stored
            `Tags` is a `decorator`: its `TypeDecorator` says how it is stored
            `#[sql_type]` has nothing to say about what a `TypeDecorator` converts
        "#]],
    );
    check_sql_type(
        "#[sql_type(decorator = true)] struct Tags(Vec<String>);",
        expect![[r#"
        `decorator` takes no value
    "#]],
    );
    check_sql_type(
        "#[sql_type(decorator)] struct Tags<T>(T);",
        expect![[r#"
        `Tags` has generics, and a SQL type has not: derive it for a type without generics
    "#]],
    );
    check_sql_type(
        "#[sql_type(native = false)] struct Email(String);",
        expect![[r#"
        this is for enums, and `Email` is a struct: it is stored as what it holds
    "#]],
    );
    check_sql_type(
        "#[sql_type(native = false, repr = \"i16\")] enum Mood { Sad }",
        expect![[r#"
        `Mood` is stored as integers (`repr`): they have no names
    "#]],
    );
    check_sql_type(
        "#[sql_type(native = \"no\")] enum Mood { Sad }",
        expect![[r#"
        expected `native = false`
    "#]],
    );
}

#[test]
fn how_a_relationship_is_loaded() {
    check(
        r#"
        struct User {
            #[column(primary_key)]
            id: i64,
            #[relationship(lazy = "write_only")]
            addresses: Many<Address>,
            #[relationship(lazy = "selectin")]
            visits: WriteOnly<Visit>,
            #[relationship(lazy = "write_only")]
            orders: WriteOnly<Order>,
            #[relationship(lazy = "selectin", innerjoin)]
            group: One<Group>,
            #[relationship(lazy = "joined", innerjoin)]
            team: One<Team>,
        }
        "#,
        expect![[r#"
            a collection that is never loaded is a field of the type `WriteOnly<T>`
            a `WriteOnly<T>` is never loaded: leave `lazy` off, or make the field a `Many<T>`
            `innerjoin` says how `lazy = "joined"` joins: write both, or leave it off
        "#]],
    );
}

#[test]
fn a_write_only_field_is_mapped_so() {
    let output = mapped(
        "struct User { #[column(primary_key)] id: i64, #[relationship] visits: WriteOnly<Visit>, \
         #[relationship(lazy = \"joined\", innerjoin)] team: One<Team> }",
    )
    .to_string();
    assert!(output.contains(". lazy (__orm :: Lazy :: WriteOnly)"), "{output}");
    assert!(output.contains(". lazy (__orm :: Lazy :: Joined) . inner_join ()"), "{output}");
}

#[test]
fn what_cannot_be_absent() {
    check(
        r#"
        struct Book {
            #[column(primary_key)]
            id: Deferred<i64>,
            #[column(deferred = false, deferred_group = "texts")]
            title: String,
            #[column(version)]
            version: Deferred<i64>,
            #[column(foreign_key = Shelf::id)]
            shelf_id: Deferred<i64>,
        }
        "#,
        expect![[r#"
            `id` is the primary key of its row, which every query reads: take the `Deferred` off
            `deferred` needs a field that can be absent: make `title` a `Deferred`
            `deferred_group` needs a field that can be absent: make `title` a `Deferred`
            `version` is the version of its row, which every query reads: take the `Deferred` off
            `shelf_id` is a foreign key, by which relationships are loaded: take the `Deferred` off
        "#]],
    );
}

#[test]
fn what_is_no_property() {
    check(
        r#"
        struct Book {
            #[column(primary_key)]
            id: i64,
            #[column_property]
            a: Deferred<i64>,
            #[column_property(Book::id + 1, lazy)]
            b: Deferred<i64>,
            #[column_property(Book::id + 1)]
            c: i64,
            #[query_expression]
            #[column]
            d: Deferred<i64>,
            #[query_expression]
            #[column_property(Book::id)]
            e: Deferred<i64>,
            #[column(name = "f")]
            g: i64,
            #[query_expression(accessor = id)]
            f: Deferred<i64>,
        }
        "#,
        expect![[r#"
            expected `#[column_property(expression)]`
            `#[column_property]` has no `lazy`; it knows `deferred`, `deferred_group`, `accessor`
            `c` is absent in a new object: make it a `Deferred` of the expression's type
            `d` is an expression, and no `#[column]` or `#[relationship]`
            `e` is a `column_property` or a `query_expression`: keep one
            `g` is the column `f`; give the property another name
            `id` and `f` have one accessor, `id`
        "#]],
    );
}
