//! The questions: each is one typed statement, and what it gives is plain data.
//!
//! The types of the rows are inferred from the select list; a wrong one here does not compile. What an outer join may
//! leave out is an `Option`, and so is a `sum`, which is NULL over no rows, unless `coalesce` says otherwise.

use orm::prelude::*;
use rust_decimal::Decimal;

use super::model::*;

alias!(Manager = Employee);
alias!(Rival = Track);

/// The five customers who spent most: name, country, and how much.
pub async fn best_customers(session: &mut Session) -> orm::Result<Vec<(String, String, Decimal)>> {
    let spent = functions::coalesce(sum(Invoice::total), Decimal::ZERO);
    let query = select((
        Customer::first_name.concat(" ").concat(Customer::last_name),
        Customer::country,
        spent.clone(),
    ))
    .join(Customer::invoices)
    .group_by(Customer::customer_id)
    .order_by((spent.desc(), Customer::customer_id))
    .limit(5);
    session.all(query).await
}

/// For each genre: its name, the tracks sold, and the revenue.
pub async fn revenue_by_genre(session: &mut Session) -> orm::Result<Vec<(String, i64, Decimal)>> {
    let sold = functions::coalesce(sum(InvoiceLine::quantity), 0);
    let revenue = functions::coalesce(sum(InvoiceLine::unit_price * InvoiceLine::quantity), Decimal::ZERO);
    let query = select((Genre::name, sold, revenue.clone()))
        .join(Genre::tracks)
        .join(Track::invoice_lines)
        .group_by(Genre::genre_id)
        .order_by((revenue.desc(), Genre::name));
    session.all(query).await
}

/// The artists who have no album.
pub async fn artists_without_album(session: &mut Session) -> orm::Result<Vec<String>> {
    let albums = select(Album::album_id).correlate(Artist).filter(Album::artist_id.eq(Artist::artist_id));
    let query = select(Artist::name).filter(!exists(albums)).order_by(Artist::name);
    session.all(query).await
}

/// Each employee with title, manager, and the number of customers they support.
pub async fn employees(session: &mut Session) -> orm::Result<Vec<(String, String, Option<String>, i64)>> {
    let manager = Employee::first_name.of(Manager).concat(" ").concat(Employee::last_name.of(Manager));
    let query = select((
        Employee::first_name.concat(" ").concat(Employee::last_name),
        Employee::title,
        manager,
        count(Customer::customer_id),
    ))
    .outer_join(Employee::manager.to(Manager))
    .outer_join(Employee::customers)
    .group_by((Employee::employee_id, Employee::employee_id.of(Manager)))
    .order_by(Employee::employee_id);
    session.all(query).await
}

/// Each playlist: its name, its number of tracks, and how many minutes they last.
pub async fn playlists(session: &mut Session) -> orm::Result<Vec<(String, i64, f64)>> {
    let minutes = functions::coalesce(sum(Track::milliseconds), 0) / 60_000_i64;
    let query = select((Playlist::name, count(Track::track_id), minutes))
        .outer_join(Playlist::tracks)
        .group_by(Playlist::playlist_id)
        .order_by(Playlist::playlist_id);
    session.all(query).await
}

/// The longest track of each genre: genre, track, milliseconds.
pub async fn longest_tracks(session: &mut Session) -> orm::Result<Vec<(String, String, i64)>> {
    let longest = select(max(Track::milliseconds.of(Rival)))
        .correlate(Genre)
        .filter(Track::genre_id.of(Rival).eq(Genre::genre_id))
        .scalar();
    let query = select((Genre::name, Track::name, Track::milliseconds))
        .join(Genre::tracks)
        .filter(Track::milliseconds.eq(longest))
        .order_by((Genre::name, Track::track_id));
    session.all(query).await
}

/// The revenue of each month, written as `2007-01`, with the number of invoices.
pub async fn revenue_by_month(session: &mut Session) -> orm::Result<Vec<(String, i64, Decimal)>> {
    // SQLite's function; elsewhere it would be `to_char` or `date_format`.
    let month = func("strftime", ("%Y-%m", Invoice::invoice_date)).returns::<String>();
    let revenue = functions::coalesce(sum(Invoice::total), Decimal::ZERO);
    let query = select((month.clone(), count(Invoice), revenue)).group_by(month.clone()).order_by(month);
    session.all(query).await
}

/// An artist with albums and tracks: three SELECTs, however many albums and tracks there are.
pub async fn artist_tree(session: &mut Session, name: &str) -> orm::Result<Handle<Artist>> {
    let query = select(Artist)
        .filter(Artist::name.eq(name))
        .options(selectin(Artist::albums).then(selectin(Album::tracks)));
    session.one(query).await
}

/// The customers who bought from more than eight genres, with the number of genres.
pub async fn eclectic_customers(session: &mut Session) -> orm::Result<Vec<(String, i64)>> {
    let genres = count(Track::genre_id).distinct();
    let query = select((Customer::first_name.concat(" ").concat(Customer::last_name), genres.clone()))
        .join(Customer::invoices)
        .join(Invoice::lines)
        .join(InvoiceLine::track)
        .group_by(Customer::customer_id)
        .having(genres.clone().gt(8))
        .order_by((genres.desc(), Customer::customer_id));
    session.all(query).await
}
