//! Creates the tables and loads every row through a session, one flush for each CSV file.

use chrono::NaiveDateTime;
use indicatif::{ProgressBar, ProgressStyle};
use orm::prelude::*;
use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error as _};

use super::model::*;

/// Whatever can go wrong on the way from a CSV file to the database.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// Creates the tables and fills them; the number of rows.
pub async fn load(engine: &Engine) -> Result<u64, Error> {
    metadata![
        Artist,
        Album,
        Genre,
        MediaType,
        Track,
        Playlist,
        PlaylistTrack,
        Employee,
        Customer,
        Invoice,
        InvoiceLine
    ]
    .create_all(engine)
    .await?;

    let mut loader = Loader { session: Session::new(engine), bar: bar() };
    // Parents before their children: a flush orders what it writes, but each file is a flush of its own here.
    loader.file::<Artist>(include_str!("data/artist.csv")).await?;
    loader.file::<Album>(include_str!("data/album.csv")).await?;
    loader.file::<Genre>(include_str!("data/genre.csv")).await?;
    loader.file::<MediaType>(include_str!("data/media_type.csv")).await?;
    loader.file::<Track>(include_str!("data/track.csv")).await?;
    loader.file::<Playlist>(include_str!("data/playlist.csv")).await?;
    loader.file::<PlaylistTrack>(include_str!("data/playlist_track.csv")).await?;
    loader.file::<Employee>(include_str!("data/employee.csv")).await?;
    loader.file::<Customer>(include_str!("data/customer.csv")).await?;
    loader.file::<Invoice>(include_str!("data/invoice.csv")).await?;
    loader.file::<InvoiceLine>(include_str!("data/invoice_line.csv")).await?;
    loader.session.commit().await?;
    loader.bar.finish_and_clear();
    Ok(loader.bar.position())
}

struct Loader {
    session: Session,
    bar: ProgressBar,
}

impl Loader {
    /// Loads one file into the table of `T`.
    async fn file<T: Mapped + DeserializeOwned>(&mut self, csv: &str) -> Result<(), Error> {
        let rows = csv::Reader::from_reader(csv.as_bytes()).deserialize().collect::<Result<Vec<T>, _>>()?;
        self.bar.set_message(T::NAME);
        self.bar.inc_length(rows.len() as u64);
        let handles = self.session.add_all(rows);
        self.session.flush().await?;
        self.bar.inc(handles.len() as u64);
        Ok(())
    }
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows, {elapsed}  {msg}");
    // A template that does not parse would only cost the bar its looks.
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Reads a timestamp as the files write it, `2007-01-01 00:00:00`.
pub fn timestamp<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDateTime, D::Error> {
    let text = String::deserialize(deserializer)?;
    NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").map_err(D::Error::custom)
}
