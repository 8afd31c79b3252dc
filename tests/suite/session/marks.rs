//! What a query's options say of later loads, and relationships of which only a part is loaded: nothing is deleted or
//! cut wrongly because of it.

use orm::prelude::*;
use orm::{Error, SessionError, default_load, lazy, noload, raise, raise_all, raise_all_of, raise_on_sql};

use crate::databases::{Database, on_each, rows};
use crate::models::{self, *};
use crate::support::Statements;

/// Two blogs with three posts each, of which the first two have a comment each and both tags.
async fn seed(db: &Database) {
    models::create(&db.engine).await;
    let mut session = Session::new(&db.engine);
    let tags = ["t1", "t2"].map(|name| session.add(Tag { name: name.into(), ..default() }));
    for blog in ["b1", "b2"] {
        let blog = session.add(Blog { title: blog.into(), ..default() });
        for n in 1..=3 {
            let comment = Comment { body: "c".into(), ..default() };
            let comments = if n < 3 { many![comment] } else { many![] };
            let post =
                session.append(blog, Blog::posts, Post { title: format!("p{n}"), comments, ..default() });
            if n < 3 {
                for tag in tags {
                    session.append(post, Post::tags, tag);
                }
            }
        }
    }
    session.commit().await.unwrap();
}

/// Two users with three addresses each.
async fn seed_users(db: &Database) {
    models::create(&db.engine).await;
    let mut session = Session::new(&db.engine);
    for name in ["a", "b"] {
        let addresses = (1..=3).map(|n| Address { email: format!("{name}{n}"), ..default() }).collect();
        session.add(User { name: name.into(), addresses, ..default() });
    }
    session.commit().await.unwrap();
}

fn refused<T>(result: orm::Result<T>) -> (&'static str, &'static str) {
    match result.map(drop) {
        Err(Error::Session(SessionError::LoadRefused { entity, relationship, .. })) => (entity, relationship),
        other => panic!("{other:?}"),
    }
}

fn emails(session: &Session, user: Handle<User>) -> Vec<String> {
    session.view(user).get(User::addresses).unwrap().map(|a| a.email.clone()).collect()
}

fn titles(session: &Session, blog: Handle<Blog>) -> Vec<String> {
    session.view(blog).get(Blog::posts).unwrap().map(|p| p.title.clone()).collect()
}

#[tokio::test]
async fn raise_holds_for_the_objects_that_were_read_so() {
    on_each(async |db| {
        seed_users(db).await;
        let mut session = Session::new(&db.engine);
        let query = select(User).filter(User::id.eq(1)).options(raise(User::addresses));
        let first = session.one(query).await.unwrap();
        let second = session.one(select(User).filter(User::id.eq(2))).await.unwrap();

        let sent = Statements::record();
        assert_eq!(refused(session.load(first, User::addresses).await), ("User", "addresses"));
        let both = [second, first];
        assert_eq!(refused(session.load_many(&both, User::addresses).await), ("User", "addresses"));
        assert_eq!(sent.take(), [""; 0]);
        assert!(matches!(session.view(first).get(User::addresses), Err(Error::NotLoaded { .. })));
        session.load(first, User::profile).await.unwrap();
        session.load(second, User::addresses).await.unwrap();

        // An option that loads it lifts the mark, and it is loaded then.
        session.load(first, selectin(User::addresses)).await.unwrap();
        assert_eq!(emails(&session, first), ["a1", "a2", "a3"]);
        session.load(first, User::addresses).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_refresh_and_an_option_lift_what_was_raised() {
    on_each(async |db| {
        seed_users(db).await;
        let mut session = Session::new(&db.engine);
        let by_id = select(User).order_by(User::id);
        let users = session.all(by_id.clone().options(raise(User::addresses))).await.unwrap();
        session.refresh(users[0]).await.unwrap();
        session.load(users[0], User::addresses).await.unwrap();
        refused(session.load(users[1], User::addresses).await);

        session.all(by_id.clone().options(lazy(User::addresses))).await.unwrap();
        session.load(users[1], User::addresses).await.unwrap();
        assert_eq!(emails(&session, users[1]), ["b1", "b2", "b3"]);

        session.all(by_id.clone().options(raise(User::profile))).await.unwrap();
        session.all(by_id.options(selectin(User::profile))).await.unwrap();
        session.expire(users[0]).unwrap();
        session.load(users[0], User::profile).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn raise_on_sql_gives_what_needs_none() {
    on_each(async |db| {
        seed_users(db).await;
        let mut session = Session::new(&db.engine);
        let first = session.get_one(User, 1).await.unwrap();
        let query = select(Address).order_by(Address::id).options(raise_on_sql(Address::user));
        let addresses = session.all(query).await.unwrap();
        let sent = Statements::record();
        session.load(addresses[0], Address::user).await.unwrap();
        assert_eq!(session.view(addresses[0]).get(Address::user).unwrap().unwrap().handle(), first);
        let error = session.load(addresses[3], Address::user).await.unwrap_err();
        assert!(error.to_string().contains("`Address::user` is not loaded on demand where that takes SQL"));
        assert_eq!(sent.take(), [""; 0]);

        let query = select(Address).filter(Address::id.eq(2)).options(raise(Address::user));
        let second = session.one(query).await.unwrap();
        assert_eq!(refused(session.load(second, Address::user).await), ("Address", "user"));
    })
    .await;
}

#[tokio::test]
async fn raise_all_is_for_what_no_option_names() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let options = (selectin(Blog::posts).then(default_load(Post::tags)), raise_all());
        let blog = session.one(select(Blog).filter(Blog::id.eq(1)).options(options)).await.unwrap();
        assert_eq!(titles(&session, blog), ["p1", "p2", "p3"]);
        let post = session.view(blog).get(Blog::posts).unwrap().next().unwrap().handle();
        assert_eq!(refused(session.load(post, Post::comments).await), ("Post", "comments"));
        session.load(post, Post::tags).await.unwrap();

        let mut session = Session::new(&db.engine);
        let options = (selectin(Blog::posts), raise_all_of(Blog));
        let blog = session.one(select(Blog).filter(Blog::id.eq(1)).options(options)).await.unwrap();
        let post = session.view(blog).get(Blog::posts).unwrap().next().unwrap().handle();
        session.load(post, Post::comments).await.unwrap();

        // Joined, and without SQL.
        let mut session = Session::new(&db.engine);
        let options = (joined(Post::blog), raise_all().on_sql());
        let post = session.one(select(Post).filter(Post::id.eq(1)).options(options)).await.unwrap();
        let blog = session.view(post).get(Post::blog).unwrap().handle();
        assert_eq!(refused(session.load(blog, Blog::posts).await), ("Blog", "posts"));
        let other =
            session.one(select(Post).filter(Post::id.eq(2)).options(raise_all().on_sql())).await.unwrap();
        session.load(other, Post::blog).await.unwrap();
        assert_eq!(refused(session.load(other, Post::tags).await), ("Post", "tags"));
        let other = session.get_one(Post, 3).options(raise_all()).await.unwrap();
        assert_eq!(refused(session.load(other, Post::blog).await), ("Post", "blog"));
    })
    .await;
}

#[tokio::test]
async fn default_load_goes_on_behind_what_is_loaded() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let blogs = session.all(select(Blog).order_by(Blog::id)).await.unwrap();
        session.load(blogs[0], Blog::posts).await.unwrap();
        let behind = default_load(Blog::posts).then(selectin(Post::comments));
        let sent = Statements::record();
        session.all(select(Blog).order_by(Blog::id).options(behind)).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 2, "the blogs, and the comments of the posts that are loaded");
        for post in session.view(blogs[0]).get(Blog::posts).unwrap() {
            assert!(post.get(Post::comments).unwrap().len() < 2);
        }
        assert!(session.view(blogs[1]).get(Blog::posts).is_err(), "what is not loaded stays so");
    })
    .await;
}

#[tokio::test]
async fn load_sends_nothing_where_all_is_here() {
    on_each(async |db| {
        seed_users(db).await;
        let mut session = Session::new(&db.engine);
        session.add(Address { email: "alone".into(), ..default() });
        session.commit().await.unwrap();
        let users =
            session.all(select(User).order_by(User::id).options(selectin(User::addresses))).await.unwrap();
        let addresses = session.all(select(Address).order_by(Address::id)).await.unwrap();
        session.commit().await.unwrap();

        let sent = Statements::record();
        session.load_many(&users, User::addresses).await.unwrap();
        session.load_many(&addresses, Address::user).await.unwrap();
        let chain = selectin(User::addresses).then(selectin(Address::user));
        session.load(users[0], chain).await.unwrap();
        assert_eq!(sent.take(), [""; 0], "not even a BEGIN");
        assert!(session.view(addresses[6]).get(Address::user).unwrap().is_none());
        assert_eq!(session.view(addresses[5]).get(Address::user).unwrap().unwrap().handle(), users[1]);

        let mut session = Session::new(&db.engine);
        let alone = session.one(select(Address).filter(Address::email.eq("alone"))).await.unwrap();
        session.commit().await.unwrap();
        sent.take();
        session.load(alone, Address::user).await.unwrap();
        assert_eq!(sent.take(), [""; 0], "its key is NULL");
    })
    .await;
}

#[tokio::test]
async fn load_takes_a_chain_for_several_objects() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let blogs = session.all(select(Blog).order_by(Blog::id)).await.unwrap();
        let sent = Statements::record();
        let chain = selectin(Blog::posts).then(selectin(Post::comments)).then(selectin(Post::tags));
        session.load_many(&blogs, chain.clone()).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 3);
        session.load_many(&blogs, chain).await.unwrap();
        assert_eq!(sent.take(), [""; 0]);
        let mut found = Vec::new();
        for post in session.views(&blogs).flat_map(|blog| blog.get(Blog::posts).unwrap()) {
            found.push((post.get(Post::comments).unwrap().len(), post.get(Post::tags).unwrap().len()));
        }
        assert_eq!(found, [(1, 2), (1, 2), (0, 0), (1, 2), (1, 2), (0, 0)]);

        // What is behind what is here already.
        session
            .expire_attributes(
                session.view(blogs[0]).get(Blog::posts).unwrap().next().unwrap().handle(),
                Post::tags,
            )
            .unwrap();
        session.load(blogs[0], selectin(Blog::posts).then(selectin(Post::tags))).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
    })
    .await;
}

// Of a part.

#[tokio::test]
async fn a_delete_reaches_what_a_part_left_out() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let blog =
            session.one(select(Blog).filter(Blog::id.eq(1)).options(noload(Blog::posts))).await.unwrap();
        assert_eq!(titles(&session, blog), [""; 0]);
        session.delete(blog);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "blog", "title").await, ["b2"]);
        assert_eq!(rows(&db.engine, "post", "blog_id, title").await, ["2|p1", "2|p2", "2|p3"]);
        assert_eq!(rows(&db.engine, "comment", "post_id").await, ["4", "5"]);

        let blog = session.one(select(Blog)).await.unwrap();
        session.load(blog, Blog::posts.filter(Post::title.eq("p2"))).await.unwrap();
        session.delete(blog);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post", "id").await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn children_without_a_cascade_lose_their_parent_all_of_them() {
    on_each(async |db| {
        seed_users(db).await;
        let mut session = Session::new(&db.engine);
        let user =
            session.one(select(User).filter(User::id.eq(1)).options(noload(User::addresses))).await.unwrap();
        session.delete(user);
        session.commit().await.unwrap();
        let left = ["1|NULL", "2|NULL", "3|NULL", "4|2", "5|2", "6|2"];
        assert_eq!(rows(&db.engine, "address", "id, user_id").await, left);
    })
    .await;
}

#[tokio::test]
async fn members_of_a_part_come_and_go() {
    on_each(async |db| {
        seed_users(db).await;
        let mut session = Session::new(&db.engine);
        let addresses = session.all(select(Address).order_by(Address::id)).await.unwrap();
        let user =
            session.one(select(User).filter(User::id.eq(1)).options(noload(User::addresses))).await.unwrap();
        session.append(user, User::addresses, Address { email: "new".into(), ..default() });
        session.remove(user, User::addresses, addresses[0]);
        session.remove(user, User::addresses, addresses[1]);
        session.append(user, User::addresses, addresses[1]);
        session.append(user, User::addresses, addresses[5]);
        session.flush().await.unwrap();
        let expected = ["1|NULL", "2|1", "3|1", "4|2", "5|2", "6|1", "7|1"];
        assert_eq!(rows_of(&mut session).await, expected);

        session.load(user, User::addresses).await.unwrap();
        assert_eq!(emails(&session, user), ["a2", "a3", "b3", "new"]);
        session.delete(user);
        session.commit().await.unwrap();
        let expected = ["1|NULL", "2|NULL", "3|NULL", "4|2", "5|2", "6|NULL", "7|NULL"];
        assert_eq!(rows(&db.engine, "address", "id, user_id").await, expected);
    })
    .await;
}

async fn rows_of(session: &mut Session) -> Vec<String> {
    let found = session.all(select((Address::id, Address::user_id)).order_by(Address::id)).await.unwrap();
    let line = |(id, user): (i64, Option<i64>)| {
        format!("{id}|{}", user.map_or("NULL".to_owned(), |u| u.to_string()))
    };
    found.into_iter().map(line).collect()
}

#[tokio::test]
async fn edits_of_a_part_stay_when_all_is_loaded() {
    on_each(async |db| {
        seed_users(db).await;
        let mut session = Session::new(&db.engine);
        session.set_autoflush(false);
        let addresses = session.all(select(Address).order_by(Address::id)).await.unwrap();
        let user =
            session.one(select(User).filter(User::id.eq(1)).options(noload(User::addresses))).await.unwrap();
        session.append(user, User::addresses, Address { email: "new".into(), ..default() });
        session.remove(user, User::addresses, addresses[1]);
        assert_eq!(emails(&session, user), ["new"]);
        session.load(user, User::addresses).await.unwrap();
        assert_eq!(emails(&session, user), ["a1", "a3", "new"]);
        session.commit().await.unwrap();
        let expected = ["1|1", "2|NULL", "3|1", "4|2", "5|2", "6|2", "7|1"];
        assert_eq!(rows(&db.engine, "address", "id, user_id").await, expected);
    })
    .await;
}

#[tokio::test]
async fn links_of_a_part_come_and_go() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let tags = session.all(select(Tag).order_by(Tag::id).options(noload(Tag::posts))).await.unwrap();
        let query = select(Post).filter(Post::blog_id.eq(1)).order_by(Post::id);
        let posts = session.all(query.options(noload(Post::tags))).await.unwrap();
        session.remove(posts[0], Post::tags, tags[0]);
        session.remove(posts[1], Post::tags, tags[0]);
        session.append(posts[1], Post::tags, tags[0]);
        session.append(posts[2], Post::tags, tags[1]);
        session.commit().await.unwrap();
        let expected = ["1|2", "2|1", "2|2", "3|2", "4|1", "4|2", "5|1", "5|2"];
        assert_eq!(rows(&db.engine, "post_tags", "post_id, tag_id").await, expected);
    })
    .await;
}

#[tokio::test]
async fn what_replaces_a_part_replaces_all() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let blogs = session.all(select(Blog).order_by(Blog::id).options(noload(Blog::posts))).await.unwrap();
        session.append(blogs[0], Blog::posts, Post { title: "gone".into(), ..default() });
        session.replace(blogs[0], Blog::posts, [Post { title: "x".into(), ..default() }]);
        session[blogs[1]].posts = many![Post { title: "y".into(), ..default() }];
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post", "blog_id, title").await, ["1|x", "2|y"]);
        assert_eq!(
            (titles(&session, blogs[0]), titles(&session, blogs[1])),
            (vec!["x".into()], vec!["y".into()])
        );
    })
    .await;
}

#[tokio::test]
async fn a_value_that_holds_a_part_takes_nothing_out() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let blog =
            session.one(select(Blog).filter(Blog::id.eq(1)).options(noload(Blog::posts))).await.unwrap();
        let mut owned = session.detach(blog);
        session.commit().await.unwrap();
        assert!(owned.posts.is_partial() && !owned.posts.is_unloaded());
        owned.title = "B1".into();
        owned.posts.loaded_mut().unwrap().push(Post { title: "p4".into(), ..default() });
        assert!(owned.posts.is_partial());

        let mut other = Session::new(&db.engine);
        let merged = other.merge(owned.clone()).await.unwrap();
        assert_eq!(titles(&other, merged), ["p1", "p2", "p3", "p4"]);
        other.commit().await.unwrap();
        let all = ["1|p1", "1|p2", "1|p3", "1|p4", "2|p1", "2|p2", "2|p3"];
        assert_eq!(rows(&db.engine, "post", "blog_id, title").await, all);
        assert_eq!(rows(&db.engine, "blog", "title").await, ["B1", "b2"]);

        // An empty part says nothing at all.
        let owned: Blog =
            db.engine.one(select(Blog).filter(Blog::id.eq(1)).options(noload(Blog::posts))).await.unwrap();
        let mut other = Session::new(&db.engine);
        let sent = Statements::record();
        other.merge(owned.clone()).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post", "blog_id, title").await, all);

        // Attached, it is a part there too.
        let mut other = Session::new(&db.engine);
        let blog = other.attach(owned).unwrap();
        other.delete(blog);
        other.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post", "blog_id, title").await, ["2|p1", "2|p2", "2|p3"]);
    })
    .await;
}

#[tokio::test]
async fn a_rollback_brings_back_that_it_was_a_part() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let blog =
            session.one(select(Blog).filter(Blog::id.eq(1)).options(noload(Blog::posts))).await.unwrap();
        session.commit().await.unwrap();
        session[blog].title = "B1".into();
        session.flush().await.unwrap();
        session.load(blog, Blog::posts).await.unwrap();
        assert_eq!(titles(&session, blog).len(), 3);
        session.rollback().await.unwrap();
        assert_eq!(titles(&session, blog).len(), 0);
        session.delete(blog);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "post", "blog_id, title").await, ["2|p1", "2|p2", "2|p3"]);

        // And the reverse: what was whole is whole.
        let blog = session.one(select(Blog).options(selectin(Blog::posts))).await.unwrap();
        session.commit().await.unwrap();
        session[blog].title = "B2".into();
        session.flush().await.unwrap();
        session.expire(blog).unwrap();
        session.all(select(Blog).options(noload(Blog::posts))).await.unwrap();
        session.rollback().await.unwrap();
        let sent = Statements::record();
        session.load(blog, Blog::posts).await.unwrap();
        assert_eq!(sent.take(), [""; 0]);
        assert_eq!(titles(&session, blog), ["p1", "p2", "p3"]);
    })
    .await;
}

#[tokio::test]
async fn a_parent_that_was_left_out_is_told_by_its_key() {
    on_each(async |db| {
        seed_users(db).await;
        let mut session = Session::new(&db.engine);
        let users =
            session.all(select(User).order_by(User::id).options(selectin(User::addresses))).await.unwrap();
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        drop(users);
        let query = select(Address).order_by(Address::id).options(noload(Address::user));
        let addresses = session.all(query).await.unwrap();
        assert!(session.view(addresses[0]).get(Address::user).unwrap().is_none());
        let users = session.all(select(User).order_by(User::id)).await.unwrap();
        session.set(addresses[0], Address::user, users[1]);
        session.set(addresses[1], Address::user, None::<Handle<User>>);
        session.flush().await.unwrap();
        let expected = ["1|2", "2|NULL", "3|1", "4|2", "5|2", "6|2"];
        assert_eq!(rows_of(&mut session).await, expected);
        session.load(addresses[2], Address::user).await.unwrap();
        assert_eq!(session.view(addresses[2]).get(Address::user).unwrap().unwrap().handle(), users[0]);
        session.commit().await.unwrap();
    })
    .await;
}

// What the mapping says.

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "marks_team", new)]
struct Team {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[relationship(back_populates = team, order_by = Player::id, lazy = "noload")]
    players: Many<Player>,
    #[relationship(lazy = "immediate", order_by = Match::id)]
    matches: Many<Match>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "marks_player", new)]
struct Player {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(foreign_key = Team::id)]
    team_id: Option<i64>,
    #[relationship(back_populates = players, lazy = "raise_on_sql")]
    team: One<Option<Team>>,
    #[relationship(lazy = "raise")]
    goals: Many<Goal>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "marks_match", new)]
struct Match {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Team::id)]
    team_id: i64,
    #[relationship(lazy = "joined", innerjoin)]
    team: One<Team>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "marks_goal", new)]
struct Goal {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Player::id)]
    player_id: i64,
}

async fn seed_teams(db: &Database) {
    metadata![Team, Player, Match, Goal].create_all(&db.engine).await.unwrap();
    let mut session = Session::new(&db.engine);
    let goals = many![Goal::default()];
    let players = many![Player { goals, ..Player::new("x") }, Player::new("y")];
    let matches = many![Match::default(), Match::default()];
    session.add(Team { players, matches, ..Team::new("t") });
    session.add(Player::new("z"));
    session.commit().await.unwrap();
}

#[tokio::test]
async fn the_mapping_says_it_too() {
    on_each(async |db| {
        seed_teams(db).await;
        let mut session = Session::new(&db.engine);
        let players = session.all(select(Player).order_by(Player::id)).await.unwrap();
        assert_eq!(refused(session.load(players[0], Player::goals).await), ("Player", "goals"));
        assert_eq!(refused(session.load(players[0], Player::team).await), ("Player", "team"));
        session.load(players[2], Player::team).await.unwrap();
        session.load(players[0], selectin(Player::goals)).await.unwrap();
        assert_eq!(session.view(players[0]).get(Player::goals).unwrap().len(), 1);

        let team = session.one(select(Team)).await.unwrap();
        assert_eq!(session.view(team).get(Team::players).unwrap().len(), 0);
        assert_eq!(session.view(team).get(Team::matches).unwrap().len(), 2);
        session.load(players[0], Player::team).await.unwrap();
        session.load(team, Team::players).await.unwrap();
        assert_eq!(session.view(team).get(Team::players).unwrap().len(), 2);

        // An option turns off what the mapping loads; and so does `raise_all` what nobody names.
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        let options = (lazy(Team::matches), lazy(Team::players));
        let team = session.one(select(Team).options(options)).await.unwrap();
        assert!(
            session.view(team).get(Team::matches).is_err() && session.view(team).get(Team::players).is_err()
        );
        session.load(team, Team::matches).await.unwrap();
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        let team = session.one(select(Team).options(raise_all())).await.unwrap();
        assert_eq!(sent.taken("SELECT").len(), 1);
        assert_eq!(refused(session.load(team, Team::matches).await), ("Team", "matches"));
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        let options = (default_load(Team::matches), raise_all());
        let team = session.one(select(Team).options(options)).await.unwrap();
        assert_eq!(session.view(team).get(Team::matches).unwrap().len(), 2);

        // A query may load what the mapping refuses, and a part of the mapping's is a part.
        let query = select(Player).filter(Player::id.eq(1)).options(selectin(Player::goals));
        let player = session.one(query).await.unwrap();
        assert_eq!(session.view(player).get(Player::goals).unwrap().len(), 1);
        session.commit().await.unwrap();
        let mut session = Session::new(&db.engine);
        let team = session.one(select(Team).options(lazy(Team::matches))).await.unwrap();
        session.execute(delete(Match).all_rows()).await.unwrap();
        session.delete(team);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "marks_player", "name, team_id").await, ["x|NULL", "y|NULL", "z|NULL"]);
    })
    .await;
}

#[tokio::test]
async fn an_option_of_what_is_not_selected_is_an_error() {
    on_each(async |db| {
        models::create(&db.engine).await;
        let mut session = Session::new(&db.engine);
        let of_columns = session.all(select(Blog::title).options(selectin(Blog::posts))).await.unwrap_err();
        assert_eq!(
            of_columns.to_string(),
            "an option loads `Blog::posts`, and the query does not select `Blog`: select it as a whole, or begin the option at what is selected and go on by `.then(…)`"
        );
        let joined = select(Post).join(Post::blog).options(selectin(Blog::posts));
        assert!(db.engine.all(joined).await.unwrap_err().to_string().contains("does not select `Blog`"));
    })
    .await;
}
