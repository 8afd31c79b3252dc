//! Types that not every database has of its own: unsigned integers, spans of time, bits; and PostgreSQL's arrays, ranges,
//! HSTORE and addresses. What a database keeps in another form comes back as it was.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use orm::prelude::*;
use orm::{BitString, Error, Hstore, Inet, Interval, Jsonb, Range, Value};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::bulk::write_over;
use crate::databases::{on_each, on_each_with};

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "special")]
struct Special {
    #[column(primary_key)]
    id: i64,
    tiny: i8,
    byte: u8,
    small: u16,
    medium: u32,
    large: u64,
    larger: Option<u64>,
    span: Interval,
    lasts: Option<TimeDelta>,
    document: Jsonb,
}

#[tokio::test]
async fn unsigned_integers_spans_and_documents_round_trip() {
    on_each(async |db| {
        metadata![Special].create_all(&db.engine).await.unwrap();
        let values = [
            Special::default(),
            Special {
                tiny: i8::MIN,
                byte: u8::MAX,
                small: u16::MAX,
                medium: u32::MAX,
                large: u64::MAX,
                larger: Some(1 << 63),
                span: Interval { months: 14, days: -3, microseconds: 1 },
                lasts: Some(TimeDelta::microseconds(-86_400_000_001)),
                document: Jsonb(serde_json::json!({"b": [1, null], "a": "ü"})),
                ..default()
            },
            Special {
                large: 5,
                larger: Some(0),
                span: Interval { months: 0, days: 0, microseconds: i64::from(i32::MAX) },
                lasts: Some(TimeDelta::zero()),
                document: Jsonb(serde_json::json!("text")),
                ..default()
            },
        ];
        let mut session = Session::new(&db.engine);
        session.add_all(values.clone());
        session.commit().await.unwrap();
        let mut values = values;
        (1..).zip(&mut values).for_each(|(id, value)| value.id = id);
        assert_eq!(db.engine.all(select(Special).order_by(Special::id)).await.unwrap(), values);
        let mut turned = [values[1].clone(), values[2].clone(), values[0].clone()];
        (1..).zip(&mut turned).for_each(|(id, value)| value.id = id);
        write_over(db, &turned).await;
        assert_eq!(db.engine.all(select(Special).order_by(Special::id)).await.unwrap(), turned);
        write_over(db, &values).await;
        let ordered = select(Special::id).order_by(Special::large.desc());
        assert_eq!(db.engine.all(ordered).await.unwrap(), [2, 3, 1]);
        let greatest = select(Special::id).filter(Special::large.ge(u64::MAX));
        assert_eq!(db.engine.all(greatest).await.unwrap(), [2]);
        assert_eq!(db.engine.one(select(max(Special::large))).await.unwrap(), Some(u64::MAX));
        let none = select(Special::id).filter(Special::larger.is_null());
        assert_eq!(db.engine.all(none).await.unwrap(), [1]);
        // A value that its column cannot hold is refused, and so is a moment finer than a microsecond.
        let fine = Special { lasts: Some(TimeDelta::nanoseconds(1)), ..default() };
        let error = db.engine.execute(insert(Special).values(fine)).await.unwrap_err();
        assert!(matches!(error, Error::Compile(orm::CompileError::Value { .. })), "{error}");
        let negative = text("SELECT -1").columns::<u64>();
        assert!(matches!(db.engine.one(negative).await, Err(Error::Decode { .. })));
    })
    .await;
}

#[tokio::test]
async fn text_with_a_nul_is_refused_and_every_other_character_is_kept() {
    on_each(async |db| {
        crate::models::create(&db.engine).await;
        let tag = |name: &str| insert(crate::models::Tag).set(crate::models::Tag::name, name.to_owned());
        let error = db.engine.execute(tag("a\0b")).await.unwrap_err();
        assert!(
            matches!(error, Error::Compile(orm::CompileError::Value { .. }))
                || matches!(error, Error::Data { .. }),
            "{error}"
        );
        // One of each plane, and what is easily lost.
        let kept: String =
            ["\u{1}", "\u{7f}", "é", "\u{ffff}", "😀", "\u{20000}", "\u{10ffff}", "e\u{301}", "\u{feff}"]
                .concat();
        db.engine.execute(tag(&kept)).await.unwrap();
        assert_eq!(db.engine.one(select(crate::models::Tag::name)).await.unwrap(), kept);
    })
    .await;
}

#[tokio::test]
async fn floats_that_are_no_numbers() {
    on_each_with(
        |f| f.nan_and_infinity,
        "NaN and infinity",
        async |db| {
            let floats = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MIN_POSITIVE, f64::EPSILON];
            for float in floats {
                let back = db.engine.one(select(orm::literal(float))).await.unwrap();
                assert_eq!(back.to_bits(), float.to_bits(), "{float}");
                let single = float as f32;
                let back = db.engine.one(select(orm::literal(single))).await.unwrap();
                assert_eq!(back.to_bits(), single.to_bits(), "{single}");
            }
        },
    )
    .await;
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "rich")]
struct Rich {
    #[column(primary_key)]
    id: i64,
    numbers: Vec<i32>,
    words: Option<Vec<Option<String>>>,
    exact: Option<Vec<Decimal>>,
    days: Option<Vec<NaiveDate>>,
    ids: Option<Vec<Uuid>>,
    whole: Option<Range<i32>>,
    wide: Option<Range<i64>>,
    price: Option<Range<Decimal>>,
    open: Option<Range<NaiveDate>>,
    when: Option<Range<NaiveDateTime>>,
    during: Option<Range<DateTime<Utc>>>,
    address: Option<Inet>,
    bits: Option<BitString>,
}

#[tokio::test]
async fn arrays_ranges_addresses_and_bits_round_trip() {
    on_each_with(
        |f| f.arrays_and_ranges,
        "arrays and ranges",
        async |db| {
            metadata![Rich].create_all(&db.engine).await.unwrap();
            let day = |n| NaiveDate::from_ymd_opt(2024, 2, n).unwrap();
            let moment = |n: u32| day(n).and_hms_micro_opt(1, 2, 3, 4).unwrap();
            let decimal = |text: &str| text.parse::<Decimal>().unwrap();
            let values = [
                Rich::default(),
                Rich {
                    numbers: vec![1, i32::MIN, i32::MAX],
                    words: Some(vec![Some("a,b\"{}".into()), None, Some(String::new())]),
                    exact: Some(vec![decimal("1.50"), decimal("-0.001")]),
                    days: Some(vec![day(29)]),
                    ids: Some(vec![Uuid::nil(), Uuid::max()]),
                    whole: Some(Range::from(1..4)),
                    wide: Some(Range::from(..9)),
                    price: Some(Range::Bounds(
                        std::ops::Bound::Excluded(decimal("1.5")),
                        std::ops::Bound::Included(decimal("2")),
                    )),
                    open: Some(Range::from(day(1)..)),
                    when: Some(Range::from(moment(1)..=moment(2))),
                    during: Some(Range::from(moment(1).and_utc()..moment(2).and_utc())),
                    address: Some("192.168.0.7/24".parse().unwrap()),
                    bits: Some("1011000".parse().unwrap()),
                    ..default()
                },
                Rich {
                    words: Some(vec![]),
                    whole: Some(Range::Empty),
                    wide: Some(Range::from(..)),
                    address: Some("2001:db8::1".parse().unwrap()),
                    bits: Some(BitString::default()),
                    ..default()
                },
            ];
            let mut session = Session::new(&db.engine);
            session.add_all(values.clone());
            session.commit().await.unwrap();
            let mut values = values;
            (1..).zip(&mut values).for_each(|(id, value)| value.id = id);
            assert_eq!(db.engine.all(select(Rich).order_by(Rich::id)).await.unwrap(), values);
            let mut turned = [values[1].clone(), values[2].clone(), values[0].clone()];
            (1..).zip(&mut turned).for_each(|(id, value)| value.id = id);
            write_over(db, &turned).await;
            assert_eq!(db.engine.all(select(Rich).order_by(Rich::id)).await.unwrap(), turned);
            write_over(db, &values).await;
            let same = select(Rich::id).filter(Rich::numbers.eq(vec![1, i32::MIN, i32::MAX]));
            assert_eq!(db.engine.all(same).await.unwrap(), [2]);
            let missing = text("SELECT ARRAY[1, NULL]").columns::<Vec<i32>>();
            let error = db.engine.one(missing).await.unwrap_err();
            assert!(error.to_string().contains("Option"), "{error}");
            let deep = text("SELECT ARRAY[[1, 2], [3, 4]]").columns::<Vec<i32>>();
            assert!(matches!(db.engine.one(deep).await, Err(Error::Decode { .. })));
            let mapping =
                db.engine.one(text("SELECT ARRAY[1, 2] AS a, '[1,3)'::int4range AS r").mappings()).await;
            let mapping = mapping.unwrap();
            assert_eq!(mapping.get::<Vec<i32>>("a").unwrap(), [1, 2]);
            assert_eq!(mapping.get::<Range<i32>>("r").unwrap(), Range::from(1..3));
        },
    )
    .await;
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "keyed")]
struct Keyed {
    #[column(primary_key)]
    id: i64,
    map: Hstore,
    none: Option<Hstore>,
}

#[tokio::test]
async fn hstore_round_trips_where_it_is_installed() {
    on_each_with(
        |f| f.arrays_and_ranges,
        "HSTORE",
        async |db| {
            if let Err(error) = db.engine.execute(text("CREATE EXTENSION IF NOT EXISTS hstore")).await {
                // A server without its contributed extensions.
                assert!(error.to_string().contains("hstore"), "{error}");
                return;
            }
            let there = "SELECT count(*) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
                     WHERE extname = 'hstore' AND n.nspname = ANY (current_schemas(false))";
            if db.engine.one(text(there).columns::<i64>()).await.unwrap() == 0 {
                // Another case has it in a schema of its own, for as long as that runs.
                return;
            }
            metadata![Keyed].create_all(&db.engine).await.unwrap();
            let map: BTreeMap<String, Option<String>> = [
                ("a".to_owned(), Some("1 => \"2\"".to_owned())),
                ("ü".to_owned(), None),
                (String::new(), Some(String::new())),
            ]
            .into();
            let keyed = Keyed { map: Hstore(map), ..default() };
            let mut session = Session::new(&db.engine);
            session.add(keyed.clone());
            session.commit().await.unwrap();
            assert_eq!(db.engine.one(select(Keyed)).await.unwrap(), Keyed { id: 1, ..keyed.clone() });
            session.add(Keyed::default());
            session.commit().await.unwrap();
            let turned =
                [Keyed { id: 1, none: Some(Hstore::default()), ..default() }, Keyed { id: 2, ..keyed }];
            write_over(db, &turned).await;
            assert_eq!(db.engine.all(select(Keyed).order_by(Keyed::id)).await.unwrap(), turned);
        },
    )
    .await;
}

#[tokio::test]
async fn a_null_has_the_type_of_its_column() {
    on_each(async |db| {
        metadata![Special].create_all(&db.engine).await.unwrap();
        db.engine.execute(insert(Special).values(Special::default())).await.unwrap();
        let change = update(Special)
            .set(Special::larger, None::<u64>)
            .set(Special::lasts, None::<TimeDelta>)
            .filter(Special::id.eq(1));
        assert_eq!(db.engine.execute(change).await.unwrap(), 1);
        let null = select(orm::literal(None::<i32>));
        assert_eq!(db.engine.one(null).await.unwrap(), None);
        let text = text("SELECT coalesce(:n, 7)").bind("n", None::<i64>).mappings();
        let row = db.engine.one(text).await.unwrap();
        assert_eq!(row.get::<i64>(0).unwrap(), 7);
        assert!(!row.values().contains(&Value::Null));
    })
    .await;
}
