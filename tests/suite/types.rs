//! Every type goes to the database and comes back as it was.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use orm::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::bulk::write_over;
use crate::databases::on_each;

#[derive(SqlType, Debug, Clone, PartialEq, Eq, Default)]
struct Email(String);

#[derive(SqlType, Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Cents(i64);

#[derive(SqlType, Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mood {
    #[default]
    Fine,
    VeryHappy,
    #[sql_type(rename = "so-so")]
    SoSo,
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "every_type")]
struct Every {
    #[column(primary_key)]
    id: i64,
    flag: bool,
    small: i16,
    medium: i32,
    large: i64,
    single: f32,
    double: f64,
    #[column(length = 20)]
    name: String,
    bytes: Vec<u8>,
    date: NaiveDate,
    time: NaiveTime,
    moment: NaiveDateTime,
    instant: DateTime<Utc>,
    uuid: Uuid,
    json: serde_json::Value,
    exact: Decimal,
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "every_option")]
struct EveryOption {
    #[column(primary_key)]
    id: i64,
    flag: Option<bool>,
    small: Option<i16>,
    medium: Option<i32>,
    large: Option<i64>,
    single: Option<f32>,
    double: Option<f64>,
    name: Option<String>,
    bytes: Option<Vec<u8>>,
    date: Option<NaiveDate>,
    time: Option<NaiveTime>,
    moment: Option<NaiveDateTime>,
    instant: Option<DateTime<Utc>>,
    uuid: Option<Uuid>,
    json: Option<serde_json::Value>,
    #[column(precision = 12, scale = 3)]
    exact: Option<Decimal>,
    email: Option<Email>,
    mood: Option<Mood>,
}

#[derive(Mapped, Debug, Clone, Default, PartialEq)]
#[mapped(table = "own_type")]
struct Own {
    #[column(primary_key)]
    id: i64,
    email: Email,
    price: Cents,
    mood: Mood,
}

fn moment(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

#[tokio::test]
async fn every_type_round_trips() {
    on_each(async |db| {
        metadata![Every].create_all(&db.engine).await.unwrap();
        let values = [
            Every::default(),
            Every {
                flag: true,
                small: i16::MIN,
                medium: i32::MAX,
                large: i64::MIN,
                single: 0.1,
                double: -1.0e-300,
                name: "é中😀 '\"\\".into(),
                bytes: (0..=255).collect(),
                date: NaiveDate::from_ymd_opt(1969, 2, 28).unwrap(),
                time: "23:59:59.999999".parse().unwrap(),
                moment: moment("2024-02-29T12:34:56.000001"),
                instant: moment("1999-12-31T23:59:59.5").and_utc(),
                uuid: Uuid::from_u128(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff),
                json: serde_json::json!({"a": [1, 2.5, null, "x"], "big": 18_446_744_073_709_551_615_u64}),
                exact: "79228162514264337593543950335".parse().unwrap(),
                ..default()
            },
            Every {
                small: i16::MAX,
                medium: i32::MIN,
                large: i64::MAX,
                single: f32::MIN_POSITIVE,
                double: f64::MAX,
                json: serde_json::json!(18_446_744_073_709_551_615_u64),
                exact: "-0.0000000000000000000000000001".parse().unwrap(),
                ..default()
            },
            Every {
                double: 9_007_199_254_740_993.0,
                json: serde_json::json!("123"),
                exact: "1.10".parse().unwrap(),
                ..default()
            },
        ];
        let mut session = Session::new(&db.engine);
        session.add_all(values.clone());
        session.commit().await.unwrap();
        let expect = async |values: &[Every]| {
            let back = db.engine.all(select(Every).order_by(Every::id)).await.unwrap();
            for ((expected, found), id) in values.iter().zip(back).zip(1..) {
                let expected = Every { id, ..expected.clone() };
                assert_eq!(found, expected);
                // Where a decimal without limits is kept as one.
                let unlimited = orm::DataType::NUMERIC;
                if db.engine.dialect().reflected_type(&unlimited) == unlimited {
                    assert_eq!(found.exact.scale(), expected.exact.scale(), "the digits that were written");
                }
            }
        };
        expect(&values).await;
        let mut values = values;
        values.rotate_left(1);
        (1..).zip(&mut values).for_each(|(id, value)| value.id = id);
        write_over(db, &values).await;
        expect(&values).await;
    })
    .await;
}

#[tokio::test]
async fn every_option_round_trips_and_null_is_none() {
    on_each(async |db| {
        metadata![EveryOption].create_all(&db.engine).await.unwrap();
        let some = EveryOption {
            flag: Some(false),
            small: Some(0),
            medium: Some(-1),
            large: Some(1 << 40),
            single: Some(-0.0),
            double: Some(1.5),
            name: Some(String::new()),
            bytes: Some(Vec::new()),
            date: NaiveDate::from_ymd_opt(2024, 1, 1),
            time: NaiveTime::from_hms_opt(0, 0, 0),
            moment: Some(moment("2024-01-01T00:00:00")),
            instant: Some(moment("2024-01-01T00:00:00").and_utc()),
            uuid: Some(Uuid::nil()),
            json: Some(serde_json::Value::Null),
            exact: Some("123456789.125".parse().unwrap()),
            email: Some(Email("a@b".into())),
            mood: Some(Mood::SoSo),
            ..default()
        };
        let mut session = Session::new(&db.engine);
        session.add_all([EveryOption::default(), some.clone()]);
        session.commit().await.unwrap();
        let back = db.engine.all(select(EveryOption).order_by(EveryOption::id)).await.unwrap();
        assert_eq!(back[0], EveryOption { id: 1, ..default() });
        assert_eq!(back[1], EveryOption { id: 2, ..some });
        assert_eq!(
            session.all(select(EveryOption::id).filter(EveryOption::json.is_null())).await.unwrap(),
            [1]
        );
        drop(session);
        let mut turned = [back[1].clone(), back[0].clone()];
        (1..).zip(&mut turned).for_each(|(id, value)| value.id = id);
        write_over(db, &turned).await;
        assert_eq!(db.engine.all(select(EveryOption).order_by(EveryOption::id)).await.unwrap(), turned);
    })
    .await;
}

#[tokio::test]
async fn a_value_that_would_change_is_refused() {
    on_each(async |db| {
        metadata![Every, EveryOption].create_all(&db.engine).await.unwrap();
        let refused = async |option: EveryOption| {
            let mut session = Session::new(&db.engine);
            session.add(option);
            let error = session.flush().await.unwrap_err();
            assert!(matches!(error, orm::Error::Compile(orm::CompileError::Value { .. })), "{error}");
        };
        if !db.features.nan_and_infinity {
            refused(EveryOption { double: Some(f64::NAN), ..default() }).await;
        }
        refused(EveryOption { exact: Some("0.1234".parse().unwrap()), ..default() }).await;
        refused(EveryOption { exact: Some("1234567890".parse().unwrap()), ..default() }).await;
        refused(EveryOption { moment: Some(moment("2024-01-01T00:00:00.000000001")), ..default() }).await;
    })
    .await;
}

#[tokio::test]
async fn types_compare_and_order_as_what_they_are() {
    on_each(async |db| {
        metadata![EveryOption].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        let exact = |text: &str| EveryOption { exact: Some(text.parse().unwrap()), ..default() };
        session.add_all([exact("10"), exact("9.5"), exact("-3"), exact("100.25")]);
        session.commit().await.unwrap();
        let ordered = select(EveryOption::id).order_by(EveryOption::exact);
        assert_eq!(session.all(ordered).await.unwrap(), [3, 2, 1, 4]);
        let more: Decimal = "9.50".parse().unwrap();
        let ge = select(EveryOption::id).filter(EveryOption::exact.ge(more)).order_by(EveryOption::id);
        assert_eq!(session.all(ge).await.unwrap(), [1, 2, 4]);
        assert_eq!(
            session.one(select(sum(EveryOption::exact))).await.unwrap(),
            Some("116.75".parse().unwrap())
        );
        assert_eq!(
            session.one(select(max(EveryOption::exact))).await.unwrap(),
            Some("100.250".parse::<Decimal>().unwrap())
        );
        let grown =
            select(EveryOption::id).filter((EveryOption::exact * 2).gt(more)).order_by(EveryOption::id);
        assert_eq!(session.all(grown).await.unwrap(), [1, 2, 4]);
        let grouped = select((EveryOption::exact, count(EveryOption)))
            .group_by(EveryOption::exact)
            .having(sum(EveryOption::exact).gt(more))
            .order_by(EveryOption::exact);
        assert_eq!(session.all(grouped).await.unwrap().len(), 2);
        for day in [3, 1, 2] {
            let date = NaiveDate::from_ymd_opt(2030, 1, day).unwrap();
            session.add(EveryOption { date: Some(date), moment: date.and_hms_opt(1, 2, 3), ..default() });
        }
        let first = NaiveDate::from_ymd_opt(2030, 1, 1).unwrap();
        let later =
            select(EveryOption::date).filter(EveryOption::date.gt(first)).order_by(EveryOption::moment);
        let days: Vec<_> =
            session.all(later).await.unwrap().into_iter().map(|d| d.unwrap().to_string()).collect();
        assert_eq!(days, ["2030-01-02", "2030-01-03"]);
    })
    .await;
}

#[tokio::test]
async fn an_in_place_change_of_a_json_value_is_saved() {
    on_each(async |db| {
        metadata![EveryOption].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        let row = session.add(EveryOption { json: Some(serde_json::json!({"n": [1]})), ..default() });
        session.commit().await.unwrap();
        session[row].json.as_mut().unwrap()["n"][0] = 2.into();
        session.commit().await.unwrap();
        assert_eq!(
            db.engine.one(select(EveryOption::json)).await.unwrap(),
            Some(serde_json::json!({"n": [2]}))
        );
    })
    .await;
}

#[tokio::test]
async fn own_types_are_typed_and_checked() {
    on_each(async |db| {
        metadata![Own].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        let own = session.add(Own {
            email: Email("a@b".into()),
            price: Cents(250),
            mood: Mood::VeryHappy,
            ..default()
        });
        session.commit().await.unwrap();
        let found = session
            .one(select(Own).filter(Own::email.eq(Email("a@b".into())) & Own::mood.eq(Mood::VeryHappy)))
            .await;
        assert_eq!(found.unwrap(), own);
        let stored = text("SELECT email, price, mood FROM own_type").columns::<(String, i64, String)>();
        assert_eq!(session.one(stored).await.unwrap(), ("a@b".into(), 250, "very_happy".into()));
        let refused = session.execute(text("UPDATE own_type SET mood = 'angry'")).await.unwrap_err();
        assert!(
            matches!(
                refused,
                orm::Error::Integrity { kind: orm::IntegrityKind::Check, .. } | orm::Error::Data { .. }
            ),
            "{refused}"
        );
        session.rollback().await.unwrap();
        let unknown = db.engine.one(text("SELECT 'angry'").columns::<Mood>()).await.unwrap_err();
        assert!(unknown.to_string().contains("very_happy"), "{unknown}");
    })
    .await;
}
