//! Pages by key, by number and by offset: together they are the whole list, whatever its order; counts, and whether
//! there is a row at all.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use orm::prelude::*;
use orm::typed::{Inner, Nil};
use orm::{Cursor, Error, Page, PagingError, Select, with_criteria};
use rust_decimal::Decimal;

use crate::databases::{Database, on_each};
use crate::dice::Dice;
use crate::models::{self, *};
use crate::support::Statements;

/// A row of many types, most of them nullable.
#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "sample")]
struct Sample {
    #[column(primary_key)]
    id: i64,
    grade: i32,
    word: Option<String>,
    ratio: Option<f64>,
    price: Option<Decimal>,
    day: Option<NaiveDate>,
    hour: Option<NaiveTime>,
    seen: Option<DateTime<Utc>>,
    done: Option<bool>,
    data: Option<Vec<u8>>,
}

/// An order of samples, one of many.
fn ordered(db: &Database, mut query: Samples, dice: &mut Dice) -> Samples {
    // It gives an "Internal error" for some conditions that compare bytes.
    let compares_bytes = db.server.is_none_or(|server| !server.is_seekdb());
    for _ in 0..dice.roll(4) {
        query = match dice.roll(24) {
            0 => query.order_by(Sample::grade),
            1 => query.order_by(Sample::grade.desc()),
            2 => query.order_by(Sample::word),
            3 => query.order_by(Sample::word.desc()),
            4 => query.order_by(Sample::word.asc().nulls_first()),
            5 => query.order_by(Sample::word.desc().nulls_first()),
            6 => query.order_by(Sample::word.asc().nulls_last()),
            7 => query.order_by(Sample::word.desc().nulls_last()),
            8 => query.order_by(Sample::ratio),
            9 => query.order_by(Sample::ratio.desc().nulls_last()),
            10 => query.order_by(Sample::price),
            11 => query.order_by(Sample::price.desc()),
            12 => query.order_by(Sample::day),
            13 => query.order_by(Sample::day.desc().nulls_last()),
            14 => query.order_by(Sample::hour),
            15 => query.order_by(Sample::hour.desc()),
            16 => query.order_by(Sample::seen),
            17 => query.order_by(Sample::seen.desc().nulls_first()),
            18 => query.order_by(Sample::done),
            19 => query.order_by(Sample::done.desc()),
            20 if compares_bytes => query.order_by(Sample::data.desc().nulls_last()),
            21 => query.order_by((Sample::grade + 1).desc()),
            22 => query.order_by(Sample::word.is_null()),
            _ => query.order_by(Sample::id.desc()),
        };
    }
    query
}

type Samples = Select<orm::Table<Sample>, (Inner<Sample>, Nil)>;

fn random(dice: &mut Dice) -> Sample {
    let mut some = |sides: usize| (!dice.in_ten(3)).then(|| dice.roll(sides));
    Sample {
        grade: some(3).unwrap_or(0) as i32,
        word: some(4).map(|n| ["a", "b", "ab", ""][n].to_owned()),
        ratio: some(3).map(|n| n as f64 / 3.0 - 0.1),
        price: some(3).map(|n| Decimal::new(n as i64 * 125 - 100, 2)),
        day: some(3).and_then(|n| NaiveDate::from_ymd_opt(2024, 2, 27 + n as u32)),
        hour: some(3).and_then(|n| NaiveTime::from_hms_opt(n as u32, 59, 7)),
        seen: some(3).and_then(|n| DateTime::from_timestamp(1_700_000_000 + n as i64, 0)),
        done: some(2).map(|n| n == 1),
        data: some(3).map(|n| vec![n as u8; n]),
        ..default()
    }
}

async fn samples(db: &Database, dice: &mut Dice, count: usize) {
    metadata![Sample].create_all(&db.engine).await.unwrap();
    if count > 0 {
        let list: Vec<Sample> = (0..count).map(|_| random(dice)).collect();
        db.engine.execute(insert(Sample).values(list)).await.unwrap();
    }
}

fn ids(samples: &[Sample]) -> Vec<i64> {
    samples.iter().map(|sample| sample.id).collect()
}

/// Whether the last of the order descends: so does the key behind it.
fn descends(query: &Samples) -> bool {
    query.tree().order_by.last().is_some_and(|order| order.descending)
}

#[tokio::test]
async fn all_pages_forwards_and_backwards_are_the_whole_list() {
    let seed: u64 = std::env::var("ORM_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0);
    on_each(async |db| {
        let mut dice = Dice::new(seed);
        samples(db, &mut dice, 37).await;
        for _ in 0..40 {
            let query = ordered(db, select(Sample), &mut dice);
            let size = 1 + dice.roll(12);
            let whole = match descends(&query) {
                true => query.clone().order_by(Sample::id.desc()),
                false => query.clone().order_by(Sample::id),
            };
            let whole = ids(&db.engine.all(whole).await.unwrap());
            let expected: Vec<&[i64]> = whole.chunks(size).collect();
            let about = format!("{query}, pages of {size}");

            let mut next = None;
            let mut last = None;
            for (number, expected) in expected.iter().enumerate() {
                let pages = paginate(size as u64).after(next).with_total();
                let page = db.engine.page(query.clone(), pages).await.unwrap();
                assert_eq!(ids(&page.items), *expected, "{about}, page {number}");
                assert_eq!(page.total, Some(37));
                assert_eq!(page.previous.is_some(), number > 0, "{about}, page {number}");
                // As text, as it comes back from a browser.
                next = page.next.map(|cursor| cursor.to_string().parse().unwrap());
                last = Some(page.previous);
            }
            assert_eq!(next, None, "{about}: nothing is behind the last page");

            let mut previous = last.unwrap();
            // Backwards, pages are cut from the end.
            let before_last = &whole[..whole.len() - expected.last().unwrap().len()];
            for expected in before_last.chunks(size).rev() {
                let page =
                    db.engine.page(query.clone(), paginate(size as u64).before(previous)).await.unwrap();
                assert_eq!(ids(&page.items), expected, "{about}, backwards");
                assert!(page.next.is_some());
                previous = page.previous;
            }
            assert_eq!(previous, None, "{about}: nothing is before the first page");

            for (number, expected) in expected.iter().enumerate() {
                let page = paginate(size as u64).page(number as u64 + 1);
                let page = db.engine.page(query.clone(), page).await.unwrap();
                assert_eq!(ids(&page.items), *expected, "{about}, by number {number}");
                let is_last = number + 1 == whole.len().div_ceil(size);
                assert_eq!(page.next, (!is_last).then_some(number as u64 + 2));
                assert_eq!(page.previous, (number > 0).then_some(number as u64));
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_is_one_select_that_begins_at_the_cursor() {
    on_each(async |db| {
        let mut dice = Dice::new(1);
        samples(db, &mut dice, 5).await;
        let query = || select((Sample::id, Sample)).order_by((Sample::grade.desc(), Sample::id.desc()));
        let first = db.engine.page(query(), paginate(2)).await.unwrap();
        let sent = Statements::record();
        let page = db.engine.page(query(), paginate(2).after(first.next)).await.unwrap();
        assert_eq!(page.items.len(), 2);
        let select = sent.taken("SELECT");
        assert_eq!(select.len(), 1);
        let (_, tail) = select[0].split_once(" WHERE ").unwrap();
        assert_eq!(
            tail,
            "sample.grade <= ? AND (sample.grade < ? OR sample.grade = ? AND sample.id < ?) \
             ORDER BY sample.grade DESC, sample.id DESC LIMIT ?"
        );
    })
    .await;
}

async fn blogs(db: &Database) {
    models::create(&db.engine).await;
    let mut session = Session::new(&db.engine);
    let post = |title: String| Post { title, ..default() };
    for n in 0..7 {
        let posts = (0..n % 3).map(|m| post(format!("p{n}{m}"))).collect();
        session.add(Blog { title: format!("b{}", n % 4), posts, ..default() });
    }
    session.commit().await.unwrap();
}

#[tokio::test]
async fn a_page_counts_parents_and_loads_their_children() {
    on_each(async |db| {
        blogs(db).await;
        for strategy in 0..2 {
            let query = || {
                let query = select(Blog).order_by(Blog::title);
                match strategy {
                    0 => query.options(selectin(Blog::posts)),
                    _ => query.options(joined(Blog::posts)),
                }
            };
            let titles = |page: &Page<Blog>| -> Vec<(i64, Vec<String>)> {
                let posts = |blog: &Blog| {
                    blog.posts.loaded().unwrap().iter().map(|post| post.title.clone()).collect()
                };
                page.items.iter().map(|blog| (blog.id, posts(blog))).collect()
            };
            let owned = |list: &[(i64, &[&str])]| -> Vec<(i64, Vec<String>)> {
                list.iter().map(|(id, posts)| (*id, posts.iter().map(|&p| p.to_owned()).collect())).collect()
            };
            let first = db.engine.page(query(), paginate(3).with_total()).await.unwrap();
            assert_eq!(titles(&first), owned(&[(1, &[]), (5, &["p40"]), (2, &["p10"])]));
            assert_eq!(first.total, Some(7));
            let sent = Statements::record();
            let second = db.engine.page(query(), paginate(3).after(first.next.clone())).await.unwrap();
            assert_eq!(titles(&second), owned(&[(6, &["p50", "p51"]), (3, &["p20", "p21"]), (7, &[])]));
            assert!(sent.taken("SELECT").len() <= 2, "one for the page, and one for its children");
            let back = db.engine.page(query(), paginate(3).before(second.previous.clone())).await.unwrap();
            assert_eq!(titles(&back), titles(&first));
            let by_number = db.engine.page(query(), paginate(3).page(2)).await.unwrap();
            assert_eq!(by_number.items.len(), 3);
            assert_eq!((by_number.next, by_number.previous), (Some(3), Some(1)));

            let mut session = Session::new(&db.engine);
            let page = session.page(query(), paginate(3).after(back.next.clone())).await.unwrap();
            let found: Vec<(i64, Vec<String>)> = session
                .views(&page.items)
                .map(|blog| (blog.id, blog.get(Blog::posts).unwrap().map(|p| p.title.clone()).collect()))
                .collect();
            assert_eq!(found, titles(&second));
        }
    })
    .await;
}

#[tokio::test]
async fn rows_of_joins_are_told_apart() {
    on_each(async |db| {
        blogs(db).await;
        // To many: a blog comes once for each post. To one: the post alone tells the row.
        let query = || select((Blog::title, Post)).join(Blog::posts).order_by(Blog::title.desc());
        let whole = select((Blog::title, Post)).join(Blog::posts).order_by((
            Blog::title.desc(),
            Blog::id.desc(),
            Post::id.desc(),
        ));
        let whole: Vec<i64> = db.engine.all(whole).await.unwrap().iter().map(|(_, post)| post.id).collect();
        let mut walked = Vec::new();
        let mut next = None;
        loop {
            let page = db.engine.page(query(), paginate(2).after(next)).await.unwrap();
            walked.extend(page.items.iter().map(|(_, post)| post.id));
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        assert_eq!(walked, whole);

        let query = || select(Post).join(Post::blog).filter(Blog::title.ne("b0")).order_by(Blog::title);
        let first = db.engine.page(query(), paginate(3)).await.unwrap();
        let sent = Statements::record();
        let second = db.engine.page(query(), paginate(3).after(first.next)).await.unwrap();
        assert_eq!(first.items.len() + second.items.len(), 5);
        let sql = sent.taken("SELECT").remove(0);
        assert!(sql.ends_with("ORDER BY blog.title, post.id LIMIT ?"), "{sql}");

        // An entity that an outer join leaves out has no key.
        let query = || select((Blog, Post)).outer_join(Blog::posts).order_by(Post::title);
        let whole = db.engine.all(query().order_by((Blog::id, Post::id))).await.unwrap();
        let mut walked = Vec::new();
        let mut next: Option<Cursor> = None;
        loop {
            let page = db.engine.page(query(), paginate(1).after(next)).await.unwrap();
            walked.extend(page.items);
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        let seen = |rows: &[(Blog, Option<Post>)]| -> Vec<(i64, Option<i64>)> {
            rows.iter().map(|(blog, post)| (blog.id, post.as_ref().map(|post| post.id))).collect()
        };
        assert_eq!(seen(&walked), seen(&whole));

        // Many to many, and DISTINCT.
        let query = || select(Blog).join(Blog::posts).distinct().order_by(Blog::title);
        let first = db.engine.page(query(), paginate(2)).await.unwrap();
        let second = db.engine.page(query(), paginate(5).after(first.next)).await.unwrap();
        let walked: Vec<i64> = first.items.iter().chain(&second.items).map(|blog| blog.id).collect();
        assert_eq!(walked, [5, 2, 6, 3]);
        assert_eq!(second.next, None);
    })
    .await;
}

#[tokio::test]
async fn keys_of_several_columns() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let line = |number: i64| Purchase { shop: format!("s{}", number % 2), number, ..default() };
        db.engine.execute(insert(Purchase).values((1..=6).map(line).collect::<Vec<_>>())).await.unwrap();
        let mut numbers = Vec::new();
        let mut next = None;
        loop {
            let page = db.engine.page(select(Purchase), paginate(2).after(next)).await.unwrap();
            numbers.extend(page.items.iter().map(|purchase| purchase.number));
            next = page.next;
            if next.is_none() {
                break;
            }
        }
        assert_eq!(numbers, [2, 4, 6, 1, 3, 5]);
    })
    .await;
}

#[tokio::test]
async fn pages_at_the_ends() {
    on_each(async |db| {
        let mut dice = Dice::new(3);
        samples(db, &mut dice, 0).await;
        let empty = db.engine.page(select(Sample), paginate(2).with_total()).await.unwrap();
        assert_eq!((empty.items.len(), empty.next, empty.previous, empty.total), (0, None, None, Some(0)));

        db.engine.execute(insert(Sample).values([random(&mut dice), random(&mut dice)])).await.unwrap();
        let one = db.engine.page(select(Sample), paginate(2)).await.unwrap();
        assert_eq!((one.items.len(), one.next, one.previous), (2, None, None), "a page that is just full");
        let zero = db.engine.page(select(Sample), paginate(0)).await.unwrap();
        assert_eq!(zero.items.len(), 1, "0 counts as 1");
        let all = db.engine.page(select(Sample), paginate(u64::MAX)).await.unwrap();
        assert_eq!(all.items.len(), 2);

        let next = zero.next;
        db.engine.execute(delete(Sample).all_rows()).await.unwrap();
        let gone = db.engine.page(select(Sample), paginate(1).after(next)).await.unwrap();
        assert_eq!((gone.items.len(), gone.next, gone.previous), (0, None, None));
        let far = db.engine.page(select(Sample), paginate(2).offset(10)).await.unwrap();
        assert_eq!((far.items.len(), far.next, far.previous), (0, None, Some(8)));
    })
    .await;
}

#[tokio::test]
async fn what_has_no_pages_says_why() {
    on_each(async |db| {
        blogs(db).await;
        let refused = async |result: orm::Result<()>| match result {
            Err(Error::Paging(error)) => error,
            other => panic!("{other:?}"),
        };
        let engine = &db.engine;
        let done = |_: Page<_>| ();

        let grouped = select((Blog::title, count(Blog::id))).group_by(Blog::title);
        let error = refused(engine.page(grouped.clone(), paginate(2)).await.map(|_| ())).await;
        assert_eq!(error, PagingError::NoKeyset { reason: "it groups rows".into() });
        let page = engine.page(grouped.order_by(Blog::title), paginate(3).page(2)).await.unwrap();
        assert_eq!(page.items, [("b3".to_owned(), 1)]);

        let columns = engine.page(select(Blog::title), paginate(2)).await.map(|_| ());
        let error = refused(columns).await;
        assert!(error.to_string().contains("it selects no entity"), "{error}");

        let limited = engine.page(select(Blog).limit(3), paginate(2)).await.map(done);
        assert_eq!(refused(limited).await, PagingError::OwnLimit);

        let by_title = engine.page(select(Blog).order_by(Blog::title), paginate(2)).await.unwrap();
        let other = paginate(2).after(by_title.next.clone());
        let other = engine.page(select(Blog).order_by(Blog::title.desc()), other).await.map(done);
        assert_eq!(refused(other).await, PagingError::OtherOrder);
        // Another condition is no other order.
        let filtered = select(Blog).filter(Blog::id.gt(4)).order_by(Blog::title);
        let page = engine.page(filtered, paginate(5).after(by_title.next)).await.unwrap();
        assert_eq!(page.items.iter().map(|blog| blog.id).collect::<Vec<_>>(), [6, 7]);

        let unions = select(Blog::title).union(select(Post::title));
        let error = refused(engine.page(unions.clone(), paginate(2)).await.map(|_| ())).await;
        assert!(matches!(error, PagingError::NoKeyset { .. }));
        let page = engine.page(unions.order_by(Blog::title), paginate(4).page(2).with_total());
        let page = page.await.unwrap();
        assert_eq!(page.items, ["p10", "p20", "p21", "p40"]);
        assert_eq!((page.total, page.next), (Some(10), Some(3)));

        assert_eq!("%".parse::<Cursor>(), Err(PagingError::Malformed));
    })
    .await;
}

#[tokio::test]
async fn a_page_is_data() {
    on_each(async |db| {
        let mut dice = Dice::new(5);
        samples(db, &mut dice, 3).await;
        let page = db.engine.page(select(Sample).order_by(Sample::word), paginate(1)).await.unwrap();
        let page = page.map(|sample| sample.id);
        let json = serde_json::to_string(&page).unwrap();
        let back: Page<i64> = serde_json::from_str(&json).unwrap();
        assert_eq!(back, page);
        let next = back.next.unwrap();
        assert_eq!(
            json,
            format!(r#"{{"items":[{}],"next":"{next}","previous":null,"total":null}}"#, page.items[0])
        );
    })
    .await;
}

async fn counted<Q: orm::Query<I>, I>(db: &Database, what: &str, query: impl Fn() -> Q, rows: u64) {
    let mut session = Session::new(&db.engine);
    let mut connection = db.engine.connect().await.unwrap();
    assert_eq!(connection.all(query()).await.unwrap().len() as u64, rows, "{what}");
    assert_eq!(connection.count(query()).await.unwrap(), rows, "{what}");
    assert_eq!(connection.exists(query()).await.unwrap(), rows > 0, "{what}");
    assert_eq!(session.count(query()).await.unwrap(), rows, "{what}");
    assert_eq!(session.exists(query()).await.unwrap(), rows > 0, "{what}");
    drop(connection);
    drop(session);
    assert_eq!(db.engine.count(query()).await.unwrap(), rows, "{what}");
    assert_eq!(db.engine.exists(query()).await.unwrap(), rows > 0, "{what}");
}

#[tokio::test]
async fn counts_are_the_number_of_rows() {
    on_each(async |db| {
        blogs(db).await;
        macro_rules! counted {
            ($query:expr, $rows:expr) => {
                Box::pin(counted(db, stringify!($query), || $query, $rows)).await
            };
        }
        counted!(select(Blog), 7);
        counted!(select(Blog).order_by(Blog::title).options(joined(Blog::posts)), 7);
        counted!(select(Blog).filter(Blog::id.gt(100)), 0);
        counted!(select((Blog, Post)).join(Blog::posts), 6);
        counted!(select((Blog, Post)).outer_join(Blog::posts), 9);
        counted!(select(Blog::title).distinct(), 4);
        counted!(select((Blog::title, count(Blog::id))).group_by(Blog::title), 4);
        counted!(select(Blog::title).group_by(Blog::title).having(count(Blog::id).gt(1)), 3);
        counted!(select(count(Blog::id)), 1);
        counted!(select(Blog).order_by(Blog::id).limit(3), 3);
        counted!(select(Blog).order_by(Blog::id).limit(3).offset(6), 1);
        counted!(select((Blog::id, Blog::id)).limit(2), 2);
        counted!(select(Blog::title).union(select(Post::title)), 10);
        counted!(select((Blog, Post)).join(Blog::posts).distinct(), 6);
        counted!(select(Blog).options(with_criteria(Blog, Blog::title.eq("b1"))), 2);
        counted!(text("SELECT id, title FROM blog WHERE id > 2").columns::<(i64, String)>(), 5);
    })
    .await;
}

#[tokio::test]
async fn a_count_of_a_table_is_one_plain_select() {
    on_each(async |db| {
        blogs(db).await;
        let mut session = Session::new(&db.engine);
        session.add(Blog { title: "new".into(), ..default() });
        let sent = Statements::record();
        assert_eq!(session.count(select(Blog).order_by(Blog::title)).await.unwrap(), 8, "it flushes first");
        assert!(session.exists(select(Blog).filter(Blog::title.eq("new"))).await.unwrap());
        assert_eq!(
            sent.taken("SELECT"),
            ["SELECT count(*) FROM blog", "SELECT 1 FROM blog WHERE blog.title = ? LIMIT ?"]
        );
        let statement = insert(Blog).values(Blog::default()).returning(Blog::id);
        let error = session.count(statement).await.unwrap_err();
        assert!(matches!(error, Error::Paging(PagingError::NoQuery { .. })), "{error}");
    })
    .await;
}
