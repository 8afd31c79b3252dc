//! How the keys are sent, and when nothing is.

use super::*;

// A parent that is known by something else than its primary key, of two columns.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "place", unique(country, code))]
struct Place {
    #[column(primary_key)]
    id: i64,
    #[column(length = 20)]
    country: String,
    code: i32,
    #[relationship(back_populates = place, order_by = Visit::id)]
    visits: Many<Visit>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "visit", foreign_key(columns(country, code), references(Place::country, Place::code)))]
struct Visit {
    #[column(primary_key)]
    id: i64,
    #[column(length = 20)]
    country: Option<String>,
    code: Option<i32>,
    #[relationship(back_populates = visits)]
    place: One<Option<Place>>,
}

#[tokio::test]
async fn keys_of_several_columns_that_are_no_primary_key() {
    on_each(async |db| {
        metadata![Place, Visit].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        for (country, code) in [("de", 1), ("de", 2), ("fr", 1)] {
            let place = session.add(Place { country: country.into(), code, ..default() });
            for _ in 0..code {
                session.append(place, Place::visits, Visit::default());
            }
        }
        // A part of its key is NULL: it leads nowhere.
        session.add(Visit { country: Some("de".into()), ..default() });
        session.commit().await.unwrap();

        for option in [selectin(Place::visits), subquery(Place::visits)] {
            let mut session = Session::new(&db.engine);
            let places = session.all(select(Place).order_by(Place::id).options(option)).await.unwrap();
            let counts: Vec<usize> =
                session.views(&places).map(|place| place.get(Place::visits).unwrap().count()).collect();
            assert_eq!(counts, [1, 2, 1]);
        }
        for option in [selectin(Visit::place), subquery(Visit::place)] {
            let mut session = Session::new(&db.engine);
            let sent = Statements::record();
            let visits = session.all(select(Visit).order_by(Visit::id).options(option)).await.unwrap();
            let ids: Vec<Option<i64>> =
                session.views(&visits).map(|v| v.get(Visit::place).unwrap().map(|place| place.id)).collect();
            assert_eq!(ids, [Some(1), Some(2), Some(2), Some(3), None]);
            assert_eq!(sent.taken("SELECT").len(), 2);
        }
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        session.all(select(Place).options(selectin(Place::visits))).await.unwrap();
        let sql = sent.taken("SELECT").remove(1);
        let within = match db.features.array_binds {
            true => "(visit.country, visit.code) IN (SELECT * FROM UNNEST(?, ?))",
            false => "(visit.country, visit.code) IN (",
        };
        assert!(sql.contains(within), "{sql}");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_sent_for_no_key() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        session.add(Address { email: "x".into(), ..default() });
        session.add(Employee { name: "boss".into(), ..default() });
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        session.all(select(Address).options(selectin(Address::user))).await.unwrap();
        session.all(select(Address).options(subquery(Address::user))).await.unwrap();
        session.all(select(Employee).options(selectin(Employee::manager).recursive(9))).await.unwrap();
        session
            .all(select(User).options(selectin(User::addresses).then(selectin(Address::user))))
            .await
            .unwrap();
        session.all(select(User).options(subquery(User::addresses))).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 5);
        // Only the targets that are not here are asked for.
        session.all(select(Blog).filter(Blog::id.lt(4))).await.unwrap();
        sent.take();
        session.all(select(Post).options(selectin(Post::blog))).await.unwrap();
        let sql = format!("SELECT blog.id, blog.title FROM blog WHERE {}", within(db, "blog.id", 1));
        assert_eq!(sent.taken("SELECT")[1..], [sql]);
    })
    .await;
}

#[tokio::test]
async fn many_parents_are_few_statements() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let blogs: Vec<Blog> = (1..=1_200).map(|n| Blog { title: format!("b{n}"), ..default() }).collect();
        db.engine.execute(insert(Blog).values(blogs)).await.unwrap();
        let of = |n| Post { title: format!("p{n}"), blog_id: n, ..default() };
        db.engine
            .execute(insert(Post).values((1..=1_200).chain([7, 1_200]).map(of).collect::<Vec<_>>()))
            .await
            .unwrap();
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let query = || select(Blog).order_by(Blog::id);
        let blogs = session.all(query().options(selectin(Blog::posts))).await.unwrap();
        let counts: Vec<usize> = session.views(&blogs).map(|b| b.get(Blog::posts).unwrap().count()).collect();
        assert_eq!(counts.iter().sum::<usize>(), 1_202);
        assert_eq!((counts[6], counts[1_199]), (2, 2));
        let statements = sent.taken("SELECT");
        assert_eq!(statements.len(), if db.features.array_binds { 2 } else { 4 });
        if db.features.array_binds {
            let mut session = Session::new(&db.engine);
            session.all(query().limit(2).options(selectin(Blog::posts))).await.unwrap();
            assert_eq!(sent.taken("SELECT")[1], statements[1], "the text is one for any number of keys");
        }
        let mut session = Session::new(&db.engine);
        let found = session.all(select(Post).options(selectin(Post::blog))).await.unwrap();
        assert!(session.views(&found).all(|post| post.get(Post::blog).unwrap().id == post.blog_id));
    })
    .await;
}
