//! A write-only collection is not loaded by anything, and says where to ask.

use orm::WriteOnly;
use orm::prelude::*;

#[derive(Mapped, Debug, Clone, Default)]
struct Playlist {
    #[column(primary_key)]
    id: i64,
    #[relationship(back_populates = playlist)]
    songs: WriteOnly<Song>,
}

#[derive(Mapped, Debug, Clone, Default)]
struct Song {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Playlist::id)]
    playlist_id: Option<i64>,
    #[relationship(back_populates = songs)]
    playlist: One<Option<Playlist>>,
}

async fn loads(session: &mut Session, playlist: Handle<Playlist>, song: Handle<Song>) {
    let _ = select(Playlist).options(selectin(Playlist::songs));
    let _ = session.load(playlist, Playlist::songs).await;
    let _ = session.view(playlist).get(Playlist::songs);
    session.append(playlist, Playlist::songs, song);

    // A to-one relationship is no collection.
    session.collection(song, Song::playlist);
}

fn main() {}
