//! What the derive macros' options become, from the attribute to the database.

use std::error::Error;

use orm::prelude::*;
use orm::schema::{
    CheckDef, ColumnDef, Counter, Deferrable, ForeignKeyDef, IdentityDef, IndexColumn, IndexDef, Name,
    TableDef, UniqueDef,
};
use orm::tree::NullsOrder;
use orm::{BitString, DataType, Features, Inspector, IntegrityKind, ReflectTable, TypeDecorator, Value};

use crate::databases::{on_each, on_each_with};

/// The table comes back as it was defined, or the database says that it has no such thing.
async fn kept<E: Mapped>(has: impl Fn(&Features) -> bool) {
    on_each(async |db| {
        let created = MetaData::new().with::<E>().create_all(&db.engine).await;
        if !has(&db.features) {
            let error = created.unwrap_err();
            assert!(matches!(error, orm::Error::Unsupported { .. }), "{error}");
            return;
        }
        created.unwrap();
        let mut found = TableDef::reflect(&db.engine, E::NAME).await.unwrap();
        if db.server.is_some_and(|server| server.is_seekdb()) {
            // seekdb does not tell which columns of an index descend.
            for (found, defined) in found.indexes.to_mut().iter_mut().zip(E::TABLE.indexes.iter()) {
                for (found, defined) in found.columns.to_mut().iter_mut().zip(defined.columns.iter()) {
                    found.descending = defined.descending;
                }
            }
        }
        assert_eq!(E::TABLE.differences(&found, db.engine.dialect()), [], "{found:#?}");
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(
    primary_key(name = "pk_shelf"),
    unique(name = "uq_shelf_place", columns(room, place)),
    index(room, place.desc()),
    index(name = "ix_shelf_label", columns(label(desc), width), unique),
    check(name = "ck_shelf_place", sql = "place >= 0")
)]
struct Shelf {
    #[column(primary_key)]
    id: i64,
    room: i32,
    place: i32,
    #[column(length = 40)]
    label: String,
    #[column(check(name = "ck_shelf_width", sql = "width > 0"))]
    width: i64,
    // MariaDB takes no NOT NULL here.
    #[column(computed = "width * 2")]
    double: Auto<Option<i64>>,
    #[column(bits = 8)]
    flags: BitString,
}

#[tokio::test]
async fn what_every_database_has() {
    kept::<Shelf>(|_| true).await;
    on_each(async |db| {
        metadata![Shelf].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        let shelf = Shelf { width: 21, flags: "10110001".parse().unwrap(), ..default() };
        let added = session.add(shelf.clone());
        session.commit().await.unwrap();
        session.refresh(added).await.unwrap();
        assert_eq!(*session[added].double, Some(42));
        assert_eq!(session[added].flags, shelf.flags);

        session.add(Shelf { width: 0, place: 1, ..shelf.clone() });
        let error = session.flush().await.unwrap_err();
        assert!(matches!(error, orm::Error::Integrity { kind: IntegrityKind::Check, .. }), "{error}");

        let mut session = Session::new(&db.engine);
        session.add(Shelf { flags: "1".parse().unwrap(), room: 1, width: 1, ..shelf });
        let error = session.flush().await.unwrap_err();
        assert!(matches!(error, orm::Error::Compile(orm::CompileError::Value { .. })), "{error}");
    })
    .await;
}

#[derive(Mapped, Clone)]
#[mapped(index(name = "ix_lower", expression = "lower(name)"), index(name = "ix_two", columns(size, "abs(size)"(desc))))]
struct ByExpression {
    #[column(primary_key)]
    id: i64,
    #[column(length = 40)]
    name: String,
    size: i32,
}

#[derive(Mapped, Clone)]
#[mapped(index(columns(size), where = "size > 0"), index(columns(id, size.desc()), filter = "size < 0", unique))]
struct Partial {
    #[column(primary_key)]
    id: i64,
    size: i32,
}

#[derive(Mapped, Clone)]
#[mapped(index(columns(name(length = 5))))]
struct Prefix {
    #[column(primary_key)]
    id: i64,
    name: String,
}

#[derive(Mapped, Clone)]
#[mapped(
    index(name = "ix_class", columns(name(operator_class = "text_pattern_ops")), include(size)),
    index(columns(size), using = "hash")
)]
struct Methods {
    #[column(primary_key)]
    id: i64,
    name: String,
    size: i32,
}

#[derive(Mapped, Clone)]
#[mapped(index(name = "ix_nulls", columns(size(desc, nulls = "last"), name(nulls = "first"))))]
struct Nulls {
    #[column(primary_key)]
    id: i64,
    size: Option<i32>,
    name: Option<String>,
}

#[tokio::test]
async fn indexes() {
    kept::<ByExpression>(|features| features.expression_indexes).await;
    kept::<Partial>(|features| features.partial_indexes).await;
    kept::<Prefix>(|features| features.prefix_indexes).await;
    kept::<Methods>(|features| features.index_methods).await;
    kept::<Nulls>(|features| features.index_nulls).await;
}

#[derive(Mapped, Clone)]
#[mapped(
    unique(name = "uq_slot", columns(room, hour), nulls_not_distinct),
    index(name = "ix_slot", columns(hour), unique, nulls_not_distinct)
)]
struct Slot {
    #[column(primary_key)]
    id: i64,
    room: Option<i32>,
    hour: Option<i32>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(foreign_key(
    name = "fk_node_next",
    columns(next_id),
    references(Node::id),
    deferrable = "deferred"
))]
struct Node {
    #[column(primary_key, autoincrement = false)]
    id: i64,
    #[column(foreign_key = Node::id, deferrable = "immediate")]
    parent_id: Option<i64>,
    next_id: Option<i64>,
}

#[derive(Mapped, Clone)]
#[mapped(foreign_key(columns(a, b), references(Self::x, Self::y), match_full), unique(x, y))]
struct Full {
    #[column(primary_key)]
    id: i64,
    x: i32,
    y: i32,
    a: Option<i32>,
    b: Option<i32>,
}

#[tokio::test]
async fn constraints() {
    kept::<Slot>(|features| features.nulls_not_distinct).await;
    kept::<Node>(|features| features.deferrable_constraints).await;
    kept::<Full>(|features| features.match_full).await;
}

/// Two rows that wait for each other's key: only at COMMIT both are there.
#[tokio::test]
async fn a_deferred_foreign_key_is_checked_at_commit() {
    on_each_with(
        |features| features.deferrable_constraints,
        "deferrable constraints",
        async |db| {
            metadata![Node].create_all(&db.engine).await.unwrap();
            let mut connection = db.engine.connect().await.unwrap();
            for (id, next_id) in [(1, 2), (2, 1)] {
                let row = Node { id, next_id: Some(next_id), ..default() };
                connection.execute(insert(Node).values(row)).await.unwrap();
            }
            connection.commit().await.unwrap();
            connection
                .execute(insert(Node).values(Node { id: 3, next_id: Some(4), ..default() }))
                .await
                .unwrap();
            let error = connection.commit().await.unwrap_err();
            assert!(
                matches!(error, orm::Error::Integrity { kind: IntegrityKind::ForeignKey, .. }),
                "{error}"
            );
        },
    )
    .await;
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
struct Ticket {
    #[column(
        primary_key,
        identity(start = 100, increment = 5, min_value = 10, max_value = 1000, cache = 20)
    )]
    id: i64,
}

#[derive(Mapped, Clone)]
struct Virtual {
    #[column(primary_key)]
    id: i64,
    size: i32,
    #[column(computed = "size + 1", virtual)]
    next: Auto<Option<i32>>,
}

#[tokio::test]
async fn columns() {
    kept::<Ticket>(|features| features.identity_options).await;
    kept::<Virtual>(|features| features.virtual_columns).await;
    on_each_with(
        |features| features.identity_options,
        "identity columns with options",
        async |db| {
            metadata![Ticket].create_all(&db.engine).await.unwrap();
            let mut session = Session::new(&db.engine);
            session.add_all([Ticket::default(), Ticket::default()]);
            session.commit().await.unwrap();
            assert_eq!(db.engine.all(select(Ticket::id).order_by(Ticket::id)).await.unwrap(), [100, 105]);
        },
    )
    .await;
}

/// Everything at once, in the table as data.
#[derive(Mapped, Clone)]
#[mapped(
    table = "all_of_it",
    primary_key(name = "pk_all"),
    index(name = "ix", columns(
        name(desc, nulls = "first", operator_class = "text_ops", collation = "C", length = 7),
        "lower(name)".asc()
    ), unique, nulls_not_distinct, using = "btree", include(flags), filter = "id > 0"),
    unique(name = "uq", columns(id, name), deferrable = "immediate", nulls_not_distinct),
    foreign_key(name = "fk", columns(number), references(Self::number), deferrable = "deferred", match_full)
)]
struct Everything {
    #[column(primary_key)]
    id: i64,
    #[column(
        identity(always, start = -1, increment = -2, min_value = -9, max_value = -1, cache = 3, cycle),
        foreign_key = Self::id, deferrable = "immediate", match_full, check = "number < 0"
    )]
    number: Auto<i64>,
    #[column(collation = "C", length = 9)]
    name: String,
    #[column(bits = 3)]
    flags: BitString,
    #[column(length = 5)]
    mask: Option<BitString>,
    #[column(computed = "id + 1", virtual)]
    next: Auto<i64>,
    #[column(computed = "id - 1")]
    before: Auto<i64>,
}

fn names(columns: &[&'static str]) -> orm::schema::List<Name> {
    columns.iter().map(|name| Name::from(*name)).collect::<Vec<_>>().into()
}

#[test]
fn everything_is_in_the_definition() {
    let counter = Counter::new().start(-1).increment(-2).min_value(-9).max_value(-1).cache(3).cycle();
    let auto = |name| {
        let mut column = ColumnDef::new(name, DataType::BigInt);
        column.auto = true;
        column
    };
    let columns = vec![
        ColumnDef::new("id", DataType::BigInt).primary_key().autoincrement(),
        auto("number").identity(IdentityDef::always(counter)),
        ColumnDef::new("name", DataType::Varchar(9)).collation("C"),
        ColumnDef::new("flags", DataType::Bit(3)),
        ColumnDef::new("mask", DataType::BitVarying(Some(5))).nullable(true),
        auto("next").computed_virtual("id + 1"),
        auto("before").computed("id - 1"),
    ];
    let reference = |column| ForeignKeyDef::new(names(&["number"]), "all_of_it".into(), names(&[column]));
    let name = IndexColumn::new("name".into()).descending().nulls(NullsOrder::First);
    let name = name.operator_class("text_ops").collation("C").length(7);
    let mut index = IndexDef::new(
        Some("ix".into()),
        vec![name, IndexColumn::expression("lower(name)".into())].into(),
        true,
    );
    index.include = names(&["flags"]);
    let unique = UniqueDef::new(Some("uq".into()), names(&["id", "name"]));
    let mut expected = TableDef::new("all_of_it".into(), columns.into());
    expected.primary_key_name = Some("pk_all".into());
    expected.foreign_keys = vec![
        reference("id").deferrable(Deferrable::InitiallyImmediate).match_full(),
        reference("number").name("fk").deferrable(Deferrable::InitiallyDeferred).match_full(),
    ]
    .into();
    expected.uniques = vec![unique.deferrable(Deferrable::InitiallyImmediate).nulls_not_distinct()].into();
    expected.checks = vec![CheckDef::new(None, "number < 0".into())].into();
    expected.indexes = vec![index.method("btree").filter("id > 0").nulls_not_distinct()].into();
    assert_eq!(*Everything::TABLE, expected);
}

/// Kept as `red,green`.
#[derive(SqlType, Debug, Clone, PartialEq, Default)]
#[sql_type(decorator)]
struct Tags(Vec<String>);

impl TypeDecorator for Tags {
    type Impl = String;

    fn process_bind(&self) -> String {
        self.0.join(",")
    }

    fn process_result(text: String) -> Result<Self, Box<dyn Error + Send + Sync>> {
        if text.contains(",,") {
            return Err("an empty tag".into());
        }
        Ok(Tags(text.split_terminator(',').map(str::to_owned).collect()))
    }
}

/// Kept as an integer of another type than its own.
#[derive(SqlType, Debug, Clone, Copy, PartialEq)]
#[sql_type(decorator)]
enum Temperature {
    Celsius(i16),
    Unknown,
}

impl TypeDecorator for Temperature {
    type Impl = i64;
    const DATA_TYPE: DataType = DataType::SmallInt;

    fn process_bind(&self) -> i64 {
        match self {
            Temperature::Celsius(degrees) => i64::from(*degrees),
            Temperature::Unknown => -1000,
        }
    }

    fn process_result(degrees: i64) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(match degrees {
            -1000 => Temperature::Unknown,
            degrees => Temperature::Celsius(degrees.try_into()?),
        })
    }
}

#[derive(Mapped, Debug, Clone, PartialEq)]
struct Article {
    #[column(primary_key)]
    id: i64,
    #[column(length = 100)]
    tags: Tags,
    more: Option<Tags>,
    warmth: Temperature,
}

fn tags(tags: &[&str]) -> Tags {
    Tags(tags.iter().map(ToString::to_string).collect())
}

#[tokio::test]
async fn a_decorated_type_is_converted_both_ways() {
    on_each(async |db| {
        metadata![Article].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        let first =
            Article { id: 0, tags: tags(&["red", "green"]), more: None, warmth: Temperature::Celsius(-7) };
        let second = Article {
            tags: tags(&[]),
            more: Some(tags(&["x"])),
            warmth: Temperature::Unknown,
            ..first.clone()
        };
        session.add_all([first.clone(), second.clone()]);
        session.commit().await.unwrap();
        let all = select(Article).order_by(Article::id);
        let expected = [Article { id: 1, ..first }, Article { id: 2, ..second }];
        assert_eq!(db.engine.all(all).await.unwrap(), expected);
        let kept = crate::databases::rows(&db.engine, "article", "tags, more, warmth").await;
        assert_eq!(kept, ["red,green|NULL|-7", "|x|-1000"]);

        let is_red = select(Article::id).filter(Article::tags.eq(tags(&["red", "green"])));
        assert_eq!(db.engine.all(is_red).await.unwrap(), [1]);
        let some = select(Article::warmth).filter(Article::more.in_([tags(&["x"]), tags(&["y"])]));
        assert_eq!(db.engine.all(some).await.unwrap(), [Temperature::Unknown]);
        let change = update(Article).set(Article::more, Some(tags(&["a", "b"]))).filter(Article::id.eq(1));
        db.engine.execute(change).await.unwrap();
        let more = select(Article::more).filter(Article::id.eq(1));
        assert_eq!(db.engine.one(more).await.unwrap(), Some(tags(&["a", "b"])));

        db.engine.execute(text("UPDATE article SET tags = 'a,,b' WHERE id = 1")).await.unwrap();
        let error = db.engine.one(select(Article::tags).filter(Article::id.eq(1))).await.unwrap_err();
        let orm::Error::Decode { error, .. } = error else { panic!("{error}") };
        assert_eq!(error.to_string(), "column 0 (`tags`) cannot be read as `Tags`: an empty tag");
    })
    .await;
}

#[test]
fn a_decorated_type_tells_what_it_refuses() {
    let error = Tags::from_value(Value::Text("a,,b".into())).unwrap_err();
    assert_eq!(error.to_string(), "Text(\"a,,b\") (an empty tag) is not a `Tags`");
    let error = Tags::from_value(Value::I64(5)).unwrap_err();
    assert_eq!(error.to_string(), "I64(5) is not a `Tags`");
    assert_eq!(<Tags as SqlType>::DATA_TYPE, DataType::Text);
    assert_eq!(<Temperature as SqlType>::DATA_TYPE, DataType::SmallInt);
}

/// Kept in upper case, and read in lower case.
#[derive(SqlType, Debug, Clone, PartialEq, Default)]
#[sql_type(decorator)]
struct Code(String);

impl TypeDecorator for Code {
    type Impl = String;
    const DATA_TYPE: DataType = DataType::Varchar(10);
    const BIND_FUNCTION: Option<&'static str> = Some("upper");
    const COLUMN_FUNCTION: Option<&'static str> = Some("lower");

    fn process_bind(&self) -> String {
        self.0.clone()
    }

    fn process_result(text: String) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Code(text))
    }
}

#[derive(Mapped, Debug, Clone, PartialEq, Default)]
struct Coupon {
    #[column(primary_key)]
    id: i64,
    code: Code,
    old: Option<Code>,
}

fn code(text: &str) -> Code {
    Code(text.to_owned())
}

#[tokio::test]
async fn a_decorated_type_goes_through_functions_of_the_database() {
    on_each(async |db| {
        metadata![Coupon].create_all(&db.engine).await.unwrap();
        let kept = async || crate::databases::rows(&db.engine, "coupon", "code, old").await;
        let mut session = Session::new(&db.engine);
        session.add_all(["aB", "cD", "eF"].map(|text| Coupon { code: code(text), ..default() }));
        session.commit().await.unwrap();
        assert_eq!(kept().await, ["AB|NULL", "CD|NULL", "EF|NULL"], "{}", db.name);

        let mut session = Session::new(&db.engine);
        let coupons = session.all(select(Coupon).order_by(Coupon::id)).await.unwrap();
        let codes: Vec<Code> = coupons.iter().map(|&coupon| session[coupon].code.clone()).collect();
        assert_eq!(codes, [code("ab"), code("cd"), code("ef")]);
        for &coupon in &coupons {
            session[coupon].old = Some(code("oLd"));
        }
        session.commit().await.unwrap();
        assert_eq!(kept().await, ["AB|OLD", "CD|OLD", "EF|OLD"], "{}", db.name);

        let listed =
            select(Coupon::id).filter(Coupon::code.in_([code("ab"), code("EF")])).order_by(Coupon::id);
        assert_eq!(db.engine.all(listed).await.unwrap(), [1, 3]);
        let two = [code("g"), code("h")].map(|code| Coupon { code, ..default() });
        db.engine.execute(insert(Coupon).values(two)).await.unwrap();
        let change = update(Coupon).set(Coupon::old, Some(code("x"))).filter(Coupon::code.eq(code("G")));
        assert_eq!(db.engine.execute(change).await.unwrap(), 1);
        // What is stored goes from column to column; only the outermost query reads it.
        let copy = update(Coupon).set(Coupon::old, Coupon::code).filter(Coupon::code.eq(code("h")));
        db.engine.execute(copy).await.unwrap();
        let last = select((Coupon::code, Coupon::old)).filter(Coupon::id.gt(3)).order_by(Coupon::id);
        let read = [(code("g"), Some(code("x"))), (code("h"), Some(code("h")))];
        assert_eq!(db.engine.all(last).await.unwrap(), read);
        assert_eq!(kept().await[3..], ["G|X", "H|H"]);
        let stored = select(Coupon::code).filter(Coupon::id.eq(5));
        let inside = select(count(Coupon)).filter(Coupon::code.in_(stored.clone()));
        assert_eq!(db.engine.one(inside).await.unwrap(), 1);
        let both = stored.union(select(Coupon::code).filter(Coupon::id.eq(5)));
        assert_eq!(db.engine.all(both).await.unwrap(), [code("h")]);
        if db.features.insert_returning {
            let back =
                insert(Coupon).values(Coupon { code: code("Zz"), ..default() }).returning(Coupon::code);
            assert_eq!(db.engine.one(back).await.unwrap(), code("zz"));
        }
    })
    .await;
}

#[derive(SqlType, Debug, Clone, Copy, PartialEq)]
#[sql_type(native = false)]
enum Level {
    Low,
    High,
}

#[derive(Mapped, Debug, Clone, PartialEq)]
struct Alarm {
    #[column(primary_key)]
    id: i64,
    level: Level,
}

#[tokio::test]
async fn an_enum_may_be_text_everywhere() {
    kept::<Alarm>(|_| true).await;
    on_each(async |db| {
        metadata![Alarm].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        session.add(Alarm { id: 0, level: Level::High });
        session.commit().await.unwrap();
        let high = select(Alarm).filter(Alarm::level.eq(Level::High));
        assert_eq!(db.engine.one(high).await.unwrap(), Alarm { id: 1, level: Level::High });
        if db.features.enum_types {
            let mut inspector = Inspector::new(&db.engine).await.unwrap();
            assert_eq!(inspector.enums(None).await.unwrap(), []);
        }
        let wrong = db.engine.execute(text("UPDATE alarm SET level = 'mid'")).await.unwrap_err();
        assert!(matches!(wrong, orm::Error::Integrity { kind: IntegrityKind::Check, .. }), "{wrong}");
    })
    .await;
}

#[derive(SqlType, Debug, Clone, PartialEq)]
struct Email(String);

#[derive(SqlType, Debug, Clone, Copy, PartialEq)]
#[sql_type(repr = "i16")]
enum Grade {
    Good = 1,
    Bad = 5,
}

/// No element of an array, and a type all the same.
#[derive(SqlType, Debug, Clone, PartialEq)]
struct Blob(Vec<u8>);

#[derive(Mapped, Debug, Clone, PartialEq)]
struct Lists {
    #[column(primary_key)]
    id: i64,
    emails: Vec<Email>,
    maybe: Vec<Option<Email>>,
    grades: Option<Vec<Grade>>,
    tags: Vec<Tags>,
    blob: Blob,
}

#[tokio::test]
async fn own_types_stand_in_arrays() {
    kept::<Lists>(|features| features.arrays_and_ranges).await;
    on_each_with(
        |features| features.arrays_and_ranges,
        "arrays",
        async |db| {
            metadata![Lists].create_all(&db.engine).await.unwrap();
            let lists = Lists {
                id: 1,
                emails: vec![Email("a@b".into()), Email("c@d".into())],
                maybe: vec![None, Some(Email("a@b".into()))],
                grades: Some(vec![Grade::Bad, Grade::Good]),
                tags: vec![tags(&["x", "y"]), tags(&[])],
                blob: Blob(vec![1, 2]),
            };
            let mut session = Session::new(&db.engine);
            session.add(Lists { id: 0, ..lists.clone() });
            session.commit().await.unwrap();
            assert_eq!(db.engine.one(select(Lists)).await.unwrap(), lists);
            let found = select(Lists::id).filter(Lists::emails.eq(lists.emails.clone()));
            assert_eq!(db.engine.all(found).await.unwrap(), [1]);
        },
    )
    .await;
}

#[derive(SqlType, Debug, Clone, Copy, PartialEq)]
enum Mood {
    Fine,
    SoSo,
}

#[derive(Mapped, Debug, Clone, PartialEq)]
struct Moods {
    #[column(primary_key)]
    id: i64,
    moods: Vec<Mood>,
    maybe: Option<Vec<Option<Mood>>>,
    levels: Vec<Level>,
}

/// The enum type is made for the array alone.
#[tokio::test]
async fn enums_stand_in_arrays() {
    kept::<Moods>(|features| features.arrays_and_ranges).await;
    on_each_with(
        |features| features.arrays_and_ranges,
        "arrays",
        async |db| {
            metadata![Moods].create_all(&db.engine).await.unwrap();
            let none = Moods { id: 1, moods: vec![], maybe: None, levels: vec![] };
            let some = Moods {
                id: 2,
                moods: vec![Mood::SoSo, Mood::Fine],
                maybe: Some(vec![None, Some(Mood::Fine)]),
                levels: vec![Level::High, Level::Low],
            };
            let mut session = Session::new(&db.engine);
            session.add_all([none.clone(), some.clone()].map(|moods| Moods { id: 0, ..moods }));
            session.commit().await.unwrap();
            let all = db.engine.all(select(Moods).order_by(Moods::id)).await.unwrap();
            assert_eq!(all, [none, some]);
            let found = select(Moods::id).filter(Moods::moods.eq(vec![Mood::SoSo, Mood::Fine]));
            assert_eq!(db.engine.all(found).await.unwrap(), [2]);
            metadata![Moods].drop_all(&db.engine).await.unwrap();
            let mut inspector = Inspector::new(&db.engine).await.unwrap();
            assert_eq!(inspector.enums(None).await.unwrap(), []);
        },
    )
    .await;
}
