//! `.loading(…)`: what a statement loads is read without a `Result`.

use orm::prelude::*;
use orm::{Error, Loaded, LoadedHandle, LoadedRef, LoadedView, immediate, loads, subquery, with_criteria};
use serde::Serialize;

use crate::databases::{Database, on_each, on_each_with};
use crate::models::{self, *};
use crate::support::Statements;

alias!(Boss = Employee);

/// Two blogs with posts, comments and tags; two users, one with addresses and a profile.
async fn seed(db: &Database) {
    models::create(&db.engine).await;
    let mut session = Session::new(&db.engine);
    let comment = |body: &str| Comment { body: body.into(), ..default() };
    let tag = session.add(Tag { name: "t".into(), ..default() });
    for (title, bodies) in [("first", ["x", "y"]), ("second", ["z", "u"])] {
        let blog = session.add(Blog { title: title.into(), ..default() });
        for body in bodies {
            let comments = many![comment(body), comment("same")];
            let post = Post { title: format!("post {body}"), comments, ..default() };
            let post = session.append(blog, Blog::posts, post);
            session.append(post, Post::tags, tag);
        }
    }
    let address = |email: &str| Address { email: email.into(), ..default() };
    session.add(User {
        name: "sandy".into(),
        addresses: many![address("s1@x.org"), address("s2@y.org")],
        profile: Profile { bio: "about sandy".into(), ..default() }.into(),
        ..default()
    });
    session.add(User { name: "patrick".into(), ..default() });
    for name in ["ann", "bob"] {
        let folder =
            Folder { name: name.into(), files: many![File { name: "f".into(), ..default() }], ..default() };
        session.add(folder);
    }
    let boss = session.add(Employee { name: "boss".into(), ..default() });
    let middle = session.append(boss, Employee::reports, Employee { name: "middle".into(), ..default() });
    session.append(middle, Employee::reports, Employee { name: "last".into(), ..default() });
    session.commit().await.unwrap();
}

#[tokio::test]
async fn an_owned_tree_gives_what_was_loaded() {
    on_each(async |db| {
        seed(db).await;
        let posts = selectin(Blog::posts)
            .then(selectin(Post::comments))
            .then(selectin(Post::tags))
            .then(joined(Post::blog).then(selectin(Blog::posts)));
        let blogs = db.engine.all(select(Blog).loading(posts).order_by(Blog::id)).await.unwrap();
        let mut lines = Vec::new();
        for blog in &blogs {
            lines.push(blog.title.clone());
            assert_eq!(blog.get(Blog::posts).len(), 2);
            for post in blog.get(Blog::posts) {
                let comments: Vec<&str> = post.get(Post::comments).map(|c| c.value().body.as_str()).collect();
                let tags: Vec<&str> = post.get(Post::tags).map(|t| t.value().name.as_str()).collect();
                let again: Vec<&str> =
                    post.get(Post::blog).get(Blog::posts).map(|p| p.value().title.as_str()).collect();
                lines.push(format!(
                    "{} {comments:?} {tags:?} of {} {again:?}",
                    post.title,
                    post.get(Post::blog).title
                ));
            }
        }
        let expected = [
            "first",
            r#"post x ["x", "same"] ["t"] of first ["post x", "post y"]"#,
            r#"post y ["y", "same"] ["t"] of first ["post x", "post y"]"#,
            "second",
            r#"post z ["z", "same"] ["t"] of second ["post z", "post u"]"#,
            r#"post u ["u", "same"] ["t"] of second ["post z", "post u"]"#,
        ];
        assert_eq!(lines, expected);
        // What is there is in the fields too, and what was not asked for is not.
        let first: Blog = blogs.into_iter().next().unwrap().into_inner();
        let posts = first.posts.loaded().unwrap();
        assert_eq!(posts[0].blog.loaded().unwrap().posts.loaded().unwrap().len(), 2);
        assert!(posts[0].tags.loaded().unwrap()[0].posts.is_unloaded());
    })
    .await;
}

#[tokio::test]
async fn a_session_gives_views_of_what_was_loaded() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let query = select(User)
            .loading((selectin(User::addresses).then(joined(Address::user)), joined(User::profile)))
            .order_by(User::id);
        let users = session.all(query).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 2);
        let mut lines = Vec::new();
        for user in session.views(&users) {
            let addresses: Vec<&str> =
                user.get(User::addresses).map(|address| address.value().email.as_str()).collect();
            let profile = user.get(User::profile).map(|profile| profile.value().bio.clone());
            lines.push(format!("{} {addresses:?} {profile:?}", user.name));
            for address in user.get(User::addresses).rev() {
                // The same object, by its place in the session.
                assert_eq!(address.get(Address::user).unwrap().handle().handle(), user.handle().handle());
            }
            assert!(
                matches!(user.view().get(User::profile), Ok(found) if found.is_some() == profile.is_some())
            );
        }
        assert_eq!(lines, [r#"sandy ["s1@x.org", "s2@y.org"] Some("about sandy")"#, "patrick [] None"]);
        assert!(session.view(users[1]).get(User::addresses).is_empty());

        // What a session does with a handle, it does with this one.
        session[users[1]].name = "pat".into();
        session.append(*users[1], User::addresses, Address { email: "p@x.org".into(), ..default() });
        session.commit().await.unwrap();
        assert_eq!(users[1].view(&session).get(User::addresses).len(), 1);
        assert_eq!(session.get(User, 2).await.unwrap().unwrap(), users[1]);
        assert_eq!(session.detach(*users[1]).name, "pat");
    })
    .await;
}

#[tokio::test]
async fn every_strategy_loads_for_certain() {
    on_each(async |db| {
        seed(db).await;
        let sandy = || select(User).filter(User::name.eq("sandy"));
        let by_selectin = db.engine.one(sandy().loading(selectin(User::addresses))).await.unwrap();
        let by_joined = db.engine.one(sandy().loading(joined(User::addresses))).await.unwrap();
        let by_subquery = db.engine.one(sandy().loading(subquery(User::addresses))).await.unwrap();
        let by_immediate = db.engine.one(sandy().loading(immediate(User::addresses))).await.unwrap();
        for user in [by_selectin, by_joined, by_subquery, by_immediate] {
            let found: Vec<_> = user.get(User::addresses).map(|a| a.email.clone()).collect();
            assert_eq!(found, ["s1@x.org", "s2@y.org"]);
        }
    })
    .await;
}

#[tokio::test]
async fn entities_of_a_longer_list() {
    on_each(async |db| {
        seed(db).await;
        let list =
            (User.loading(selectin(User::addresses)), Address::email, Profile.loading(joined(Profile::user)));
        let query = select(list).join(User::addresses).outer_join(User::profile).order_by(Address::id);
        let rows = db.engine.all(query.clone()).await.unwrap();
        let (user, email, profile) = &rows[0];
        assert_eq!((user.get(User::addresses).len(), email.as_str(), rows.len()), (2, "s1@x.org", 2));
        assert_eq!(profile.as_ref().unwrap().get(Profile::user).name, "sandy");

        let mut session = Session::new(&db.engine);
        let rows = session.all(query).await.unwrap();
        let (user, _, profile) = &rows[1];
        assert_eq!(session.view(*user).get(User::addresses).len(), 2);
        assert_eq!(session.view(profile.unwrap()).get(Profile::user).handle(), *user);

        // An outer join leaves the entity out, and not what is loaded of it.
        let everyone = select((User::name, Profile.loading(joined(Profile::user))))
            .outer_join(User::profile)
            .order_by(User::id);
        let rows = db.engine.all(everyone).await.unwrap();
        let owners: Vec<_> = rows.iter().map(|(_, p)| p.as_ref().map(|p| p.get(Profile::user).id)).collect();
        assert_eq!(owners, [Some(1), None]);
    })
    .await;
}

#[tokio::test]
async fn aliases_unions_and_trees() {
    on_each(async |db| {
        seed(db).await;
        let query = select(Boss)
            .filter(Employee::name.of(Boss).eq("boss"))
            .loading(selectin(Employee::reports.of(Boss)).then(selectin(Employee::reports)));
        let boss = db.engine.one(query).await.unwrap();
        let second: Vec<_> = boss
            .get(Employee::reports)
            .flat_map(|e| e.get(Employee::reports))
            .map(|e| e.name.clone())
            .collect();
        assert_eq!(second, ["last"]);

        let names = |name: &'static str| select(User).filter(User::name.eq(name));
        let both =
            names("sandy").loading(selectin(User::addresses)).union(names("patrick")).order_by(User::id);
        let users = db.engine.all(both).await.unwrap();
        let counts: Vec<_> = users.iter().map(|user| user.get(User::addresses).len()).collect();
        assert_eq!(counts, [2, 0]);
    })
    .await;
}

#[tokio::test]
async fn returned_rows_load() {
    on_each_with(
        |features| features.insert_returning,
        "INSERT … RETURNING",
        async |db| {
            seed(db).await;
            let insert =
                insert(Address).values([Address { email: "n@x.org".into(), user_id: Some(1), ..default() }]);
            let address = db
                .engine
                .one(insert.clone().returning(Address.loading(joined(Address::user))))
                .await
                .unwrap();
            assert_eq!(address.get(Address::user).unwrap().name, "sandy");
            let mut session = Session::new(&db.engine);
            let address =
                session.one(insert.returning(Address.loading(selectin(Address::user)))).await.unwrap();
            assert_eq!(session.view(address).get(Address::user).unwrap().name, "sandy");
        },
    )
    .await;
}

#[tokio::test]
async fn what_was_unloaded_since_panics_and_says_why() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let query = select(User).loading(selectin(User::addresses)).order_by(User::id);
        let sandy = session.first(query).await.unwrap().unwrap();
        session.expire(*sandy).unwrap();
        assert!(matches!(session.view(*sandy).get(User::addresses), Err(Error::NotLoaded { .. })));
        let read = std::panic::AssertUnwindSafe(|| session.view(sandy).get(User::addresses).len());
        let told = *std::panic::catch_unwind(read).unwrap_err().downcast::<String>().unwrap();
        assert_eq!(
            told,
            "`User::addresses` was loaded by the query that gave this handle, and was unloaded since: by `expire`, a \
             rollback or `populate_existing`; run the query again, or read it by `.view().get(User::addresses)?`"
        );
    })
    .await;
}

#[tokio::test]
async fn one_that_must_lead_and_does_not_is_an_error() {
    on_each(async |db| {
        seed(db).await;
        let only_ann = with_criteria(Folder, Folder::name.eq("ann"));
        let query = select(File).options(only_ann).order_by(File::id);
        let promised = query.clone().loading(selectin(File::folder));
        let error = db.engine.all(promised.clone()).await.unwrap_err();
        let Error::LeadsNowhere { entity, relationship, object } = &error else { panic!("{error}") };
        assert_eq!((*entity, *relationship), ("File", "folder"));
        assert_eq!(&**object, r#"File(id = 2, name = "f", folder_id = 2)"#);
        let mut session = Session::new(&db.engine);
        assert!(matches!(session.all(promised).await, Err(Error::LeadsNowhere { .. })));
        // What promises nothing is no error.
        assert_eq!(session.all(query.options(selectin(File::folder))).await.unwrap().len(), 2);
    })
    .await;
}

/// What a function asks for, by name: it takes whatever has that loaded.
fn page(user: LoadedRef<'_, User, loads!(User { addresses: Address { user }, profile })>) -> String {
    let back: Vec<_> =
        user.get(User::addresses).map(|a| a.get(Address::user).unwrap().name.clone()).collect();
    format!("{back:?} {:?}", user.get(User::profile).map(|profile| profile.bio.clone()))
}

type WithAddresses = loads!(User { addresses });

fn emails(user: LoadedView<'_, User, WithAddresses>) -> usize {
    user.get(User::addresses).len()
}

fn all_emails(session: &Session, users: &[LoadedHandle<User, WithAddresses>]) -> usize {
    session.views(users).map(emails).sum()
}

fn kept(user: Loaded<User, WithAddresses>) -> usize {
    page_of(user.as_ref().narrow())
}

fn page_of(user: LoadedRef<'_, User, loads!(User { addresses: Address {} })>) -> usize {
    user.get(User::addresses).as_slice().len()
}

#[tokio::test]
async fn functions_name_what_they_take() {
    on_each(async |db| {
        seed(db).await;
        let query = select(User)
            .filter(User::name.eq("sandy"))
            .loading(joined(User::profile).then(selectin(Profile::user)))
            .loading(selectin(User::addresses).then(joined(Address::user)));
        let sandy = db.engine.one(query.clone()).await.unwrap();
        assert_eq!(page(sandy.as_ref().narrow()), r#"["sandy", "sandy"] Some("about sandy")"#);
        assert_eq!(kept(sandy.clone().narrow()), 2);
        let mut session = Session::new(&db.engine);
        let sandy = session.one(query).await.unwrap();
        assert_eq!(emails(session.view(sandy).narrow()), 2);
        assert_eq!(all_emails(&session, &[sandy.narrow()]), 2);
    })
    .await;
}

#[tokio::test]
async fn it_is_shown_as_what_it_holds() {
    on_each(async |db| {
        metadata![Shelf, Book].create_all(&db.engine).await.unwrap();
        let mut session = Session::new(&db.engine);
        session.add(Shelf {
            name: "a".into(),
            books: many![Book { title: "t".into(), ..default() }],
            ..default()
        });
        session.commit().await.unwrap();
        let shelf = db.engine.one(select(Shelf).loading(selectin(Shelf::books))).await.unwrap();
        let json = r#"{"id":1,"name":"a","books":[{"id":1,"title":"t","shelf_id":1}]}"#;
        assert_eq!(serde_json::to_string(&shelf).unwrap(), json);
        assert_eq!(serde_json::to_string(&shelf.clone().into_inner()).unwrap(), json);
        let book = shelf.get(Shelf::books).next().unwrap();
        assert_eq!(serde_json::to_string(&book).unwrap(), r#"{"id":1,"title":"t","shelf_id":1}"#);
        assert_eq!(format!("{shelf:?}"), format!("{:?}", *shelf));
    })
    .await;
}

#[derive(Mapped, Serialize, Debug, Clone, Default)]
struct Shelf {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[relationship(order_by = Book::id)]
    books: Many<Book>,
}

#[derive(Mapped, Serialize, Debug, Clone, Default)]
struct Book {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[column(foreign_key = Shelf::id)]
    shelf_id: i64,
}

#[tokio::test]
async fn what_is_loaded_in_part_counts_as_loaded() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let some = selectin(User::addresses).filter(Address::email.like("%y.org"));
        let sandy = session.first(select(User).loading(some).order_by(User::id)).await.unwrap().unwrap();
        let found: Vec<_> = session.view(sandy).get(User::addresses).map(|a| a.email.clone()).collect();
        assert_eq!(found, ["s2@y.org"]);

        // One that leads to one object may lead nowhere behind a filter.
        let query = select(File).order_by(File::id);
        let ann = || Folder::name.eq("ann");
        for filtered in [
            query.clone().loading(selectin(File::folder).filter(ann())),
            query.loading(selectin(File::folder.filter(ann()))),
        ] {
            let files = db.engine.all(filtered).await.unwrap();
            let folders: Vec<_> =
                files.iter().map(|file| file.get(File::folder).map(|folder| folder.name.clone())).collect();
            assert_eq!(folders, [Some("ann".to_owned()), None]);
            let narrow: LoadedRef<'_, File, loads!(File { folder? })> = files[1].as_ref().narrow();
            assert!(narrow.get(File::folder).is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn levels_of_a_tree() {
    on_each(async |db| {
        seed(db).await;
        let tree = select(Employee).loading(selectin(Employee::reports).recursive(2)).order_by(Employee::id);
        let mut session = Session::new(&db.engine);
        let boss = session.first(tree).await.unwrap().unwrap();
        let middle = session.view(boss).get(Employee::reports).next().unwrap();
        let last = middle.view().get(Employee::reports).unwrap().next().unwrap();
        assert_eq!((middle.name.as_str(), last.name.as_str()), ("middle", "last"));

        // No level is none, which is not what the type says.
        let none = select(Employee).loading(selectin(Employee::reports).recursive(0));
        let error = db.engine.first(none.order_by(Employee::id)).await.unwrap_err();
        assert!(
            matches!(error, Error::NotLoaded { entity: "Employee", relationship: "reports" }),
            "{error:?}"
        );
        let none = select(Employee).options(selectin(Employee::reports).recursive(0));
        let found = db.engine.all(none.order_by(Employee::id)).await.unwrap();
        assert!(found.iter().all(|employee| employee.reports.loaded().is_none()));
    })
    .await;
}
