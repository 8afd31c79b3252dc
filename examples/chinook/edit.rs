//! Edits in one session, and the way back.

use orm::prelude::*;

use super::model::*;

/// What the edits touch, as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    pub artist: String,
    pub album_is_by: String,
    pub playlists: i64,
    pub links: i64,
    pub tracks: i64,
}

/// The objects that are edited.
#[derive(Debug, Clone, Copy)]
pub struct Edited {
    pub artist: Handle<Artist>,
    pub album: Handle<Album>,
    pub playlist: Handle<Playlist>,
}

impl Edited {
    /// An artist, an album of somebody else, and a playlist of 15 tracks.
    pub async fn find(session: &mut Session) -> orm::Result<Self> {
        Ok(Edited {
            artist: session.one(select(Artist).filter(Artist::name.eq("AC/DC"))).await?,
            album: session.one(select(Album).filter(Album::title.eq("Balls to the Wall"))).await?,
            playlist: session.one(select(Playlist).filter(Playlist::name.eq("Grunge"))).await?,
        })
    }

    /// Renames the artist, gives them the album, and deletes the playlist: nothing is committed.
    pub async fn edit(self, session: &mut Session) -> orm::Result<()> {
        session[self.artist].name = "Acca Dacca".into();
        session.set(self.album, Album::artist, self.artist);
        // Its rows of the link table go with it; its tracks stay.
        session.delete(self.playlist);
        session.flush().await
    }

    /// Asks the database. A query flushes what is pending, so it sees the edits of its own session.
    pub async fn state(self, session: &mut Session) -> orm::Result<State> {
        let artist = session[self.artist].artist_id;
        let album = session[self.album].album_id;
        let by = select(Artist::name).join(Artist::albums).filter(Album::album_id.eq(album));
        Ok(State {
            artist: session.one(select(Artist::name).filter(Artist::artist_id.eq(artist))).await?,
            album_is_by: session.one(by).await?,
            playlists: session.one(select(count(Playlist))).await?,
            links: session.one(select(count(PlaylistTrack))).await?,
            tracks: session.one(select(count(Track))).await?,
        })
    }
}
