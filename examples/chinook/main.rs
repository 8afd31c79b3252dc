//! Chinook, a digital media store: 11 tables, 15,607 rows, loaded through a session and then asked.
//!
//! `cargo run --example chinook`
//!
//! Nothing is left behind: the database is a temporary file. [`model`] maps the tables, [`load`] fills them,
//! [`questions`] has one typed statement for each question, and [`edit`] changes things and takes it all back.

// The structs are public as they would be in a library.
#![allow(unreachable_pub)]

mod edit;
mod load;
mod model;
mod questions;
mod table;

use std::time::Instant;

use orm::prelude::*;

use edit::Edited;
use model::{Album, Artist};

#[tokio::main]
async fn main() -> Result<(), load::Error> {
    let directory = tempfile::tempdir()?;
    let engine = Engine::new(&format!("sqlite://{}/chinook.db?mode=rwc", directory.path().display()))?;

    let start = Instant::now();
    let rows = load::load(&engine).await?;
    println!("{rows} rows loaded in {:.2?}", start.elapsed());

    let mut session = Session::new(&engine);
    answers(&mut session).await?;
    tree(&mut session).await?;
    edits(&mut session).await?;
    Ok(())
}

/// Asks the questions that have a table for an answer.
async fn answers(session: &mut Session) -> orm::Result<()> {
    let rows = questions::best_customers(session).await?.into_iter();
    table::print(
        "The five customers who spent most",
        ["customer", "country", "spent"],
        rows.map(|(name, country, spent)| [name, country, format!("{spent:.2}")]).collect(),
    );

    let rows = questions::revenue_by_genre(session).await?.into_iter();
    table::print(
        "Revenue by genre",
        ["genre", "tracks sold", "revenue"],
        rows.map(|(genre, sold, revenue)| [genre, sold.to_string(), format!("{revenue:.2}")]).collect(),
    );

    let rows = questions::artists_without_album(session).await?.into_iter();
    table::print("Artists who have no album", ["artist"], rows.map(|name| [name]).collect());

    let rows = questions::employees(session).await?.into_iter();
    table::print(
        "Employees",
        ["employee", "title", "manager", "customers"],
        rows.map(|(name, title, manager, customers)| {
            [name, title, manager.unwrap_or_else(|| "–".into()), customers.to_string()]
        })
        .collect(),
    );

    let rows = questions::playlists(session).await?.into_iter();
    table::print(
        "Playlists",
        ["playlist", "tracks", "minutes"],
        rows.map(|(name, tracks, minutes)| [name, tracks.to_string(), format!("{minutes:.1}")]).collect(),
    );

    let rows = questions::longest_tracks(session).await?.into_iter();
    table::print(
        "The longest track of each genre",
        ["genre", "track", "seconds"],
        rows.map(|(genre, track, length)| [genre, track, (length / 1000).to_string()]).collect(),
    );

    let rows = questions::revenue_by_month(session).await?;
    // A line for each year: "2007-01" is January's cell in the line of 2007.
    let years = rows.chunk_by(|(a, ..), (b, ..)| a[..4] == b[..4]);
    table::print(
        "Revenue by month",
        ["year", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"],
        years
            .map(|months| {
                let mut line = std::array::from_fn(|_| String::new());
                line[0] = months[0].0[..4].to_owned();
                for (month, _, revenue) in months {
                    line[month[5..].parse::<usize>().unwrap_or_default()] = format!("{revenue:.2}");
                }
                line
            })
            .collect(),
    );

    let rows = questions::eclectic_customers(session).await?.into_iter();
    table::print(
        "Customers who bought from more than eight genres",
        ["customer", "genres"],
        rows.map(|(name, genres)| [name, genres.to_string()]).collect(),
    );
    Ok(())
}

/// Walks a tree inside the session, then takes it out and prints it as JSON.
async fn tree(session: &mut Session) -> Result<(), load::Error> {
    let artist = questions::artist_tree(session, "Accept").await?;

    let view = session.view(artist);
    println!("\nA tree, by three SELECTs\n\n  {}", view.name);
    for album in view.get(Artist::albums)? {
        println!("  └ {}", album.title);
        for track in album.get(Album::tracks)? {
            println!("    └ {}, {}", track.name, track.unit_price);
        }
    }

    let detached: Artist = session.detach(artist);
    println!("\nThe same, detached, as JSON\n\n{}", serde_json::to_string_pretty(&detached)?);
    Ok(())
}

/// Edits, looks, rolls back, and looks again.
async fn edits(session: &mut Session) -> orm::Result<()> {
    let edited = Edited::find(session).await?;
    let before = edited.state(session).await?;
    edited.edit(session).await?;
    let during = edited.state(session).await?;
    session.rollback().await?;
    let after = edited.state(session).await?;

    let looks = [("before", before), ("edited", during), ("rolled back", after)];
    table::print(
        "An artist renamed, “Balls to the Wall” moved to them, a playlist deleted; then rolled back",
        ["when", "artist", "album is by", "playlists", "their tracks", "tracks"],
        looks
            .into_iter()
            .map(|(when, state)| {
                [
                    when.into(),
                    state.artist,
                    state.album_is_by,
                    state.playlists.to_string(),
                    state.links.to_string(),
                    state.tracks.to_string(),
                ]
            })
            .collect(),
    );
    Ok(())
}
