//! Collections that are written and never loaded.

use orm::prelude::*;
use orm::{Error, SessionError, WriteOnly, write_only};

use crate::databases::{Database, on_each, rows};
use crate::support::Statements;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "wo_playlist", new)]
struct Playlist {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[relationship(back_populates = playlist, order_by = Song::id)]
    songs: WriteOnly<Song>,
    #[relationship(cascade = "all, delete-orphan", order_by = Note::id)]
    notes: WriteOnly<Note>,
    #[relationship(secondary = PlaylistTag, back_populates = playlists, order_by = Tag::id)]
    tags: WriteOnly<Tag>,
    #[relationship(back_populates = playlist, cascade = "all, delete-orphan")]
    parts: WriteOnly<Part>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "wo_song", new)]
struct Song {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[column(foreign_key = Playlist::id)]
    playlist_id: Option<i64>,
    #[relationship(back_populates = songs)]
    playlist: One<Option<Playlist>>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "wo_note", new)]
struct Note {
    #[column(primary_key)]
    id: i64,
    body: String,
    #[column(foreign_key = Playlist::id)]
    playlist_id: i64,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "wo_tag", new)]
struct Tag {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[relationship(secondary = PlaylistTag, back_populates = tags)]
    playlists: Many<Playlist>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "wo_playlist_tag")]
struct PlaylistTag {
    #[column(primary_key, foreign_key = Playlist::id)]
    playlist_id: i64,
    #[column(primary_key, foreign_key = Tag::id)]
    tag_id: i64,
}

/// With children of its own, so that it is loaded before it goes.
#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "wo_part", new)]
struct Part {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Playlist::id)]
    playlist_id: i64,
    #[relationship(back_populates = parts)]
    playlist: One<Playlist>,
    #[relationship(cascade = "all, delete-orphan")]
    bars: Many<Bar>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "wo_bar", new)]
struct Bar {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Part::id)]
    part_id: i64,
}

/// Two playlists of three songs, two notes, two tags and a part each.
async fn seed(db: &Database) {
    metadata![Playlist, Song, Note, Tag, PlaylistTag, Part, Bar].create_all(&db.engine).await.unwrap();
    let mut session = Session::new(&db.engine);
    let tags = session.add_all([Tag::new("t1"), Tag::new("t2"), Tag::new("t3")]);
    for name in ["p", "q"] {
        let songs = (1..=3).map(|n| Song::new(format!("{name}{n}"))).collect();
        let notes =
            write_only![Note { body: "x".into(), ..default() }, Note { body: "y".into(), ..default() }];
        let parts = write_only![Part { bars: many![Bar::default()], ..default() }];
        let playlist = session.add(Playlist { songs, notes, parts, ..Playlist::new(name) });
        session.collection(playlist, Playlist::tags).add_all([tags[0], tags[1]]);
    }
    session.commit().await.unwrap();
}

async fn songs(db: &Database) -> Vec<String> {
    rows(&db.engine, "wo_song", "id, title, playlist_id").await
}

const SONGS: [&str; 6] = ["1|p1|1", "2|p2|1", "3|p3|1", "4|q1|2", "5|q2|2", "6|q3|2"];

#[tokio::test]
async fn a_new_parent_brings_its_children() {
    on_each(async |db| {
        seed(db).await;
        assert_eq!(songs(db).await, SONGS);
        assert_eq!(rows(&db.engine, "wo_note", "playlist_id, body").await, ["1|x", "1|y", "2|x", "2|y"]);
        let links = ["1|1", "1|2", "2|1", "2|2"];
        assert_eq!(rows(&db.engine, "wo_playlist_tag", "playlist_id, tag_id").await, links);

        let given = Playlist { songs: write_only![Song::new("a")], ..Playlist::new("x") };
        assert_eq!(given.songs.given().unwrap().len(), 1);
        let mut session = Session::new(&db.engine);
        let playlist = session.add(given);
        let mut collection = session.collection(playlist, Playlist::songs);
        let b = collection.add(Song::new("b"));
        let c = collection.add(Song::new("c"));
        collection.remove(b);
        assert_eq!(session.view(c).get(Song::playlist).unwrap().unwrap().handle(), playlist);
        session.commit().await.unwrap();
        let found = session.all(session.related(playlist, Playlist::songs).unwrap()).await.unwrap();
        let found: Vec<&str> = session.views(&found).map(|song| song.value().title.as_str()).collect();
        assert_eq!(found, ["a", "c"]);
        assert_eq!(session[b].playlist_id, None);
    })
    .await;
}

#[tokio::test]
async fn members_come_and_go_without_a_select() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let playlist = session.get_one(Playlist, 1).await.unwrap();
        let [first, second, other] = [1, 2, 5];
        let first = session.get_one(Song, first).await.unwrap();
        let second = session.get_one(Song, second).await.unwrap();
        let other = session.get_one(Song, other).await.unwrap();
        let sent = Statements::record();
        let mut collection = session.collection(playlist, Playlist::songs);
        collection.remove(first);
        collection.remove(second);
        collection.add(second);
        collection.add(other);
        let [new, gone] = collection.add_all([Song::new("new"), Song::new("gone")])[..] else { panic!() };
        collection.remove(gone);
        assert_eq!(session.view(other).get(Song::playlist).unwrap().unwrap().handle(), playlist);
        session.flush().await.unwrap();
        let statements = sent.take();
        assert!(!statements.iter().any(|sql| sql.starts_with("SELECT")), "{statements:?}");
        assert_eq!((session[new].playlist_id, session[first].playlist_id), (Some(1), None));
        session.commit().await.unwrap();
        let expected =
            ["1|p1|NULL", "2|p2|1", "3|p3|1", "4|q1|2", "5|q2|1", "6|q3|2", "7|new|1", "8|gone|NULL"];
        assert_eq!(songs(db).await, expected);

        // From the other side.
        session.set(first, Song::playlist, playlist);
        session.set(new, Song::playlist, None::<Handle<Playlist>>);
        session.commit().await.unwrap();
        let found = session.related(playlist, Playlist::songs).unwrap();
        let ids: Vec<i64> =
            session.all(found).await.unwrap().into_iter().map(|song| session[song].id).collect();
        assert_eq!(ids, [1, 2, 3, 5]);
    })
    .await;
}

#[tokio::test]
async fn orphans_go() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let playlist = session.get_one(Playlist, 1).await.unwrap();
        let note = session.get_one(Note, 1).await.unwrap();
        let part = session.get_one(Part, 1).await.unwrap();
        let pending = session.collection(playlist, Playlist::notes).add(Note::new("z", 0));
        session.collection(playlist, Playlist::notes).remove(note);
        session.collection(playlist, Playlist::notes).remove(pending);
        session.collection(playlist, Playlist::parts).remove(part);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "wo_note", "id, playlist_id").await, ["2|1", "3|2", "4|2"]);
        assert_eq!(rows(&db.engine, "wo_part", "id, playlist_id").await, ["2|2"]);
        assert_eq!(rows(&db.engine, "wo_bar", "part_id").await, ["2"]);
        assert!(!session.contains(pending));
    })
    .await;
}

#[tokio::test]
async fn links_come_and_go() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let playlist = session.get_one(Playlist, 1).await.unwrap();
        let tags =
            session.all(select(Tag).order_by(Tag::id).options(selectin(Tag::playlists))).await.unwrap();
        let sent = Statements::record();
        let mut collection = session.collection(playlist, Playlist::tags);
        collection.remove(tags[0]);
        collection.add(tags[2]);
        let new = collection.add(Tag::new("new"));
        assert_eq!(session.view(tags[0]).get(Tag::playlists).unwrap().len(), 1);
        assert_eq!(session.view(tags[2]).get(Tag::playlists).unwrap().len(), 1);
        session.flush().await.unwrap();
        assert_eq!(sent.taken("SELECT"), [""; 0]);
        session.commit().await.unwrap();
        let links = ["1|2", "1|3", "1|4", "2|1", "2|2"];
        assert_eq!(rows(&db.engine, "wo_playlist_tag", "playlist_id, tag_id").await, links);

        // As statements.
        let collection = session.collection(playlist, Playlist::tags);
        let (found, renamed) = (collection.select().unwrap(), collection.update().unwrap());
        let linked = collection.link([1]).unwrap();
        let refused = collection.insert([Tag::new("no")]).unwrap_err().to_string();
        assert!(refused.starts_with("`Playlist::tags` goes through a link table"), "{refused}");
        assert_eq!(session.execute(linked).await.unwrap(), 1);
        let names = session.all(found.filter(Tag::name.ne("new"))).await.unwrap();
        let names: Vec<&str> = session.views(&names).map(|tag| tag.value().name.as_str()).collect();
        assert_eq!(names, ["t1", "t2", "t3"]);
        assert_eq!(session.execute(renamed.set(Tag::name, "x").filter(Tag::id.lt(3))).await.unwrap(), 2);
        assert_eq!((session[tags[0]].name.as_str(), session[tags[2]].name.as_str()), ("x", "t3"));
        session.collection(playlist, Playlist::tags).remove(new);
        session.commit().await.unwrap();
        let links = ["1|1", "1|2", "1|3", "2|1", "2|2"];
        assert_eq!(rows(&db.engine, "wo_playlist_tag", "playlist_id, tag_id").await, links);
    })
    .await;
}

#[tokio::test]
async fn merge_writes_no_link_twice() {
    on_each(async |db| {
        seed(db).await;
        let tags = |ids: &[i64]| {
            ids.iter().map(|&id| Tag { id, name: format!("t{id}"), ..default() }).collect::<WriteOnly<_>>()
        };
        let given = |id: i64, tags| Playlist { id, name: "x".into(), tags, ..default() };
        let mut session = Session::new(&db.engine);
        let sent = Statements::record();
        session.merge_all([given(1, tags(&[2, 3])), given(2, tags(&[1, 2]))]).await.unwrap();
        let selects = sent.taken("SELECT");
        let of_links = |sql: &&String| sql.contains("wo_playlist_tag");
        assert_eq!(selects.iter().filter(of_links).count(), 1, "{selects:#?}");
        session.commit().await.unwrap();
        let links = ["1|1", "1|2", "1|3", "2|1", "2|2"];
        assert_eq!(rows(&db.engine, "wo_playlist_tag", "playlist_id, tag_id").await, links);

        // The session keeps no list of them: they come and go as before.
        let playlist = session.get_one(Playlist, 1).await.unwrap();
        let tag = session.get_one(Tag, 2).await.unwrap();
        session.collection(playlist, Playlist::tags).remove(tag);
        session.commit().await.unwrap();
        session.merge(given(1, tags(&[2]))).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "wo_playlist_tag", "playlist_id, tag_id").await, links);
    })
    .await;
}

#[tokio::test]
async fn statements_are_limited_to_the_parent() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let playlist = session.get_one(Playlist, 1).await.unwrap();
        let held = session.get_one(Song, 2).await.unwrap();
        let collection = session.collection(playlist, Playlist::songs);
        let inserted = collection.insert([Song::new("n1"), Song::new("n2")]).unwrap();
        let (found, renamed, cut) =
            (collection.select().unwrap(), collection.update().unwrap(), collection.delete().unwrap());
        let refused = collection.link([1]).unwrap_err().to_string();
        assert!(refused.starts_with("`Playlist::songs` has no link table"), "{refused}");
        assert_eq!(session.execute(inserted).await.unwrap(), 2);
        assert_eq!(session.all(found.clone()).await.unwrap().len(), 5);
        assert_eq!(session.execute(renamed.set(Song::title, Song::title.concat("!"))).await.unwrap(), 5);
        assert_eq!(session[held].title, "p2!");
        assert_eq!(session.execute(cut.filter(Song::title.lt("p2!"))).await.unwrap(), 3);
        let left = session.all(found).await.unwrap();
        let left: Vec<&str> = session.views(&left).map(|song| song.value().title.as_str()).collect();
        assert_eq!(left, ["p2!", "p3!"]);
        let last = session.related(playlist, Playlist::songs).unwrap().filter(Song::title.ends_with("3!"));
        let last = session.one(last).await.unwrap();
        let parent = session.one(session.related(last, Song::playlist).unwrap()).await.unwrap();
        assert_eq!(parent, playlist);
        session.commit().await.unwrap();
        assert_eq!(songs(db).await, ["2|p2!|1", "3|p3!|1", "4|q1|2", "5|q2|2", "6|q3|2"]);
    })
    .await;
}

#[tokio::test]
async fn a_deleted_parent_takes_its_children_by_one_statement_each() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let playlist = session.get_one(Playlist, 1).await.unwrap();
        let held_song = session.get_one(Song, 1).await.unwrap();
        let moved_song = session.get_one(Song, 2).await.unwrap();
        let held_note = session.get_one(Note, 1).await.unwrap();
        let other = session.get_one(Playlist, 2).await.unwrap();
        session.collection(other, Playlist::songs).add(moved_song);
        let pending = session.collection(playlist, Playlist::notes).add(Note::new("late", 0));
        session.delete(playlist);
        let sent = Statements::record();
        session.flush().await.unwrap();
        let statements = sent.take();
        let of = |words: &str| statements.iter().filter(|sql| sql.starts_with(words)).count();
        // The parts have children of their own: they are loaded.
        assert_eq!(
            (of("SELECT"), of("DELETE FROM wo_note"), of("UPDATE wo_song")),
            (2, 2, 2),
            "{statements:?}"
        );
        assert_eq!(session[held_song].playlist_id, None);
        assert!(session.is_deleted(held_note) && !session.contains(pending));
        session.commit().await.unwrap();
        let expected = ["1|p1|NULL", "2|p2|2", "3|p3|NULL", "4|q1|2", "5|q2|2", "6|q3|2"];
        assert_eq!(songs(db).await, expected);
        assert_eq!(rows(&db.engine, "wo_note", "playlist_id, body").await, ["2|x", "2|y"]);
        assert_eq!(rows(&db.engine, "wo_playlist_tag", "playlist_id, tag_id").await, ["2|1", "2|2"]);
        assert_eq!(rows(&db.engine, "wo_part", "id").await, ["2"]);
        assert_eq!(rows(&db.engine, "wo_bar", "part_id").await, ["2"]);
        assert_eq!(rows(&db.engine, "wo_playlist", "name").await, ["q"]);
    })
    .await;
}

#[tokio::test]
async fn a_delete_that_is_rolled_back_may_be_done_again() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let playlist = session.get_one(Playlist, 1).await.unwrap();
        let held = session.get_one(Note, 1).await.unwrap();
        session.commit().await.unwrap();
        session.delete(playlist);
        session.flush().await.unwrap();
        session.rollback().await.unwrap();
        assert_eq!(rows(&db.engine, "wo_note", "playlist_id, body").await.len(), 4);
        session.collection(playlist, Playlist::notes).add(Note::new("z", 0));
        session.collection(playlist, Playlist::notes).remove(held);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "wo_note", "playlist_id, body").await, ["1|y", "1|z", "2|x", "2|y"]);
        session.delete(playlist);
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "wo_note", "playlist_id, body").await, ["2|x", "2|y"]);
    })
    .await;
}

#[tokio::test]
async fn a_new_object_in_the_row_of_a_deleted_one_keeps_its_own_children() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let old = session.get_one(Playlist, 1).await.unwrap();
        session.delete(old);
        let notes = write_only![Note::new("fresh", 0)];
        session.add(Playlist { id: 1, notes, ..Playlist::new("new") });
        session.commit().await.unwrap();
        assert_eq!(rows(&db.engine, "wo_playlist", "id, name").await, ["1|new", "2|q"]);
        assert_eq!(rows(&db.engine, "wo_note", "playlist_id, body").await, ["1|fresh", "2|x", "2|y"]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_done_is_told() {
    on_each(async |db| {
        seed(db).await;
        let mut session = Session::new(&db.engine);
        let new = session.add(Playlist::new("new"));
        for result in [
            session.related(new, Playlist::songs).map(drop),
            session.collection(new, Playlist::songs).insert([Song::new("s")]).map(drop),
        ] {
            let Err(Error::Session(SessionError::NotInSession { entity, reason })) = result else { panic!() };
            assert_eq!(
                (entity, reason),
                ("Playlist", "it has no row yet, whose key a statement could name: flush first")
            );
        }
        session.commit().await.unwrap();
        session[new].songs = write_only![Song::new("s")];
        let error = session.flush().await.unwrap_err().to_string();
        assert!(error.starts_with("`Playlist::songs` is write-only and was assigned"), "{error}");
        session.rollback().await.unwrap();
        session.collection(new, Playlist::songs).add(Song::new("s"));
        session.commit().await.unwrap();

        // A value that holds some adds them.
        let mut other = Session::new(&db.engine);
        let owned = Playlist { id: 1, songs: write_only![Song::new("m")], ..Playlist::new("P") };
        let merged = other.merge(owned).await.unwrap();
        other.refresh(merged).only(Playlist::songs).await.unwrap();
        other.commit().await.unwrap();
        let found = other.related(merged, Playlist::songs).unwrap();
        assert_eq!(other.all(found).await.unwrap().len(), 4);
        assert_eq!(other[merged].name, "P");
    })
    .await;
}
