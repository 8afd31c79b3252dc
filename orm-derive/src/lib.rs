//! The derive macros of orm: [`Mapped`](macro@Mapped) for the struct behind a table, [`Record`](macro@Record) for the
//! rows of a query, [`SqlType`](macro@SqlType) for the type of a column.
//!
//! All go parse → model → check → expand, one module each, and report all mistakes at once. They emit data and
//! one-line bodies; what is generic lives in `orm-query`, reached through `::orm::__private`. What needs the types of
//! other structs is not guessed from names but asked of the compiler, by assertions that point to the attribute.
//!
//! Not here: anything that runs, and any name of a database.

mod attr;
mod check;
mod ctxt;
mod expand;
mod model;
mod record;
mod sql_type;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use ctxt::Ctxt;

/// Maps a struct with named fields to a table.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # pub struct User {
/// #     #[column(primary_key)]
/// #     pub id: i64,
/// #     #[relationship(back_populates = user)]
/// #     pub addresses: Many<Address>,
/// # }
/// #[derive(Mapped, Debug, Clone, Default)]
/// #[mapped(table = "address")]
/// pub struct Address {
///     #[column(primary_key)]
///     pub id: i64,
///     pub email_address: String,
///     #[column(foreign_key = User::id, on_delete = "cascade")]
///     pub user_id: i64,
///     #[relationship(back_populates = addresses)]
///     pub user: One<User>,
/// }
///
/// assert_eq!(Address::email_address.name(), "email_address");
/// ```
///
/// Beside the implementation this gives the constant `Address`, as in `select(Address)`, and one constant for each
/// field, `Address::email_address` and `Address::user`, for use in queries. The struct must be `Clone`.
///
/// # `#[mapped(…)]` on the struct
///
/// | key | meaning |
/// | --- | --- |
/// | `table = "…"` | the table's name; else the struct's in snake case |
/// | `schema = "…"` | the schema it lives in |
/// | `primary_key(name = "…")` | the name of the primary key's constraint; its columns are marked on the fields |
/// | `index(a, b.desc())`, `index(columns(a, b), …)` | an index; see below |
/// | `unique(a, b)`, `unique(columns(a, b), …)` | a UNIQUE constraint; also `name = "…"`, `deferrable = "…"`, `nulls_not_distinct` |
/// | `check("SQL")`, `check(name = "…", sql = "SQL")` | a CHECK constraint |
/// | `foreign_key(columns(a, b), references(Order::id, Order::no), …)` | a foreign key of several columns; also `name = "…"`, `on_delete = "…"`, `on_update = "…"`, `deferrable = "…"`, `match_full` |
/// | `comment = "…"` | a comment, where the database keeps them |
/// | `new` | emits `new(…)`, which takes the columns that must be given: not null, no `Auto`, no generated key, no key that a `One` of this struct carries |
/// | `crate = "path"` | where orm is, if not at `::orm` |
///
/// `deferrable` is `"deferred"`, for a constraint that is checked at COMMIT, or `"immediate"`, for one that is checked
/// after each statement unless the transaction defers it. `nulls_not_distinct` lets a NULL equal another one, and
/// `match_full` has the columns of a foreign key NULL together or not at all.
///
/// # `index(…)`
///
/// | key | meaning |
/// | --- | --- |
/// | `columns(a, b.desc(), "lower(c)")` | what it is over, in this order: fields, and expressions in SQL |
/// | `expression = "lower(c)"` | the same for one expression alone |
/// | `name = "…"` | its name; else `ix_<table>_<columns>` |
/// | `unique`, `nulls_not_distinct` | it keeps values unique; and NULLs, too |
/// | `using = "gin"` | the kind of index |
/// | `include(a, b)` | fields that are kept in it and not searched by |
/// | `filter = "SQL"`, `where = "SQL"` | only the rows of this condition are in it |
///
/// A field or an expression takes its options in parentheses, `columns(a(desc, nulls = "last"))`:
///
/// | key | meaning |
/// | --- | --- |
/// | `desc` | from the greatest value to the least, as `a.desc()` |
/// | `nulls = "first"`, `nulls = "last"` | where NULLs stand |
/// | `operator_class = "text_pattern_ops"` | what compares the values |
/// | `collation = "…"` | the collation |
/// | `length = 10` | only the first characters or bytes of a field are in it |
///
/// What a database has not of all this, it refuses when the table is created.
///
/// ```
/// # use orm::prelude::*;
/// #[derive(Mapped, Clone, Default)]
/// #[mapped(
///     index(author, title.desc()),
///     index(name = "ix_article_title", columns("lower(title)", author(desc, nulls = "last")), unique),
///     index(columns(title), where = "author IS NULL")
/// )]
/// struct Article {
///     #[column(primary_key)]
///     id: i64,
///     author: Option<String>,
///     title: String,
/// }
///
/// let [by_author, by_title, anonymous] = &*Article::TABLE.indexes else { unreachable!() };
/// assert!(by_author.columns[1].descending);
/// assert!(by_title.unique && by_title.columns[0].is_expression);
/// assert_eq!(anonymous.filter.as_deref(), Some("author IS NULL"));
/// ```
///
/// # `#[column(…)]` on a field
///
/// A field without attribute is a column, too.
///
/// | key | meaning |
/// | --- | --- |
/// | `primary_key` | belongs to the primary key; a lone integer without foreign key and default is counted up |
/// | `autoincrement = false`, `autoincrement` | is not, or is, counted up by the database |
/// | `identity`, `identity(…)` | is counted up by the database; also how: `always`, `start = 100`, `increment = 5`, `min_value = …`, `max_value = …`, `cache = …`, `cycle` |
/// | `name = "…"` | its name in the database |
/// | `length = 30` | the greatest length of a text, or of a `BitString` |
/// | `bits = 8` | the length of a `BitString`, fixed |
/// | `precision = 10`, `scale = 2` | the digits of a decimal, and those behind the point |
/// | `unique`, `index` | a UNIQUE constraint, an index; both: a unique index |
/// | `foreign_key = User::id` | references that column |
/// | `on_delete = "…"`, `on_update = "…"` | what the foreign key does: `cascade`, `set null`, `set default`, `restrict`, `no action` |
/// | `deferrable = "…"`, `match_full` | options of the foreign key, as on the struct |
/// | `check = "SQL"`, `check(name = "…", sql = "SQL")` | a CHECK constraint |
/// | `default = function` | called for each new row without a value; a literal may stand here as well |
/// | `on_update = function` | called for each change of a row |
/// | `version`, `version = function` | the version of an optimistic lock: an integer that counts up, or what the function `fn(Option<T>) -> T` makes of the version before |
/// | `version, server_default = "SQL"`, `version, computed = "SQL"` | the same, given by the database and read back |
/// | `server_default = "SQL"` | a default that is part of the table |
/// | `computed = "SQL"` | the database computes it, and stores it |
/// | `computed = "SQL", virtual` | the database computes it whenever it is read |
/// | `collation = "…"` | how its text is compared and ordered |
/// | `deferred = false` | a `Deferred` field that is read with every row unless a query leaves it out |
/// | `deferred_group = "…"` | the group by which `undefer_group` asks for it |
/// | `comment = "…"` | a comment, where the database keeps them |
/// | `accessor = name` | the name of its constant, where a method has the field's name |
///
/// A field that a query may leave out is a `Deferred<T>`; without `deferred = false` it is left out unless a query asks for it.
///
/// A field with a default, `computed`, or counted up beside the primary key is an `Auto<T>`, which can be unset.
///
/// # `#[relationship(…)]` on a field
///
/// The field is a `Many<T>`, a `One<T>`, a `One<Option<T>>`, or a `WriteOnly<T>` for a collection too large to be loaded. The foreign key between both structs is found by
/// itself where there is only one.
///
/// | key | meaning |
/// | --- | --- |
/// | `back_populates = field` | the field of the other struct that is the other side of this one |
/// | `foreign_key = Address::billing_id` | which one of several foreign keys, on either side |
/// | `secondary = UserGroup` | goes through the link table of that mapped struct |
/// | `source_key = …`, `target_key = …` | which of the link table's keys lead to this struct and to the other |
/// | `cascade = "all, delete-orphan"` | `save-update`, `merge`, `delete`, `delete-orphan`, `refresh-expire`, `expunge`, `all`, `none`; else `save-update, merge` |
/// | `order_by = Address::id`, `order_by(Address::a.desc(), Address::b)` | the order of a collection |
/// | `lazy = "…"` | when it is loaded: `select`, `joined`, `selectin`, `subquery`, `immediate`, `raise`, `raise_on_sql`, `noload`, `write_only` |
/// | `innerjoin` | beside `lazy = "joined"`: joins by an inner join |
/// | `passive_deletes`, `passive_deletes = "all"` | leaves children that are not loaded, or all, to the database |
/// | `passive_updates = false`, `passive_updates` | the session, or the database, changes the key of children when that of their parent changes; else the foreign key's `on_update` tells |
/// | `viewonly` | is never written |
/// | `single_parent` | promises that a target has one parent at most |
/// | `post_update` | writes its key by an UPDATE of its own |
/// | `accessor = name` | the name of its constant and of the relationship |
///
/// # `#[column_property(expression)]` on a field
///
/// The field is a `Deferred<T>` and no column: it is an SQL expression over the struct's own columns, or a correlated
/// subquery, that is read with the object and never written: `#[column_property(User::first.concat(" ").concat(User::last))]`.
/// It is absent in a new object, and after its row was changed, until it is read again. Its constant stands wherever an
/// expression may.
///
/// | key | meaning |
/// | --- | --- |
/// | `deferred` | is read only where a query says `undefer` |
/// | `deferred_group = "…"` | the same, in a group |
/// | `accessor = name` | the name of its constant |
///
/// `#[query_expression]` stands on such a field of which each query says itself what it is, by `with_expression`.
#[proc_macro_derive(Mapped, attributes(mapped, column, relationship, column_property, query_expression))]
pub fn derive_mapped(input: TokenStream) -> TokenStream {
    mapped(parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a newtype or an enum the type of a column.
///
/// ```
/// # use orm::prelude::*;
/// #[derive(SqlType, Debug, Clone, PartialEq)]
/// struct Email(String);
///
/// #[derive(SqlType, Debug, Clone, PartialEq)]
/// #[sql_type(rename_all = "kebab-case")]
/// enum Mood { VerySad, Happy }
///
/// #[derive(SqlType, Debug, Clone, PartialEq)]
/// #[sql_type(repr = "i16")]
/// enum Level { Low = 1, High = 10 }
///
/// assert_eq!(Mood::VerySad.to_value(), orm::Value::Text("very-sad".into()));
/// assert_eq!(Level::High.to_value(), orm::Value::I16(10));
/// ```
///
/// A newtype is stored as what it holds, an enum as text, or as its discriminants, and a type with a `TypeDecorator` as
/// that says. The type stands for itself: a column of it is compared with its own values only. It must be `Clone`, and
/// holds no `Option`; a column that may be NULL is an `Option` of it. A `Vec` of it is an array, where one of what it is
/// stored as is.
///
/// # `#[sql_type(…)]`
///
/// | key | on | meaning |
/// | --- | --- | --- |
/// | `name = "…"` | an enum | the name of the SQL enum; else the type's in snake case |
/// | `rename_all = "…"` | an enum | how values are spelled: `snake_case` (so unless said), `kebab-case`, `SCREAMING_SNAKE_CASE`, `SCREAMING-KEBAB-CASE`, `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase` |
/// | `rename = "…"` | a variant | its value |
/// | `native = false` | an enum | is text with a CHECK even where the database has enums of its own |
/// | `repr = "i32"` | an enum | stores its discriminants as `i16`, `i32` or `i64` |
/// | `decorator` | any type | is converted on its way by its `TypeDecorator` |
/// | `crate = "path"` | the type | where orm is, if not at `::orm` |
#[proc_macro_derive(SqlType, attributes(sql_type))]
pub fn derive_sql_type(input: TokenStream) -> TokenStream {
    sql_type::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a struct with named fields the rows of a query, and the name of a subquery, a CTE or a `VALUES` list in FROM.
///
/// ```
/// # use orm::prelude::*;
/// # #[derive(Mapped, Debug, Clone, Default)]
/// # #[mapped(new)]
/// # struct Post {
/// #     #[column(primary_key)]
/// #     id: i64,
/// #     author: String,
/// # }
/// #[derive(Record, Debug, Clone, PartialEq)]
/// struct PostCount {
///     author: String,
///     n: i64,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> orm::Result<()> {
/// # let engine = Engine::new("sqlite::memory:")?;
/// # metadata![Post].create_all(&engine).await?;
/// # engine.execute(insert(Post).values([Post::new("a"), Post::new("b"), Post::new("a")])).await?;
/// let counts = select((Post::author, count(Post))).group_by(Post::author).cte(PostCount);
/// let busy = select(PostCount).with(counts).filter(PostCount::n.gt(1));
/// assert_eq!(engine.all(busy).await?, [PostCount { author: "a".into(), n: 2 }]);
/// # Ok(())
/// # }
/// ```
///
/// Beside the implementation this gives the constant `PostCount`, which stands in FROM and in a select list, and one
/// constant for each field, `PostCount::n`. Rows are read by position: the fields stand in the order of the columns. What
/// may be NULL is an `Option`.
///
/// # `#[record(…)]` on the struct
///
/// | key | meaning |
/// | --- | --- |
/// | `name = "…"` | its name in SQL; else the struct's in snake case |
/// | `crate = "path"` | where orm is, if not at `::orm` |
///
/// # `#[record(…)]` on a field
///
/// | key | meaning |
/// | --- | --- |
/// | `entity` | the field is an entity, a mapped struct; an `Option` of it where an outer join may leave it out |
/// | `nested` | the field is another record: that of a source in the select list, or a tuple in it; an `Option` of the former where an outer join may leave it out |
///
/// A record with such a field is what rows become by `.into_record::<…>()`; it names nothing in FROM.
///
/// # `#[column(…)]` on a field
///
/// | key | meaning |
/// | --- | --- |
/// | `name = "…"` | its name in SQL |
/// | `accessor = name` | the name of its constant, where a method has the field's name |
#[proc_macro_derive(Record, attributes(record, column))]
pub fn derive_record(input: TokenStream) -> TokenStream {
    record::derive(parse_macro_input!(input as DeriveInput)).into()
}

fn mapped(input: DeriveInput) -> proc_macro2::TokenStream {
    let cx = Ctxt::default();
    let input = model::name_self(input);
    let output = match model::Model::parse(&cx, &input) {
        Some(model) => {
            check::check(&cx, &model);
            expand::expand(&model, cx.is_clean())
        }
        None => expand::stub(&input, &model::default_orm()),
    };
    let errors = cx.into_compile_errors();
    quote::quote!(#errors #output)
}

#[cfg(test)]
mod tests;
