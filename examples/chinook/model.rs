//! The eleven tables of Chinook as structs, with their relationships both ways.
//!
//! Fields bear the names that the CSV files use, so that one struct is the table, the CSV record (`Deserialize`) and,
//! where the example prints it, the JSON object (`Serialize`). Names of media types, genres and playlists are NOT
//! NULL here, since no row lacks one: queries then give a `String` and not an `Option`.

use chrono::NaiveDateTime;
use orm::prelude::*;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::load::timestamp;

#[derive(Mapped, Debug, Clone, Default, Serialize, Deserialize)]
#[mapped(table = "artist")]
#[serde(default)]
pub struct Artist {
    #[column(primary_key)]
    pub artist_id: i64,
    #[column(length = 120)]
    pub name: String,
    #[relationship(back_populates = artist, order_by = Album::album_id)]
    pub albums: Many<Album>,
}

#[derive(Mapped, Debug, Clone, Default, Serialize, Deserialize)]
#[mapped(table = "album")]
#[serde(default)]
pub struct Album {
    #[column(primary_key)]
    pub album_id: i64,
    #[column(length = 160)]
    pub title: String,
    #[column(foreign_key = Artist::artist_id, index)]
    pub artist_id: i64,
    // JSON goes down the tree, from an artist to the tracks, and not back up.
    #[serde(skip)]
    #[relationship(back_populates = albums)]
    pub artist: One<Artist>,
    #[relationship(back_populates = album, order_by = Track::track_id)]
    pub tracks: Many<Track>,
}

#[derive(Mapped, Debug, Clone, Default, Serialize, Deserialize)]
#[mapped(table = "track")]
#[serde(default)]
pub struct Track {
    #[column(primary_key)]
    pub track_id: i64,
    #[column(length = 200)]
    pub name: String,
    #[column(foreign_key = Album::album_id, index)]
    pub album_id: i64,
    #[column(foreign_key = MediaType::media_type_id, index)]
    pub media_type_id: i64,
    #[column(foreign_key = Genre::genre_id, index)]
    pub genre_id: i64,
    #[column(length = 220)]
    pub composer: Option<String>,
    pub milliseconds: i64,
    pub bytes: i64,
    #[column(precision = 10, scale = 2)]
    #[serde(with = "rust_decimal::serde::str")]
    pub unit_price: Decimal,
    #[serde(skip)]
    #[relationship(back_populates = tracks)]
    pub album: One<Album>,
    #[serde(skip)]
    #[relationship(back_populates = tracks)]
    pub media_type: One<MediaType>,
    #[serde(skip)]
    #[relationship(back_populates = tracks)]
    pub genre: One<Genre>,
    #[serde(skip)]
    #[relationship(back_populates = tracks, secondary = PlaylistTrack)]
    pub playlists: Many<Playlist>,
    #[serde(skip)]
    #[relationship(back_populates = track)]
    pub invoice_lines: Many<InvoiceLine>,
}

#[derive(Mapped, Debug, Clone, Default, Deserialize)]
#[mapped(table = "media_type")]
#[serde(default)]
pub struct MediaType {
    #[column(primary_key)]
    pub media_type_id: i64,
    #[column(length = 120)]
    pub name: String,
    #[relationship(back_populates = media_type)]
    pub tracks: Many<Track>,
}

#[derive(Mapped, Debug, Clone, Default, Deserialize)]
#[mapped(table = "genre")]
#[serde(default)]
pub struct Genre {
    #[column(primary_key)]
    pub genre_id: i64,
    #[column(length = 120)]
    pub name: String,
    #[relationship(back_populates = genre)]
    pub tracks: Many<Track>,
}

#[derive(Mapped, Debug, Clone, Default, Serialize, Deserialize)]
#[mapped(table = "playlist")]
#[serde(default)]
pub struct Playlist {
    #[column(primary_key)]
    pub playlist_id: i64,
    #[column(length = 120)]
    pub name: String,
    #[relationship(back_populates = playlists, secondary = PlaylistTrack)]
    pub tracks: Many<Track>,
}

/// The link table between [`Playlist`] and [`Track`].
#[derive(Mapped, Debug, Clone, Default, Deserialize)]
#[mapped(table = "playlist_track")]
pub struct PlaylistTrack {
    #[column(primary_key, foreign_key = Playlist::playlist_id)]
    pub playlist_id: i64,
    #[column(primary_key, foreign_key = Track::track_id, index)]
    pub track_id: i64,
}

#[derive(Mapped, Debug, Clone, Default, Serialize, Deserialize)]
#[mapped(table = "employee")]
#[serde(default)]
pub struct Employee {
    #[column(primary_key)]
    pub employee_id: i64,
    #[column(length = 20)]
    pub last_name: String,
    #[column(length = 20)]
    pub first_name: String,
    #[column(length = 30)]
    pub title: String,
    #[column(foreign_key = Employee::employee_id, index)]
    pub reports_to: Option<i64>,
    #[serde(deserialize_with = "timestamp")]
    pub birth_date: NaiveDateTime,
    #[serde(deserialize_with = "timestamp")]
    pub hire_date: NaiveDateTime,
    #[column(length = 70)]
    pub address: String,
    #[column(length = 40)]
    pub city: String,
    #[column(length = 40)]
    pub state: Option<String>,
    #[column(length = 40)]
    pub country: String,
    #[column(length = 10)]
    pub postal_code: Option<String>,
    #[column(length = 24)]
    pub phone: Option<String>,
    #[column(length = 24)]
    pub fax: Option<String>,
    #[column(length = 60)]
    pub email: String,
    #[serde(skip)]
    #[relationship(back_populates = reports)]
    pub manager: One<Option<Employee>>,
    #[relationship(back_populates = manager)]
    pub reports: Many<Employee>,
    #[relationship(back_populates = support_rep)]
    pub customers: Many<Customer>,
}

#[derive(Mapped, Debug, Clone, Default, Serialize, Deserialize)]
#[mapped(table = "customer")]
#[serde(default)]
pub struct Customer {
    #[column(primary_key)]
    pub customer_id: i64,
    #[column(length = 40)]
    pub first_name: String,
    #[column(length = 20)]
    pub last_name: String,
    #[column(length = 80)]
    pub company: Option<String>,
    #[column(length = 70)]
    pub address: String,
    #[column(length = 40)]
    pub city: String,
    #[column(length = 40)]
    pub state: Option<String>,
    #[column(length = 40)]
    pub country: String,
    #[column(length = 10)]
    pub postal_code: Option<String>,
    #[column(length = 24)]
    pub phone: Option<String>,
    #[column(length = 24)]
    pub fax: Option<String>,
    #[column(length = 60)]
    pub email: String,
    #[column(foreign_key = Employee::employee_id, index)]
    pub support_rep_id: Option<i64>,
    #[serde(skip)]
    #[relationship(back_populates = customers)]
    pub support_rep: One<Option<Employee>>,
    #[relationship(back_populates = customer, order_by = Invoice::invoice_date)]
    pub invoices: Many<Invoice>,
}

#[derive(Mapped, Debug, Clone, Default, Serialize, Deserialize)]
#[mapped(table = "invoice")]
#[serde(default)]
pub struct Invoice {
    #[column(primary_key)]
    pub invoice_id: i64,
    #[column(foreign_key = Customer::customer_id, index)]
    pub customer_id: i64,
    #[serde(deserialize_with = "timestamp")]
    pub invoice_date: NaiveDateTime,
    #[column(length = 70)]
    pub billing_address: String,
    #[column(length = 40)]
    pub billing_city: String,
    #[column(length = 40)]
    pub billing_state: Option<String>,
    #[column(length = 40)]
    pub billing_country: String,
    #[column(length = 10)]
    pub billing_postal_code: Option<String>,
    #[column(precision = 10, scale = 2)]
    #[serde(with = "rust_decimal::serde::str")]
    pub total: Decimal,
    #[serde(skip)]
    #[relationship(back_populates = invoices)]
    pub customer: One<Customer>,
    #[relationship(back_populates = invoice, cascade = "all, delete-orphan")]
    pub lines: Many<InvoiceLine>,
}

#[derive(Mapped, Debug, Clone, Default, Serialize, Deserialize)]
#[mapped(table = "invoice_line")]
#[serde(default)]
pub struct InvoiceLine {
    #[column(primary_key)]
    pub invoice_line_id: i64,
    #[column(foreign_key = Invoice::invoice_id, index)]
    pub invoice_id: i64,
    #[column(foreign_key = Track::track_id, index)]
    pub track_id: i64,
    #[column(precision = 10, scale = 2)]
    #[serde(with = "rust_decimal::serde::str")]
    pub unit_price: Decimal,
    pub quantity: i64,
    #[serde(skip)]
    #[relationship(back_populates = lines)]
    pub invoice: One<Invoice>,
    #[relationship(back_populates = invoice_lines)]
    pub track: One<Track>,
}
