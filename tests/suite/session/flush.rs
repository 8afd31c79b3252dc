//! How a flush writes: in batches, with versions, with keys that change, in circles.

use orm::prelude::*;
use orm::{Error, IntegrityKind};

use crate::databases::{Database, on_each, rows};
use crate::support::Statements;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(new)]
struct Article {
    #[column(primary_key)]
    id: i64,
    title: String,
    body: Option<String>,
    #[column(version)]
    version: i32,
}

fn word(version: Option<String>) -> String {
    version.map_or_else(|| "v".to_owned(), |version| version + "+")
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(new)]
struct Draft {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[column(version = word, length = 30)]
    version: String,
}

/// Its version is the database's: it follows from what the row says.
#[derive(Mapped, Debug, Clone, Default)]
struct Ledger {
    #[column(primary_key)]
    id: i64,
    cents: i64,
    #[column(version, computed = "cents * 2 + 1")]
    version: Auto<i64>,
}

#[derive(Mapped, Debug, Clone, Default)]
struct Country {
    #[column(primary_key, length = 20)]
    code: String,
    name: String,
    #[relationship(back_populates = country, order_by = City::id)]
    cities: Many<City>,
    #[relationship(secondary = CountryTag, back_populates = countries, order_by = Tag::name)]
    tags: Many<Tag>,
}

#[derive(Mapped, Debug, Clone, Default)]
struct City {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Country::code, on_update = "cascade", length = 20)]
    country_code: Option<String>,
    #[relationship(back_populates = cities)]
    country: One<Option<Country>>,
}

#[derive(Mapped, Debug, Clone, Default)]
struct Tag {
    #[column(primary_key, length = 20)]
    name: String,
    #[relationship(secondary = CountryTag, back_populates = tags)]
    countries: Many<Country>,
}

#[derive(Mapped, Debug, Clone, Default)]
struct CountryTag {
    #[column(primary_key, foreign_key = Country::code, on_update = "cascade", length = 20)]
    country_code: String,
    #[column(primary_key, foreign_key = Tag::name, on_update = "cascade", length = 20)]
    tag: String,
}

/// Its children's key is deferred, and the session's to change.
#[derive(Mapped, Debug, Clone, Default)]
struct Shelf {
    #[column(primary_key, length = 20)]
    label: String,
    #[relationship(back_populates = shelf)]
    books: Many<Book>,
}

#[derive(Mapped, Debug, Clone, Default)]
struct Book {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Shelf::label, deferrable = "deferred", length = 20)]
    shelf_label: Option<String>,
    #[relationship(back_populates = books)]
    shelf: One<Option<Shelf>>,
}

#[derive(Mapped, Debug, Clone, Default)]
struct Widget {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(foreign_key = Favourite::id)]
    favourite_id: Option<i64>,
    #[relationship(foreign_key = Widget::favourite_id, post_update)]
    favourite: One<Option<Favourite>>,
}

#[derive(Mapped, Debug, Clone, Default)]
struct Favourite {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Widget::id)]
    widget_id: i64,
    #[relationship(foreign_key = Favourite::widget_id)]
    widget: One<Widget>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "single")]
struct Unique {
    #[column(primary_key)]
    id: i64,
    #[column(unique, length = 20)]
    name: String,
}

async fn create(db: &Database) {
    let tables = metadata![Article, Draft, Ledger, Country, City, Tag, CountryTag, Widget, Favourite, Unique];
    tables.create_all(&db.engine).await.unwrap();
}

async fn articles(db: &Database, count: i64) -> (Session, Vec<Handle<Article>>) {
    let mut session = Session::new(&db.engine);
    let articles = session.add_all((1..=count).map(|n| Article::new(format!("a{n}"))));
    session.commit().await.unwrap();
    (session, articles)
}

#[tokio::test]
async fn objects_that_change_the_same_columns_are_one_update() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let countries = ["d", "b", "a", "c"].map(|code| Country { code: code.into(), ..default() });
        let countries = session.add_all(countries);
        session.commit().await.unwrap();
        for (n, &country) in countries.iter().enumerate() {
            session[country].name = format!("number {n}");
        }
        assert_eq!(session.plan().unwrap(), "UPDATE country (name) × 4\n");
        let sent = Statements::record();
        session.commit().await.unwrap();
        assert_eq!(sent.taken("UPDATE").len(), 1);
        let stored = rows(&db.engine, "country", "code, name").await;
        assert_eq!(stored, ["a|number 2", "b|number 1", "c|number 3", "d|number 0"]);
    })
    .await;
}

#[tokio::test]
async fn a_thousand_objects_are_updated_by_a_few_statements() {
    on_each(async |db| {
        create(db).await;
        let (mut session, articles) = articles(db, 1_200).await;
        for (n, &article) in articles.iter().enumerate() {
            session[article].body = (n % 3 != 0).then(|| format!("body {n}"));
            session[article].title.push('!');
        }
        let sent = Statements::record();
        session.commit().await.unwrap();
        let statements = sent.taken("UPDATE").len();
        assert!(statements <= 2 * 1_200_usize.div_ceil(db.features.max_update_rows), "{statements}");
        let stored = engine_rows(db).await;
        let wanted = (0..1_200).map(|n: i64| {
            let body = if n % 3 == 0 { "NULL".to_owned() } else { format!("body {n}") };
            format!("{}|a{}!|{body}|2", n + 1, n + 1)
        });
        let mut wanted: Vec<String> = wanted.collect();
        wanted.sort();
        assert!(stored == wanted, "{:?} …", &stored[..5]);
    })
    .await;
}

async fn engine_rows(db: &Database) -> Vec<String> {
    rows(&db.engine, "article", "id, title, body, version").await
}

#[tokio::test]
async fn a_version_counts_each_write() {
    on_each(async |db| {
        create(db).await;
        let (mut session, articles) = articles(db, 1).await;
        assert_eq!(session[articles[0]].version, 1);
        session[articles[0]].title = "b".into();
        session.commit().await.unwrap();
        assert_eq!(session[articles[0]].version, 2);
        session[articles[0]].title = "c".into();
        session.flush().await.unwrap();
        assert_eq!(session[articles[0]].version, 3);
        session.rollback().await.unwrap();
        assert_eq!(session[articles[0]].version, 2);
        session.delete(articles[0]);
        let sent = Statements::record();
        session.commit().await.unwrap();
        assert_eq!(
            sent.taken("DELETE"),
            ["DELETE FROM article WHERE article.id = ? AND article.version = ?"]
        );
        let draft = session.add(Draft::new("d"));
        session.commit().await.unwrap();
        session[draft].title = "e".into();
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "draft", "title, version").await, ["e|v+"]);
    })
    .await;
}

#[tokio::test]
async fn a_row_that_somebody_else_has_changed_is_stale() {
    on_each(async |db| {
        create(db).await;
        for delete in [false, true] {
            let (mut session, articles) = articles(db, 1).await;
            let by = text("UPDATE article SET version = version + 1");
            session.execute(by).await.unwrap();
            session[articles[0]].title = "mine".into();
            if delete {
                session.delete(articles[0]);
            }
            let error = session.flush().await.unwrap_err();
            let Error::StaleData { action, table, expected, matched } = error else { panic!("{error}") };
            let wanted = if delete { "DELETE" } else { "UPDATE" };
            assert_eq!((action, table.as_str(), expected, matched), (wanted, "article", 1, 0));
            session.rollback().await.unwrap();
            assert_eq!((session[articles[0]].title.as_str(), session[articles[0]].version), ("a1", 1));
        }
    })
    .await;
}

#[tokio::test]
async fn one_stale_row_of_many_is_told() {
    on_each(async |db| {
        create(db).await;
        let (mut session, articles) = articles(db, 10).await;
        session.execute(text("UPDATE article SET version = 9 WHERE id = 4")).await.unwrap();
        for &article in &articles {
            session[article].title = "mine".into();
        }
        let error = session.flush().await.unwrap_err();
        assert!(
            matches!(error, Error::StaleData { action: "UPDATE", expected: 10, matched: 9, .. }),
            "{error}"
        );
        session.rollback().await.unwrap();
        session.execute(text("UPDATE article SET version = 9 WHERE id = 4")).await.unwrap();
        articles.iter().for_each(|&article| session.delete(article));
        let error = session.flush().await.unwrap_err();
        assert!(
            matches!(error, Error::StaleData { action: "DELETE", expected: 10, matched: 9, .. }),
            "{error}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_version_may_be_the_databases_own() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let ledgers = session.add_all([5, 6].map(|cents| Ledger { cents, ..default() }));
        session.commit().await.unwrap();
        assert_eq!(ledgers.iter().map(|&l| *session[l].version).collect::<Vec<_>>(), [11, 13]);
        session[ledgers[0]].cents = 7;
        session.commit().await.unwrap();
        session[ledgers[0]].cents = 8;
        session[ledgers[1]].cents = 9;
        session.commit().await.unwrap();
        assert_eq!(ledgers.iter().map(|&l| *session[l].version).collect::<Vec<_>>(), [17, 19]);
        session.execute(text("UPDATE ledger SET cents = 1")).await.unwrap();
        session[ledgers[0]].cents = 10;
        let error = session.flush().await.unwrap_err();
        assert!(matches!(error, Error::StaleData { .. }), "{error}");
    })
    .await;
}

#[tokio::test]
async fn what_references_a_key_that_changes_follows_by_the_database() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let country = session.add(Country {
            code: "n".into(),
            cities: many![City { id: 1, ..default() }],
            tags: many![Tag { name: "t".into(), ..default() }],
            ..default()
        });
        session.commit().await.unwrap();
        let city = session.get_one(City, 1).await.unwrap();
        session[country].code = "m".into();
        let sent = Statements::record();
        session.flush().await.unwrap();
        assert_eq!(sent.taken("UPDATE"), ["UPDATE country SET code = ? WHERE country.code = ?"]);
        assert_eq!(session[city].country_code.as_deref(), Some("m"));
        assert_eq!(session.get(Country, "m").await.unwrap(), Some(country));
        assert_eq!(session.get(Country, "n").await.unwrap(), None);
        session.rollback().await.unwrap();
        assert_eq!((session[country].code.as_str(), session[city].country_code.as_deref()), ("n", Some("n")));
        assert_eq!(session.get(Country, "n").await.unwrap(), Some(country));

        session[country].code = "k".into();
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "city", "id, country_code").await, ["1|k"]);
        assert_eq!(rows(&db.engine, "country_tag", "country_code, tag").await, ["k|t"]);
        session[city].country_code = None;
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "city", "id, country_code").await, ["1|NULL"]);
    })
    .await;
}

#[tokio::test]
async fn what_references_a_key_that_changes_follows_by_the_session() {
    crate::databases::on_each_with(
        |features| features.deferrable_constraints,
        "constraints that are checked at COMMIT",
        async |db| {
            metadata![Shelf, Book].create_all(&db.engine).await.unwrap();
            let mut session = Session::new(&db.engine);
            let books = many![Book { id: 1, ..default() }, Book { id: 2, ..default() }];
            session.add(Shelf { label: "a".into(), books });
            session.commit().await.unwrap();
            let mut session = Session::new(&db.engine);
            let shelf = session.get_one(Shelf, "a").await.unwrap();
            session[shelf].label = "b".into();
            let sent = Statements::record();
            session.commit().await.unwrap();
            assert_eq!(sent.taken("UPDATE").len(), 2, "the shelf, and its books together");
            assert_eq!(rows(&db.engine, "book", "id, shelf_label").await, ["1|b", "2|b"]);
        },
    )
    .await;
}

#[tokio::test]
async fn an_expression_is_written_and_read_back() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let new = session.add(Article::new("new"));
        session.set_expression(new, Article::title, functions::upper(literal("abc".to_owned())));
        session.flush().await.unwrap();
        assert_eq!((session[new].title.as_str(), session[new].version), ("ABC", 1));
        session.set_expression(new, Article::title, Article::title.concat("d"));
        session.set_expression(new, Article::body, functions::lower(Article::title));
        session.flush().await.unwrap();
        let Article { title, body, version, .. } = &session[new];
        // MySQL sets one column after the other, and reads what it has set.
        let body = body.as_deref().unwrap();
        assert!(
            title == "ABCd" && ["abc", "abcd"].contains(&body) && *version == 2,
            "{title} {body} {version}"
        );
        session.rollback().await.unwrap();
        assert!(!session.contains(new));
    })
    .await;
}

#[tokio::test]
async fn rows_that_reference_each_other_are_written_and_deleted() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let widget = session.add(Widget { name: "w".into(), ..default() });
        let favourite = session.add(Favourite::default());
        session.set(favourite, Favourite::widget, widget);
        session.set(widget, Widget::favourite, favourite);
        assert_eq!(
            session.plan().unwrap(),
            "INSERT widget (name, favourite_id) × 1\nINSERT favourite (widget_id) × 1\nUPDATE widget afterwards × 1\n"
        );
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "widget", "id, favourite_id").await, ["1|1"]);
        session.delete(widget);
        session.delete(favourite);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "widget", "id").await, [""; 0]);
        assert_eq!(rows(&db.engine, "favourite", "id").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_key_that_is_taken_is_refused() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let one = session.add(Country { code: "a".into(), ..default() });
        session.add(Country { code: "b".into(), ..default() });
        session.commit().await.unwrap();
        session[one].code = "b".into();
        let error = session.flush().await.unwrap_err();
        assert!(matches!(error, Error::Integrity { kind: IntegrityKind::Unique, .. }), "{error}");
        session.rollback().await.unwrap();
        assert_eq!(session.get(Country, "a").await.unwrap(), Some(one));
        assert_eq!(session[one].code, "a");
    })
    .await;
}

#[tokio::test]
async fn a_value_that_an_update_frees_is_free_for_a_new_row() {
    on_each(async |db| {
        create(db).await;
        let mut session = Session::new(&db.engine);
        let one = session.add(Unique { name: "a".into(), ..default() });
        session.commit().await.unwrap();
        session[one].name = "b".into();
        session.add(Unique { name: "a".into(), ..default() });
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "single", "id, name").await, ["1|b", "2|a"]);
    })
    .await;
}

#[derive(Mapped, Debug, Clone, Default)]
struct Left {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Right::id)]
    right_id: Option<i64>,
    #[relationship(foreign_key = Left::right_id)]
    right: One<Option<Right>>,
}

#[derive(Mapped, Debug, Clone, Default)]
struct Right {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Middle::id)]
    middle_id: Option<i64>,
    #[relationship(foreign_key = Right::middle_id)]
    middle: One<Option<Middle>>,
}

#[derive(Mapped, Debug, Clone, Default)]
struct Middle {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Left::id)]
    left_id: Option<i64>,
    #[relationship(foreign_key = Middle::left_id)]
    left: One<Option<Left>>,
}

/// No database is asked.
#[tokio::test]
async fn a_circle_is_named_by_its_relationships() {
    let engine = Engine::new("sqlite::memory:").unwrap();
    let mut session = Session::new(&engine);
    let (left, right) = (session.add(Left::default()), session.add(Right::default()));
    let (middle, apart) = (session.add(Middle::default()), session.add(Left::default()));
    session.set(apart, Left::right, right);
    session.set(left, Left::right, right);
    session.set(right, Right::middle, middle);
    session.set(middle, Middle::left, left);
    let sent = Statements::record();
    assert_eq!(
        session.flush().await.unwrap_err().to_string(),
        "new objects wait for each other's keys in a circle, by `Left::right`, `Middle::left`, `Right::middle`: declare \
         `post_update` on one of these relationships"
    );
    assert_eq!(sent.take(), [""; 0]);
}
