//! Entities wherever rows may come from: aliases, subqueries, CTEs, set operations and text; several in one row, beside
//! columns, in nested tuples, and in records that become JSON. In sessions and on connections, on every database.

use orm::prelude::*;
use orm::{Error, with_criteria};
use serde::Serialize;
use serde_json::json;

use crate::databases::on_each;
use crate::support::Statements;

#[derive(Mapped, Debug, Clone, Default, Serialize)]
#[mapped(table = "writer")]
struct Writer {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(foreign_key = Writer::id)]
    mentor_id: Option<i64>,
    #[relationship(back_populates = writer, order_by = Book::id)]
    books: Many<Book>,
    #[relationship(back_populates = pupils)]
    mentor: One<Option<Writer>>,
    #[relationship(back_populates = mentor, order_by = Writer::id)]
    pupils: Many<Writer>,
}

#[derive(Mapped, Debug, Clone, Default, Serialize)]
#[mapped(table = "book")]
struct Book {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[column(foreign_key = Writer::id)]
    writer_id: i64,
    #[relationship(back_populates = books)]
    writer: One<Writer>,
    #[relationship(secondary = BookGenre, back_populates = books, order_by = Genre::id)]
    genres: Many<Genre>,
}

#[derive(Mapped, Debug, Clone, Default, Serialize)]
#[mapped(table = "genre")]
struct Genre {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[relationship(secondary = BookGenre, back_populates = genres, order_by = Book::id)]
    books: Many<Book>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "book_genre")]
struct BookGenre {
    #[column(primary_key, foreign_key = Book::id)]
    book_id: i64,
    #[column(primary_key, foreign_key = Genre::id)]
    genre_id: i64,
}

orm::alias!(Mentor = Writer);
orm::alias!(Found = Writer);
orm::alias!(Latest = Book);
orm::alias!(Kind = Genre);

/// ann wrote "a1" (crime, verse) and "a2" (crime), bob, whose mentor is ann, "b1", and cat, bob's pupil, nothing.
async fn seed(engine: &Engine) {
    metadata![Writer, Book, Genre, BookGenre].create_all(engine).await.unwrap();
    let mut session = Session::new(engine);
    let writer = |name: &str, mentor_id| Writer { name: name.into(), mentor_id, ..default() };
    for (name, mentor) in [("ann", None), ("bob", Some(1)), ("cat", Some(2))] {
        session.add(writer(name, mentor));
        session.flush().await.unwrap();
    }
    for (title, writer_id) in [("a1", 1), ("a2", 1), ("b1", 2)] {
        session.add(Book { title: title.into(), writer_id, ..default() });
        session.flush().await.unwrap();
    }
    for name in ["crime", "verse"] {
        session.add(Genre { name: name.into(), ..default() });
        session.flush().await.unwrap();
    }
    for (book_id, genre_id) in [(1, 1), (1, 2), (2, 1)] {
        session.add(BookGenre { book_id, genre_id });
    }
    session.commit().await.unwrap();
}

fn titles(writer: &Writer) -> Vec<&str> {
    writer.books.loaded().unwrap().iter().map(|book| book.title.as_str()).collect()
}

/// Names and titles: the whole tree.
fn trees(writers: &[Writer]) -> Vec<(&str, Vec<&str>)> {
    writers.iter().map(|writer| (writer.name.as_str(), titles(writer))).collect()
}

#[tokio::test]
async fn from_aliases_subqueries_and_ctes() {
    on_each(async |db| {
        seed(&db.engine).await;
        let with_books = || selectin(Writer::books.of(Found));
        let others = || select(Writer).filter(Writer::id.gt(1));
        let expected = [("cat", vec![]), ("bob", vec!["b1"])];
        let order = || Writer::name.of(Found).desc();

        let alias = select(Found).filter(Writer::id.of(Found).gt(1)).order_by(order()).options(with_books());
        let derived =
            select(Found).select_from(others().subquery(Found)).order_by(order()).options(with_books());
        let cte = others().cte(Found);
        let from_cte = select(Found).select_from(&cte).with(cte).order_by(order()).options(with_books());
        for (query, sql) in [
            (
                alias,
                "SELECT found.id, found.name, found.mentor_id FROM writer AS found WHERE found.id > ? ORDER BY found.name DESC",
            ),
            (
                derived,
                "SELECT found.id, found.name, found.mentor_id FROM (SELECT writer.id, writer.name, writer.mentor_id FROM writer WHERE writer.id > ?) AS found ORDER BY found.name DESC",
            ),
            (
                from_cte,
                "WITH found AS (SELECT writer.id, writer.name, writer.mentor_id FROM writer WHERE writer.id > ?) SELECT found.id, found.name, found.mentor_id FROM found ORDER BY found.name DESC",
            ),
        ] {
            let statements = Statements::record();
            let owned = db.engine.all(query.clone()).await.unwrap();
            assert_eq!(trees(&owned), expected, "{}", db.name);
            let mut session = Session::new(&db.engine);
            let bob = session.get(Writer, 2).await.unwrap().unwrap();
            statements.take();
            let found = session.all(query).await.unwrap();
            let sent: Vec<_> = statements.take().into_iter().filter(|sql| sql.contains("FROM")).collect();
            assert_eq!(sent.len(), 2, "{sent:?}");
            if db.file.is_some() {
                assert_eq!(sent[0], sql);
            }
            // The same objects as by any other query.
            assert_eq!(found[1], bob);
            let copies: Vec<Writer> = found.iter().map(|&writer| session.detach(writer)).collect();
            assert_eq!(trees(&copies), expected);
        }

        // A recursive CTE of entities: bob and all above him.
        let above = select(Writer).select_from(Found.as_cte()).join(Writer::mentor.of(Found));
        let chain = select(Writer).filter(Writer::name.eq("cat")).union_all(above).recursive_cte(Found);
        let query = select(Found).select_from(&chain).with(chain).order_by(Writer::id.of(Found)).options(with_books());
        let chain = db.engine.all(query).await.unwrap();
        assert_eq!(trees(&chain), [("ann", vec!["a1", "a2"]), ("bob", vec!["b1"]), ("cat", vec![])]);
    })
    .await;
}

#[tokio::test]
async fn from_set_operations() {
    on_each(async |db| {
        seed(&db.engine).await;
        let named = |name: &str| select(Writer).filter(Writer::name.eq(name));
        let union = named("ann").union(named("bob")).union(named("ann")).order_by(Writer::id);
        let expected = [("ann", vec!["a1", "a2"]), ("bob", vec!["b1"])];
        let statements = Statements::record();
        // What would be joined comes by a statement of its own.
        for query in
            [union.clone().options(selectin(Writer::books)), union.clone().options(joined(Writer::books))]
        {
            statements.take();
            let owned = db.engine.all(query.clone()).await.unwrap();
            assert_eq!(statements.taken("SELECT").len(), 2, "{}", db.name);
            assert_eq!(trees(&owned), expected);
            let mut session = Session::new(&db.engine);
            let tracked = session.all(query).await.unwrap();
            let copies: Vec<Writer> = tracked.iter().map(|&writer| session.detach(writer)).collect();
            assert_eq!(trees(&copies), expected);
        }
        let both = select(Writer).filter(Writer::id.le(2)).intersect(select(Writer).filter(Writer::id.ge(2)));
        let both = db.engine.all(both.options(selectin(Writer::books))).await.unwrap();
        assert_eq!(trees(&both), [("bob", vec!["b1"])]);

        // What the session has stays, unless the query overwrites it.
        let mut session = Session::new(&db.engine);
        let ann = session.one(named("ann")).await.unwrap();
        session
            .execute(update(Writer).set(Writer::name, "anna").synchronize(Synchronize::Off).all_rows())
            .await
            .unwrap();
        let all = || select(Writer).filter(Writer::id.eq(1)).union(select(Writer).filter(Writer::id.eq(9)));
        assert_eq!(session.all(all()).await.unwrap(), [ann]);
        assert_eq!(session[ann].name, "ann");
        assert_eq!(session.all(all().populate_existing()).await.unwrap(), [ann]);
        assert_eq!(session[ann].name, "anna");
    })
    .await;
}

#[tokio::test]
async fn from_text() {
    on_each(async |db| {
        seed(&db.engine).await;
        let found = |columns: &str| {
            text(format!("SELECT {columns} FROM writer WHERE id >= :id ORDER BY id DESC")).bind("id", 2)
        };
        let expected = [("cat", vec![]), ("bob", vec!["b1"])];
        // By name: in their order, in another one, and with others between them.
        for columns in ["id, name, mentor_id", "name, mentor_id, id", "7 AS extra, mentor_id, name, 'x' AS more, id"] {
            let query = found(columns).entities(Writer);
            let plain = db.engine.all(query.clone()).await.unwrap();
            let fields: Vec<_> = plain.iter().map(|w| (w.id, w.name.as_str(), w.mentor_id)).collect();
            assert_eq!(fields, [(3, "cat", Some(2)), (2, "bob", Some(1))], "{}: {columns}", db.name);
            assert!(plain[0].books.is_unloaded());

            let statements = Statements::record();
            let query = query.options((joined(Writer::books), selectin(Writer::mentor)));
            let owned = db.engine.all(query.clone()).await.unwrap();
            assert_eq!(statements.taken("SELECT").len(), 3, "{}", db.name);
            assert_eq!(trees(&owned), expected);
            assert_eq!(owned[1].mentor.loaded().unwrap().name, "ann");

            let mut session = Session::new(&db.engine);
            let bob = session.get(Writer, 2).await.unwrap().unwrap();
            // It flushes first, as any query.
            session[bob].name = "bobby".into();
            let tracked = session.all(query.clone()).await.unwrap();
            assert_eq!(tracked[1], bob);
            assert_eq!(session[bob].name, "bobby");
            assert_eq!(titles(&session.detach(bob)), ["b1"]);
            let first = session.first(query).await.unwrap().unwrap();
            assert_eq!(first, tracked[0]);
            session.rollback().await.unwrap();
        }

        let error = db.engine.all(found("id, name AS nam").entities(Writer)).await.unwrap_err();
        let Error::Decode { .. } = &error else { panic!("{error:?}") };
        let message = error.to_string();
        assert!(
            message.contains("column 2 (`name`) cannot be read as `Writer`: the statement gives no column of this name, but `id`, `nam`"),
            "{message}"
        );
        let twice = text("SELECT w.*, b.id FROM writer w JOIN book b ON b.writer_id = w.id").entities(Writer);
        let message = Session::new(&db.engine).all(twice).await.unwrap_err().to_string();
        assert!(message.contains("(`id`) cannot be read as `Writer`: the statement gives two columns"), "{message}");

        // A row that the session holds is left as it is, unless it is to be overwritten.
        let mut session = Session::new(&db.engine);
        let cat = session.get(Writer, 3).await.unwrap().unwrap();
        session.execute(text("UPDATE writer SET name = 'tom' WHERE id = 3")).await.unwrap();
        let query = || text("SELECT * FROM writer WHERE name = 'tom'").entities(Writer);
        assert_eq!(session.one(query()).await.unwrap(), cat);
        assert_eq!(session[cat].name, "cat");
        assert_eq!(session.one(query().populate_existing()).await.unwrap(), cat);
        assert_eq!(session[cat].name, "tom");
    })
    .await;
}

#[tokio::test]
async fn several_in_a_row() {
    on_each(async |db| {
        seed(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let ann = session.get(Writer, 1).await.unwrap().unwrap();
        let cat = session.get(Writer, 3).await.unwrap().unwrap();

        let pairs = select((Writer, Book, Book::title, Writer::name))
            .outer_join(Writer::books)
            .order_by((Writer::id, Book::id));
        let rows = session.all(pairs.clone()).await.unwrap();
        assert_eq!(rows.len(), 4);
        assert_eq!((rows[0].0, rows[1].0, rows[3].0), (ann, ann, cat));
        assert_eq!((rows[3].1, &rows[3].2, rows[3].3.as_str()), (None, &None, "cat"));
        let rows = db.engine.all(pairs.options(selectin(Book::genres))).await.unwrap();
        let genres = |book: &Option<Book>| book.as_ref().map(|book| book.genres.loaded().unwrap().len());
        let rows: Vec<_> = rows.iter().map(|(w, b, title, _)| (w.id, genres(b), title.as_deref())).collect();
        assert_eq!(
            rows,
            [(1, Some(2), Some("a1")), (1, Some(1), Some("a2")), (2, Some(0), Some("b1")), (3, None, None)]
        );

        // Tuples in tuples, and an entity twice.
        let nested = select(((Writer, Mentor), (Writer::name.of(Mentor), count(Book::id))))
            .outer_join(Writer::mentor.to(Mentor))
            .outer_join(Writer::books)
            .group_by((Writer::id, Writer::id.of(Mentor)))
            .order_by(Writer::id);
        let rows = session.all(nested.clone()).await.unwrap();
        assert_eq!(rows[0], ((ann, None), (None, 2)));
        let bob = rows[1].0.0;
        assert_eq!(rows[1], ((bob, Some(ann)), (Some("ann".to_owned()), 1)));
        assert_eq!(rows[2], ((cat, Some(bob)), (Some("bob".to_owned()), 0)));
        let owned = db.engine.all(nested.options(selectin(Writer::books.of(Mentor)))).await.unwrap();
        let ((cat, mentor), (name, books)) = &owned[2];
        assert_eq!((cat.name.as_str(), name.as_deref(), *books), ("cat", Some("bob"), 0));
        assert_eq!(titles(mentor.as_ref().unwrap()), ["b1"]);
        assert!(cat.books.is_unloaded());
    })
    .await;
}

#[derive(Record, Debug, Serialize)]
struct Overview {
    #[record(entity)]
    writer: Writer,
    books: i64,
}

#[derive(Record, Debug, Clone, PartialEq, Serialize)]
struct Title {
    id: i64,
    title: String,
}

#[derive(Record, Debug, Clone, PartialEq, Serialize)]
struct Sums {
    writer_id: i64,
    n: i64,
}

#[derive(Record, Debug, Serialize)]
struct Page {
    #[record(nested)]
    book: Title,
    #[record(entity)]
    mentor: Option<Writer>,
    #[record(nested)]
    sums: Option<Sums>,
    name: Option<String>,
    #[record(nested)]
    overview: Overview,
}

#[tokio::test]
async fn in_records() {
    on_each(async |db| {
        seed(&db.engine).await;
        let overview = || {
            select((Writer, count(Book::id)))
                .outer_join(Writer::books)
                .group_by(Writer::id)
                .order_by(Writer::id)
                .limit(2)
        };
        let book = |id: i64, title: &str, writer: i64, genres: serde_json::Value| {
            json!({"id": id, "title": title, "writer_id": writer, "writer": null, "genres": genres})
        };
        let genre = |id: i64, name: &str| json!({"id": id, "name": name, "books": null});
        let writer = |id: i64, name: &str, mentor: Option<i64>, books: serde_json::Value| {
            json!({"id": id, "name": name, "mentor_id": mentor, "books": books, "mentor": null, "pupils": null})
        };
        let plain = json!([
            {"writer": writer(1, "ann", None, json!(null)), "books": 2},
            {"writer": writer(2, "bob", Some(1), json!(null)), "books": 1},
        ]);
        let tree = json!([
            {"books": 2, "writer": writer(1, "ann", None, json!([
                book(1, "a1", 1, json!([genre(1, "crime"), genre(2, "verse")])),
                book(2, "a2", 1, json!([genre(1, "crime")])),
            ]))},
            {"books": 1, "writer": writer(2, "bob", Some(1), json!([book(3, "b1", 2, json!([]))]))},
        ]);
        let loaded = || overview().options(selectin(Writer::books).then(selectin(Book::genres)));
        let as_json = |rows: Vec<Overview>| serde_json::to_value(rows).unwrap();

        assert_eq!(as_json(db.engine.all(overview().into_record()).await.unwrap()), plain, "{}", db.name);
        let statements = Statements::record();
        assert_eq!(as_json(db.engine.all(loaded().into_record()).await.unwrap()), tree, "{}", db.name);
        assert_eq!(statements.taken("SELECT").len(), 3);

        // In a session they are copies of its objects, with changes that were not flushed.
        let mut session = Session::new(&db.engine);
        assert_eq!(as_json(session.all(overview().into_record()).await.unwrap()), plain);
        assert_eq!(as_json(session.all(loaded().into_record()).await.unwrap()), tree);
        let ann = session.get(Writer, 1).await.unwrap().unwrap();
        session[ann].name = "anna".into();
        let first: Overview =
            session.no_autoflush().first(loaded().into_record()).await.unwrap().unwrap();
        assert_eq!((first.writer.name.as_str(), titles(&first.writer)), ("anna", vec!["a1", "a2"]));
        session.rollback().await.unwrap();

        // Criteria, streams and single rows.
        let crime = loaded().options(with_criteria(Book, Book::title.ne("a1"))).into_record::<Overview>();
        let first = db.engine.first(crime).await.unwrap().unwrap();
        assert_eq!((first.books, titles(&first.writer)), (1, vec!["a2"]));
    })
    .await;
}

#[tokio::test]
async fn in_records_of_records() {
    on_each(async |db| {
        seed(&db.engine).await;
        let sums = select((Book::writer_id, count(Book::id)))
            .group_by(Book::writer_id)
            .having(count(Book::id).gt(1))
            .subquery(Sums);
        let query =
            select(((Book::id, Book::title), Mentor, Sums, Writer::name.of(Mentor), (Writer, Book::id)))
                .join(Book::writer)
                .outer_join(Writer::mentor.to(Mentor))
                .outer_join_on(sums, Sums::writer_id.eq(Writer::id))
                .order_by(Book::id)
                .options((selectin(Writer::books), selectin(Writer::pupils.of(Mentor))));
        let check = |pages: &[Page]| {
            let read: Vec<_> = pages
                .iter()
                .map(|page| {
                    let pupils = page.mentor.as_ref().map(|mentor| mentor.pupils.loaded().unwrap().len());
                    (
                        page.book.title.as_str(),
                        pupils,
                        page.sums.clone().map(|sums| sums.n),
                        page.name.as_deref(),
                    )
                })
                .collect();
            assert_eq!(
                read,
                [
                    ("a1", None, Some(2), None),
                    ("a2", None, Some(2), None),
                    ("b1", Some(1), None, Some("ann"))
                ]
            );
            let overviews: Vec<_> =
                pages.iter().map(|page| (titles(&page.overview.writer), page.overview.books)).collect();
            assert_eq!(overviews, [(vec!["a1", "a2"], 1), (vec!["a1", "a2"], 2), (vec!["b1"], 3)]);
        };
        check(&db.engine.all(query.clone().into_record()).await.unwrap());
        let mut session = Session::new(&db.engine);
        check(&session.all(query.clone().into_record()).await.unwrap());
        // Each entity of the row is the one that the session holds, however often it comes.
        assert_eq!(session.all(select(Writer)).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn joins_along_relationships() {
    on_each(async |db| {
        seed(&db.engine).await;
        let statements = Statements::record();
        let check = async |rows: Vec<(String, Option<String>)>, expected: &[(&str, Option<&str>)], sql: &str| {
            let sent = statements.take().into_iter().rfind(|sql| sql.contains("FROM")).unwrap_or_default();
            if db.file.is_some() {
                assert_eq!(sent, sql);
            }
            let rows: Vec<_> = rows.iter().map(|(a, b)| (a.as_str(), b.as_deref())).collect();
            assert_eq!(rows, expected, "{}: {sent}", db.name);
        };
        let all = async |query| db.engine.all(query).await.unwrap();
        let some = |rows: Vec<(String, String)>| rows.into_iter().map(|(a, b)| (a, Some(b))).collect::<Vec<_>>();

        let filtered = select((Writer::name, Book::title)).join(Writer::books.filter(Book::title.ne("a1"))).order_by(Book::id);
        check(
            some(db.engine.all(filtered).await.unwrap()),
            &[("ann", Some("a2")), ("bob", Some("b1"))],
            "SELECT writer.name, book.title FROM writer JOIN book ON writer.id = book.writer_id AND book.title != ? ORDER BY book.id",
        )
        .await;
        let left = select((Writer::name, Book::title)).outer_join(Writer::books.filter(Book::title.ne("a1"))).order_by(Writer::id);
        check(
            db.engine.all(left).await.unwrap(),
            &[("ann", Some("a2")), ("bob", Some("b1")), ("cat", None)],
            "SELECT writer.name, book.title FROM writer LEFT OUTER JOIN book ON writer.id = book.writer_id AND book.title != ? ORDER BY writer.id",
        )
        .await;
        let own = select((Writer::name, Writer::name.of(Mentor))).join(Writer::mentor.to(Mentor)).order_by(Writer::id);
        check(
            some(db.engine.all(own).await.unwrap()),
            &[("bob", Some("ann")), ("cat", Some("bob"))],
            "SELECT writer.name, mentor.name FROM writer JOIN writer AS mentor ON mentor.id = writer.mentor_id ORDER BY writer.id",
        )
        .await;

        // Through a link table: an outer join keeps a book once, however many of its links lead to what is left out.
        let link = select((Book::title, Genre::name)).join(Book::genres).order_by((Book::id, Genre::id));
        check(
            some(db.engine.all(link).await.unwrap()),
            &[("a1", Some("crime")), ("a1", Some("verse")), ("a2", Some("crime"))],
            "SELECT book.title, genre.name FROM book JOIN book_genre AS book_genre_1 ON book.id = book_genre_1.book_id JOIN genre ON genre.id = book_genre_1.genre_id ORDER BY book.id, genre.id",
        )
        .await;
        let verse = select((Book::title, Genre::name)).outer_join(Book::genres.filter(Genre::name.eq("verse"))).order_by(Book::id);
        check(
            all(verse.clone()).await,
            &[("a1", Some("verse")), ("a2", None), ("b1", None)],
            "SELECT book.title, genre.name FROM book LEFT OUTER JOIN (book_genre AS book_genre_1 JOIN genre ON genre.id = book_genre_1.genre_id AND genre.name = ?) ON book.id = book_genre_1.book_id ORDER BY book.id",
        )
        .await;
        let hidden = select((Book::title, Genre::name)).outer_join(Book::genres).order_by(Book::id).options(with_criteria(Genre, Genre::name.eq("verse")));
        let mut session = Session::new(&db.engine);
        check(
            session.all(hidden).await.unwrap(),
            &[("a1", Some("verse")), ("a2", None), ("b1", None)],
            "SELECT book.title, genre.name FROM book LEFT OUTER JOIN (book_genre AS book_genre_1 JOIN genre ON genre.id = book_genre_1.genre_id AND genre.name = ?) ON book.id = book_genre_1.book_id ORDER BY book.id",
        )
        .await;
        drop(session);

        // A full join keeps both sides once: books without a genre, genres without a book.
        if db.features.full_join {
            db.engine.execute(insert(Genre).values(Genre { name: "essay".into(), ..default() })).await.unwrap();
            let query = select((Book::title, Genre::name)).full_join(Book::genres.filter(Genre::name.ne("verse")));
            let mut rows = db.engine.all(query.clone()).await.unwrap();
            rows.sort();
            let some = |text: &str| Some(text.to_owned());
            let mut expected = vec![
                (None, some("essay")),
                (None, some("verse")),
                (some("a1"), some("crime")),
                (some("a2"), some("crime")),
                (some("b1"), None),
            ];
            assert_eq!(rows, expected, "{}", db.name);
            let visible = query.options(with_criteria(Genre, Genre::name.ne("essay")));
            let mut rows = Session::new(&db.engine).all(visible).await.unwrap();
            rows.sort();
            expected.remove(0);
            assert_eq!(rows, expected, "{}", db.name);
        }

        // To a subquery and to a CTE that stand for the target.
        let latest = select(Book).filter(Book::id.gt(1)).subquery(Latest);
        let query = select((Writer::name, Book::title.of(Latest)))
            .join_to(Writer::books.filter(Book::title.ne("b1")), latest.clone())
            .order_by(Writer::id);
        check(
            some(db.engine.all(query).await.unwrap()),
            &[("ann", Some("a2"))],
            "SELECT writer.name, latest.title FROM writer JOIN (SELECT book.id, book.title, book.writer_id FROM book WHERE book.id > ?) AS latest ON writer.id = latest.writer_id AND latest.title != ? ORDER BY writer.id",
        )
        .await;
        let query = select((Writer::name, Book::title.of(Latest))).outer_join_to(Writer::books, latest).order_by(Writer::id);
        check(
            db.engine.all(query).await.unwrap(),
            &[("ann", Some("a2")), ("bob", Some("b1")), ("cat", None)],
            "SELECT writer.name, latest.title FROM writer LEFT OUTER JOIN (SELECT book.id, book.title, book.writer_id FROM book WHERE book.id > ?) AS latest ON writer.id = latest.writer_id ORDER BY writer.id",
        )
        .await;
        let kinds = select(Genre).filter(Genre::name.eq("crime")).cte(Kind);
        let query = select((Book::title, Genre::name.of(Kind))).outer_join_to(Book::genres, &kinds).with(kinds).order_by(Book::id);
        check(
            db.engine.all(query).await.unwrap(),
            &[("a1", Some("crime")), ("a2", Some("crime")), ("b1", None)],
            "WITH kind AS (SELECT genre.id, genre.name FROM genre WHERE genre.name = ?) SELECT book.title, kind.name FROM book LEFT OUTER JOIN (book_genre AS book_genre_1 JOIN kind ON kind.id = book_genre_1.genre_id) ON book.id = book_genre_1.book_id ORDER BY book.id",
        )
        .await;
    })
    .await;
}
