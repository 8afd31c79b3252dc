//! What is never loaded has a type of its own.

use orm::WriteOnly;
use orm::prelude::*;

#[derive(Mapped, Clone, Default)]
struct Playlist {
    #[column(primary_key)]
    id: i64,
    #[relationship(lazy = "write_only")]
    songs: Many<Song>,
    #[relationship(lazy = "selectin")]
    notes: WriteOnly<Song>,
    #[relationship(lazy = "selectin", innerjoin)]
    first: One<Song>,
}

#[derive(Mapped, Clone, Default)]
struct Song {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Playlist::id)]
    playlist_id: i64,
}

fn main() {}
