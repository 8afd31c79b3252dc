//! Results that are too large to be held: partitions, streams that load relationships, and objects that leave behind them.

use orm::prelude::*;
use orm::{Error, PagingError};

use crate::databases::{Database, on_each, on_file};
use crate::models::{self, *};
use crate::support::Statements;

async fn blogs(db: &Database) {
    models::create(&db.engine).await;
    let mut session = Session::new(&db.engine);
    for n in 1..=3 {
        let post = |m: i32| Post { title: format!("p{n}{m}"), ..default() };
        session.add(Blog { title: format!("b{n}"), posts: (1..n).map(post).collect(), ..default() });
    }
    session.commit().await.unwrap();
}

/// Employees in a flat tree: each tenth leads the nine behind.
async fn employees(db: &Database, count: i64) {
    models::create(&db.engine).await;
    let employee = |id: i64| {
        let manager_id = (id % 10 != 1).then(|| (id - 1) / 10 * 10 + 1);
        Employee { id, name: format!("e{}", id % 7), manager_id, ..default() }
    };
    // Those who lead stand first, as their keys are checked at once by some databases.
    for ids in (1..=count).collect::<Vec<_>>().chunks(10_000) {
        let (leads, others): (Vec<i64>, Vec<i64>) = ids.iter().partition(|id| **id % 10 == 1);
        for ids in [leads, others] {
            let list: Vec<Employee> = ids.into_iter().map(employee).collect();
            db.engine.execute(insert(Employee).values(list)).await.unwrap();
        }
    }
}

/// How many objects a session holds.
fn held(session: &Session) -> usize {
    session.objects().len()
}

#[tokio::test]
async fn each_partition_loads_its_relationships() {
    on_each(async |db| {
        blogs(db).await;
        let query = || select(Blog).options(selectin(Blog::posts)).order_by(Blog::id);
        let expected =
            [vec![("b1", vec![]), ("b2", vec!["p21"])], vec![("b3", vec!["p31", "p32"])]].map(|part| {
                let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect::<Vec<String>>();
                part.into_iter().map(|(b, p)| (b.to_owned(), owned(p))).collect::<Vec<_>>()
            });

        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let mut parts = session.partitions(query(), 2).unwrap();
        let mut seen = Vec::new();
        while let Some(blogs) = parts.next(&mut session).await.unwrap() {
            let posts = |blog: orm::View<'_, Blog>| -> Vec<String> {
                blog.get(Blog::posts).unwrap().map(|post| post.title.clone()).collect()
            };
            seen.push(session.views(&blogs).map(|b| (b.title.clone(), posts(b))).collect::<Vec<_>>());
        }
        assert_eq!(seen, expected);
        assert_eq!(sent.taken("SELECT").len(), 3, "one for the rows, and one for each partition's posts");

        let owned = |blogs: Vec<Blog>| -> Vec<(String, Vec<String>)> {
            let posts = |blog: &Blog| blog.posts.loaded().unwrap().iter().map(|p| p.title.clone()).collect();
            blogs.iter().map(|blog| (blog.title.clone(), posts(blog))).collect()
        };
        let mut connection = db.engine.connect().await.unwrap();
        sent.take();
        let mut parts = connection.partitions(query(), 2).await.unwrap();
        let mut seen = Vec::new();
        while let Some(blogs) = parts.next().await.unwrap() {
            seen.push(owned(blogs));
        }
        drop(parts);
        assert_eq!(seen, expected);
        assert_eq!(sent.taken("SELECT").len(), 3);

        let mut rows = connection.stream(query()).await.unwrap();
        let mut seen = Vec::new();
        while let Some(blog) = rows.next().await {
            seen.extend(owned(vec![blog.unwrap()]));
        }
        assert!(rows.next().await.is_none(), "it has ended");
        drop(rows);
        assert_eq!(seen, expected.concat());
        assert_eq!(sent.taken("SELECT").len(), 2, "one for the rows, and one for all posts");

        let mut seen = Vec::new();
        let joined = select(Blog).options(joined(Blog::posts)).order_by(Blog::id);
        db.engine
            .for_each_partition(joined, 2, async |blogs| {
                seen.push(owned(blogs));
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!(seen, expected);
    })
    .await;
}

#[tokio::test]
async fn windows_go_on_behind_the_last_row() {
    on_each(async |db| {
        employees(db, 2_450).await;
        let mut session = Session::new(&db.engine);
        let whole = select(Employee::id).order_by((Employee::name.desc(), Employee::id.desc()));
        let whole = db.engine.all(whole).await.unwrap();
        let query = select(Employee).order_by(Employee::name.desc()).options(selectin(Employee::manager));
        let sent = Statements::record();
        let mut parts = session.partitions(query.clone(), 400).unwrap();
        let mut walked = Vec::new();
        let mut sizes = Vec::new();
        while let Some(part) = parts.next(&mut session).await.unwrap() {
            sizes.push(part.len());
            for employee in session.views(&part) {
                let manager = employee.get(Employee::manager).unwrap().map(|manager| manager.id);
                assert_eq!(manager, employee.manager_id);
                walked.push(employee.id);
            }
        }
        assert_eq!(walked, whole);
        assert_eq!(sizes, [400, 400, 400, 400, 400, 400, 50]);
        let windows =
            sent.taken("SELECT").iter().filter(|sql| sql.contains("ORDER BY employee.name DESC")).count();
        assert_eq!(windows, 3, "of 1,200 rows, 1,200 rows and 50");

        // A limit of its own counts all rows, and its offset once.
        let mut parts = session.partitions(query.limit(2_100).offset(30), 500).unwrap();
        let mut walked = Vec::new();
        while let Some(part) = parts.next(&mut session).await.unwrap() {
            walked.extend(session.views(&part).map(|employee| employee.id));
        }
        assert_eq!(walked, whole[30..2_130]);
    })
    .await;
}

#[tokio::test]
async fn rows_without_relationships_are_one_select() {
    on_each(async |db| {
        employees(db, 1_300).await;
        let mut connection = db.engine.connect().await.unwrap();
        let sent = Statements::record();
        let counts =
            select((Employee::name, count(Employee::id))).group_by(Employee::name).order_by(Employee::name);
        let mut parts = connection.partitions(counts, 4).await.unwrap();
        let mut sizes = Vec::new();
        while let Some(rows) = parts.next().await.unwrap() {
            sizes.push(rows.len());
        }
        drop(parts);
        assert_eq!(sizes, [4, 3]);
        let mut parts = connection.partitions(select(Employee), 500).await.unwrap();
        let mut sizes = Vec::new();
        while let Some(rows) = parts.next().await.unwrap() {
            sizes.push(rows.len());
        }
        drop(parts);
        assert_eq!(sizes, [500, 500, 300]);
        assert_eq!(sent.taken("SELECT").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_on_says_why() {
    on_each(async |db| {
        blogs(db).await;
        let session = Session::new(&db.engine);
        let grouped = select((Blog::title, count(Blog::id))).group_by(Blog::title);
        match session.partitions(grouped, 2) {
            Err(Error::Paging(PagingError::NoKeyset { reason })) => assert_eq!(reason, "it groups rows"),
            other => panic!("{other:?}"),
        }
        let mut connection = db.engine.connect().await.unwrap();
        let unknown =
            select(Blog).distinct().order_by(Blog::title.concat("!")).options(selectin(Blog::posts));
        let error = connection.stream(unknown).await.unwrap_err();
        assert!(matches!(error, Error::Paging(PagingError::NoKeyset { .. })), "{error}");
    })
    .await;
}

#[tokio::test]
async fn objects_leave_behind_a_walk() {
    on_each(async |db| {
        employees(db, 5_000).await;
        let mut session = Session::new(&db.engine);
        let first = session.get_one(Employee, 1).await.unwrap();
        let query = select(Employee).order_by(Employee::name).options(selectin(Employee::manager));
        let mut parts = session.partitions(query, 100).unwrap();
        let (mut count, mut most) = (0, 0);
        while let Some(part) = parts.next(&mut session).await.unwrap() {
            count += part.len();
            for employee in session.views(&part) {
                let manager = employee.get(Employee::manager).unwrap().map(|manager| manager.id);
                assert_eq!(manager, employee.manager_id);
            }
            most = most.max(held(&session));
            parts.release(&mut session);
        }
        assert_eq!(count, 5_000);
        assert!(most <= 1_200, "{most} objects: more than a window and what its partition leads to");
        assert_eq!(held(&session), 1, "what was here before stays");
        assert_eq!(session[first].id, 1);
    })
    .await;
}

#[tokio::test]
async fn a_hundred_thousand_rows_need_the_memory_of_a_thousand() {
    on_file(async |db| {
        employees(db, 100_000).await;
        let mut session = Session::new(&db.engine);
        let mut most = 0;
        let mut count = 0;
        session
            .for_each_partition(select(Employee), 1_000, async |session, part| {
                count += part.len();
                most = most.max(held(session));
                // A few rows are changed.
                for &employee in part.iter().step_by(500) {
                    session[employee].name = "changed".into();
                }
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!(count, 100_000);
        assert!(most <= 1_001, "{most} objects");
        assert_eq!(held(&session), 0);
        session.commit().await.unwrap();
        let changed = select(Employee).filter(Employee::name.eq("changed"));
        assert_eq!(db.engine.count(changed).await.unwrap(), 200);
    })
    .await;
}

#[tokio::test]
async fn what_is_changed_stays_until_it_is_flushed() {
    on_each(async |db| {
        blogs(db).await;
        let mut session = Session::new(&db.engine);
        let query = select(Blog).options(selectin(Blog::posts)).order_by(Blog::id);
        let mut parts = session.partitions(query, 3).unwrap();
        let blogs = parts.next(&mut session).await.unwrap().unwrap();
        let posts: Vec<Handle<Post>> =
            session.view(blogs[2]).get(Blog::posts).unwrap().map(|post| post.handle()).collect();
        session[blogs[0]].title = "new".into();
        session.append(blogs[1], Blog::posts, Post { title: "p22".into(), ..default() });
        session.delete(posts[1]);

        assert_eq!(parts.release(&mut session), 1, "p31: what is to be deleted leads to b3");
        assert!(session.contains(blogs[2]) && !session.contains(posts[0]));
        assert_eq!(session[blogs[0]].title, "new");
        session.flush().await.unwrap();
        parts.release(&mut session);
        assert!(blogs.iter().all(|&blog| !session.contains(blog)));
        session.commit().await.unwrap();

        let titles = select(Blog::title).order_by(Blog::id);
        assert_eq!(db.engine.all(titles).await.unwrap(), ["new", "b2", "b3"]);
        let titles = select(Post::title).order_by(Post::title);
        assert_eq!(db.engine.all(titles).await.unwrap(), ["p21", "p22", "p31"]);
    })
    .await;
}

#[tokio::test]
async fn between_partitions_the_session_is_free() {
    on_each(async |db| {
        employees(db, 60).await;
        let mut session = Session::new(&db.engine);
        let mut parts = session.partitions(select(Employee), 10).unwrap();
        let mut ids = Vec::new();
        let mut number = 0;
        while let Some(part) = parts.next(&mut session).await.unwrap() {
            ids.extend(session.views(&part).map(|employee| employee.id));
            match number {
                // They are gone from the session, and read again.
                0 => session.expunge_all(),
                // These rows are gone altogether, and come no more.
                1 => {
                    let doomed = select(Employee).filter(Employee::id.between(23, 27));
                    for employee in session.all(doomed).await.unwrap() {
                        session.delete(employee);
                    }
                    session.flush().await.unwrap();
                }
                2 => session.commit().await.unwrap(),
                3 => {
                    session[part[0]].name = "never".into();
                    session.rollback().await.unwrap();
                }
                _ => assert_eq!(session.count(select(Employee)).await.unwrap(), 55),
            }
            number += 1;
        }
        let expected: Vec<i64> = (1..=60).filter(|id| !(23..=27).contains(id)).collect();
        assert_eq!(ids, expected);
        assert_eq!(db.engine.count(select(Employee).filter(Employee::name.eq("never"))).await.unwrap(), 0);

        let mut other = Session::new(&db.engine);
        let error = parts.next(&mut other).await.unwrap_err();
        assert_eq!(error.to_string(), "these partitions are of another session");
        assert_eq!(parts.release(&mut other), 0);
    })
    .await;
}

#[tokio::test]
async fn work_may_fail_and_the_futures_are_send() {
    on_each(async |db| {
        employees(db, 30).await;
        let engine = db.engine.clone();
        let failed = tokio::spawn(async move {
            let mut session = Session::new(&engine);
            let mut parts = session.partitions(select(Employee), 10).unwrap();
            while let Some(part) = parts.next(&mut session).await.unwrap() {
                session.load_many(&part, Employee::manager).await.unwrap();
                parts.release(&mut session);
            }
            let mut connection = engine.connect().await.unwrap();
            let query = select(Employee).options(selectin(Employee::reports));
            let mut rows = connection.stream(query).await.unwrap();
            let mut count = 0;
            while let Some(row) = rows.next().await {
                count += row.unwrap().reports.loaded().unwrap().len();
            }
            assert_eq!(count, 27);
            drop(rows);
            let refused = connection
                .for_each_partition(select(Employee), 10, async |_| Err(Error::listener("no more")))
                .await;
            refused.unwrap_err().to_string()
        });
        assert_eq!(failed.await.unwrap(), "a listener of `an event` refused: no more");
    })
    .await;
}
