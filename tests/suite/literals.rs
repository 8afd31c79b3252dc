//! Values in the text of a statement: what stands there comes back as the value, and breaks out of no quotes.

use std::fmt::Debug;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use orm::prelude::*;
use orm::typed::Query;
use orm::{
    BitString, CompileError, Hstore, Inet, Interval, Jsonb, Range, inline, param, param_list, param_or,
};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::databases::{Database, on_each, on_each_with};
use crate::dice::Dice;
use crate::models::{self, User};

/// The value, sent as a literal beside another one, so that what breaks out of it is seen.
async fn comes_back<T: SqlType + PartialEq + Debug>(db: &Database, value: T) {
    let query = select((inline(value.clone()), inline(7)));
    let (statement, _) = query.clone().into_statement();
    let compiled = db.engine.dialect().compile(&statement).unwrap_or_else(|e| panic!("{value:?}: {e}"));
    assert!(compiled.binds.is_empty(), "{}", compiled.sql);
    // The same as where all values are wanted in the text.
    let literal =
        db.engine.dialect().compile_literal(&select((literal(value.clone()), literal(7))).into_statement().0);
    assert_eq!(literal.as_deref(), Ok(&*compiled.sql));
    match db.engine.one(query).await {
        Ok(row) => assert_eq!(row, (value, 7), "{}", compiled.sql),
        Err(error) => panic!("{}: {error}", compiled.sql),
    }
}

/// A text of what breaks quotes, escapes, comments and placeholders.
fn hostile(dice: &mut Dice) -> String {
    const PIECES: [&str; 24] = [
        "'", "''", "\\", "\\'", "\"", "`", "--", "/*", "*/", ";", ":x", "?", "$1", "%", "_", "\n", "\r",
        "\t", "\u{1}", "ü", "漢", "🦀", "a", " ",
    ];
    (0..dice.roll(12)).map(|_| PIECES[dice.roll(PIECES.len())]).collect()
}

#[tokio::test]
async fn literals_come_back() {
    on_each(async |db| {
        let mut dice = Dice::new(7);
        for _ in 0..60 {
            comes_back(db, hostile(&mut dice)).await;
        }
        for _ in 0..20 {
            let (a, b) = (dice.roll(usize::MAX), dice.roll(usize::MAX));
            comes_back(db, a as i64).await;
            comes_back(db, (a as i64).wrapping_neg()).await;
            let float = f64::from_bits(a as u64);
            if float.is_finite() {
                comes_back(db, float).await;
            }
            comes_back(db, (b as f64) / (a as f64 + 1.0)).await;
            // Digits that every database keeps.
            comes_back(db, Decimal::new((b as i64) >> 8, (a % 9) as u32)).await;
            comes_back(db, Uuid::from_u64_pair(a as u64, b as u64)).await;
            let bytes: Vec<u8> = (0..dice.roll(40)).map(|_| dice.roll(256) as u8).collect();
            comes_back(db, bytes).await;
            comes_back(db, serde_json::json!({ hostile(&mut dice): [hostile(&mut dice), null] })).await;
        }
        for value in [i64::MIN, -1, 0, i64::MAX] {
            comes_back(db, value).await;
        }
        comes_back(db, [i32::MIN, i32::MAX].map(i64::from).len() as i32).await;
        comes_back(db, u64::MAX).await;
        for value in
            [0.0, -1.5, 0.1, 0.1 + 0.2, 1.0 / 3.0, 1e15 / 7.0, f64::MAX, f64::MIN_POSITIVE, 5e-324, -1e-300]
        {
            comes_back(db, value).await;
        }
        comes_back(db, true).await;
        comes_back(db, false).await;
        comes_back(db, None::<i32>).await;
        comes_back(db, None::<String>).await;
        comes_back(db, Some(-3)).await;
        comes_back(db, Vec::<u8>::new()).await;
        let date = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let moment = |micro| date(2024, 2, 29).and_hms_micro_opt(23, 59, 59, micro).unwrap();
        comes_back(db, date(2024, 2, 29)).await;
        comes_back(db, date(1, 1, 1)).await;
        comes_back(db, date(9999, 12, 31)).await;
        comes_back(db, NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap()).await;
        comes_back(db, moment(0)).await;
        comes_back(db, moment(1)).await;
        comes_back(db, moment(120_000).and_utc()).await;
        comes_back(db, Interval { months: -14, days: 3, microseconds: -1 }).await;
        comes_back(db, TimeDelta::microseconds(-86_400_000_001)).await;
        comes_back(db, Jsonb(serde_json::json!({"a": "it's \\ \" ü"}))).await;
    })
    .await;
}

#[tokio::test]
async fn literals_of_arrays_ranges_and_their_like() {
    on_each_with(
        |features| features.arrays_and_ranges,
        "arrays",
        async |db| {
            let mut dice = Dice::new(8);
            let create = text("CREATE EXTENSION IF NOT EXISTS hstore");
            let is_there = text(
                "SELECT count(*) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace \
             WHERE extname = 'hstore' AND n.nspname = ANY (current_schemas(false))",
            );
            // Another case may have it in a schema of its own, for as long as that runs.
            let has_hstore = db.engine.execute(create).await.is_ok()
                && db.engine.one(is_there.columns::<i64>()).await.unwrap() == 1;
            for _ in 0..10 {
                let texts: Vec<String> = (0..dice.roll(4)).map(|_| hostile(&mut dice)).collect();
                comes_back(db, texts).await;
                let pairs = (0..3).map(|_| (hostile(&mut dice), Some(hostile(&mut dice))));
                if has_hstore {
                    comes_back(db, pairs.collect::<Hstore>()).await;
                }
            }
            comes_back(db, vec![Some(1), None, Some(-3)]).await;
            comes_back(db, Vec::<i64>::new()).await;
            comes_back(db, Range::from(1..4)).await;
            comes_back(db, Range::<i32>::Empty).await;
            comes_back(db, Range::from(Decimal::new(-15, 1)..=Decimal::new(15, 1))).await;
            let day = |d| NaiveDate::from_ymd_opt(2024, 2, d).unwrap();
            comes_back(db, Range::from(day(1)..day(3))).await;
            let moment = |d| day(d).and_hms_opt(1, 2, 3).unwrap();
            comes_back(db, Range::<NaiveDateTime>::from(moment(1)..)).await;
            comes_back(db, Range::<DateTime<Utc>>::from(moment(1).and_utc()..moment(2).and_utc())).await;
            comes_back(db, "10.1.2.3/24".parse::<Inet>().unwrap()).await;
            comes_back(db, "0110".parse::<BitString>().unwrap()).await;
            for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0] {
                let back = db.engine.one(select(inline(float))).await.unwrap();
                assert_eq!(back.to_bits(), float.to_bits());
            }
            comes_back(db, NaiveDate::from_ymd_opt(-43, 3, 15).unwrap()).await;
        },
    )
    .await;
}

#[tokio::test]
async fn what_has_no_literal_is_an_error() {
    on_each(async |db| {
        let refused = |statement| {
            let result = db.engine.dialect().compile_literal(&statement);
            result.expect_err("there is no such literal")
        };
        refused(select(literal("a\0b".to_owned())).into_statement().0);
        if !db.features.nan_and_infinity {
            refused(select(literal(f64::NAN)).into_statement().0);
        }
        if !db.features.arrays_and_ranges {
            refused(select(literal(vec![1, 2])).into_statement().0);
        }
    })
    .await;
}

#[tokio::test]
async fn parameters_are_given_by_name() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let user = |name: &str| User { name: name.into(), ..default() };
        db.engine.execute(insert(User).values([user("ann"), user("bob"), user("cat")])).await.unwrap();
        let names = |query| async { db.engine.all(query).await };

        let query = select(User::name)
            .filter(User::name.eq(param::<String>("name")).or(text("name = :name OR name = :other")))
            .order_by(User::id);
        let both = query.clone().bind_str("name", "ann").bind_str("other", "cat");
        assert_eq!(names(both).await.unwrap(), ["ann", "cat"]);
        let unbound = names(query.clone().bind_str("name", "ann")).await.unwrap_err();
        assert_eq!(unbound.to_string(), "the parameter `other` was not bound; add `.bind(\"other\", …)`");
        let unknown = query.clone().bind_str("name", "a").bind_str("other", "b").bind("nme", 1);
        let unknown = names(unknown).await.unwrap_err();
        assert!(matches!(unknown, orm::Error::Compile(CompileError::UnknownParameter(_))), "{unknown}");
        let other_type = names(query.bind("name", 1).bind_str("other", "b")).await.unwrap_err();
        assert_eq!(other_type.to_string(), "the parameter `name` is TEXT, and was bound to I32(1) (INTEGER)");

        let least = select(User::name).filter(User::id.ge(param_or("least", 3_i64))).order_by(User::id);
        assert_eq!(names(least.clone()).await.unwrap(), ["cat"]);
        // An integer of another width fits.
        assert_eq!(names(least.bind("least", 2)).await.unwrap(), ["bob", "cat"]);

        let listed = select(User::name).filter(User::id.in_(param_list("ids"))).order_by(User::id);
        assert_eq!(names(listed.clone().bind_list("ids", [1, 3])).await.unwrap(), ["ann", "cat"]);
        assert_eq!(names(listed.clone().bind_list("ids", Vec::<i64>::new())).await.unwrap(), [""; 0]);
        assert!(names(listed).await.is_err());

        let change =
            update(User).set(User::name, param::<String>("to")).filter(User::id.eq(param::<i64>("id")));
        assert_eq!(db.engine.execute(change.bind_str("to", "dan").bind("id", 1_i64)).await.unwrap(), 1);
        let away = delete(User).filter(User::name.eq(param::<String>("name"))).bind_str("name", "dan");
        assert_eq!(db.engine.execute(away).await.unwrap(), 1);

        let deep = select(User::name)
            .filter(User::id.in_(select(User::id).filter(User::name.eq(param::<String>("name")))))
            .bind_str("name", "bob");
        assert_eq!(names(deep).await.unwrap(), ["bob"]);
    })
    .await;
}
