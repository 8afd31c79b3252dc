//! Collections that are written, and never loaded.

use orm::WriteOnly;
use orm::prelude::*;
use serde_json::json;

use super::scenario;

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "playlist")]
struct Playlist {
    #[column(primary_key)]
    id: i64,
    #[relationship(order_by = Song::id)]
    songs: WriteOnly<Song>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "song")]
struct Song {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[column(foreign_key = Playlist::id)]
    playlist_id: Option<i64>,
}

fn song(id: i64, title: &str) -> Song {
    Song { id, title: title.into(), ..default() }
}

#[tokio::test]
async fn write_only_collection() {
    scenario("write_only_collection")
        .run(async |r| {
            metadata![Playlist, Song].create_all(&r.db.engine).await?;
            let songs = vec![song(1, "s1"), song(2, "s2")];
            r.seed([Playlist { id: 1, songs: songs.into() }]).await;
            let mut s = r.session();
            let p = s.get_one(Playlist, 1).await?;
            s.collection(p, Playlist::songs).add(song(3, "s3"));
            let first = s.get_one(Song, 1).await?;
            s.collection(p, Playlist::songs).remove(first);
            s.flush().await?;
            let late = s.collection(p, Playlist::songs).select()?.filter(Song::title.gt("s2"));
            let found = s.one(late).await?;
            let title = s[found].title.clone();
            s.rollback().await?;
            Ok(json!(title))
        })
        .await;
}
