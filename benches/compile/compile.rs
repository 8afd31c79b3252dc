//! What it costs to build a statement and to say it in SQL, beside sea-query: time and allocations.
//!
//! `cargo bench -p orm-bench-compile`
//!
//! Both start from Rust values and end with the text and its binds: the SELECTs for PostgreSQL, the INSERT for SQLite, where
//! both say `VALUES`.

// The names of sea-query's columns are known by the enums alone.
#![allow(missing_docs)]

use divan::{AllocProfiler, Bencher, black_box};
use orm::prelude::*;
use orm::typed::Executable;
use orm::{Compiled, Dialect};
use orm_dialects::{Postgres, Sqlite};
use sea_query::{Expr, ExprTrait, Iden, Order, PostgresQueryBuilder, Query, SqliteQueryBuilder, Values};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

fn main() {
    assert_alike();
    divan::main();
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "artist")]
struct Artist {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[relationship(back_populates = artist)]
    albums: Many<Album>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "album")]
struct Album {
    #[column(primary_key)]
    id: i64,
    title: String,
    #[column(foreign_key = Artist::id)]
    artist_id: i64,
    #[relationship(back_populates = albums)]
    artist: One<Artist>,
    #[relationship(back_populates = album)]
    tracks: Many<Track>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "genre")]
struct Genre {
    #[column(primary_key)]
    id: i64,
    name: String,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "track")]
struct Track {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(foreign_key = Album::id)]
    album_id: i64,
    #[column(foreign_key = Genre::id)]
    genre_id: i64,
    length: i64,
    #[relationship(back_populates = tracks)]
    album: One<Album>,
}

#[derive(Mapped, Debug, Clone, Default)]
#[mapped(table = "line")]
struct Line {
    #[column(primary_key)]
    id: i64,
    #[column(foreign_key = Track::id)]
    track_id: i64,
    quantity: i64,
}

mod sea {
    use super::Iden;

    #[derive(Iden, Clone, Copy)]
    pub(crate) enum Artist {
        Table,
        Id,
        Name,
    }

    #[derive(Iden, Clone, Copy)]
    pub(crate) enum Album {
        Table,
        Id,
        Title,
        ArtistId,
    }

    #[derive(Iden, Clone, Copy)]
    pub(crate) enum Genre {
        Table,
        Id,
        Name,
    }

    #[derive(Iden, Clone, Copy)]
    pub(crate) enum Track {
        Table,
        Id,
        Name,
        AlbumId,
        GenreId,
        Length,
    }

    #[derive(Iden, Clone, Copy)]
    pub(crate) enum Line {
        Table,
        Id,
        TrackId,
        Quantity,
    }
}

fn dialect() -> Postgres {
    Postgres::default()
}

fn compiled<Q: orm::typed::Query<I>, I>(dialect: &Postgres, query: Q) -> Compiled {
    let (statement, _) = query.into_statement();
    dialect.compile(&statement).expect("a statement of PostgreSQL's")
}

fn orm_point(dialect: &Postgres, id: i64) -> Compiled {
    compiled(dialect, select(Artist).filter(Artist::id.eq(id)))
}

fn sea_point(id: i64) -> (String, Values) {
    use sea::Artist;
    Query::select()
        .columns([(Artist::Table, Artist::Id), (Artist::Table, Artist::Name)])
        .from(Artist::Table)
        .and_where(Expr::col((Artist::Table, Artist::Id)).eq(id))
        .build(PostgresQueryBuilder)
}

fn orm_join(dialect: &Postgres, least: i64, name: &str) -> Compiled {
    let query = select((Artist::name, Album::title, Track::name, Genre::name, Line::quantity))
        .join(Artist::albums)
        .join(Album::tracks)
        .join_on(Genre, Genre::id.eq(Track::genre_id))
        .join_on(Line, Line::track_id.eq(Track::id))
        .filter(Track::length.gt(least))
        .filter(Artist::name.eq(name))
        .order_by((Artist::name, Line::quantity.desc()))
        .limit(20);
    compiled(dialect, query)
}

fn sea_join(least: i64, name: &str) -> (String, Values) {
    use sea::{Album, Artist, Genre, Line, Track};
    Query::select()
        .column((Artist::Table, Artist::Name))
        .column((Album::Table, Album::Title))
        .column((Track::Table, Track::Name))
        .column((Genre::Table, Genre::Name))
        .column((Line::Table, Line::Quantity))
        .from(Artist::Table)
        .inner_join(
            Album::Table,
            Expr::col((Artist::Table, Artist::Id)).equals((Album::Table, Album::ArtistId)),
        )
        .inner_join(Track::Table, Expr::col((Album::Table, Album::Id)).equals((Track::Table, Track::AlbumId)))
        .inner_join(Genre::Table, Expr::col((Genre::Table, Genre::Id)).equals((Track::Table, Track::GenreId)))
        .inner_join(Line::Table, Expr::col((Line::Table, Line::TrackId)).equals((Track::Table, Track::Id)))
        .and_where(Expr::col((Track::Table, Track::Length)).gt(least))
        .and_where(Expr::col((Artist::Table, Artist::Name)).eq(name))
        .order_by((Artist::Table, Artist::Name), Order::Asc)
        .order_by((Line::Table, Line::Quantity), Order::Desc)
        .limit(20)
        .build(PostgresQueryBuilder)
}

const ROWS: i64 = 100;

fn orm_insert(dialect: &dyn Dialect) -> Compiled {
    let rows: Vec<Line> = (1..=ROWS).map(|n| Line { id: n, track_id: n * 2, quantity: n * 3 }).collect();
    let statement = insert(Line).values(rows).into_statement();
    dialect.compile(&statement).expect("a statement of the database's")
}

fn sea_insert() -> (String, Values) {
    use sea::Line;
    let mut insert = Query::insert();
    insert.into_table(Line::Table).columns([Line::Id, Line::TrackId, Line::Quantity]);
    for n in 1..=ROWS {
        insert.values_panic([Expr::val(n), Expr::val(n * 2), Expr::val(n * 3)]);
    }
    insert.build(SqliteQueryBuilder)
}

/// Nothing is measured but like beside like.
fn assert_alike() {
    let plain = |sql: &str| sql.replace('"', "").replace("INNER JOIN", "JOIN").replace(" ASC", "");
    let dialect = dialect();
    assert_eq!(plain(&orm_point(&dialect, 1).sql), plain(&sea_point(1).0));
    assert_eq!(plain(&orm_join(&dialect, 1, "x").sql), plain(&sea_join(1, "x").0));
    assert_eq!(plain(&orm_insert(&Sqlite).sql), plain(&sea_insert().0));
}

#[divan::bench]
fn point_select_orm(bencher: Bencher<'_, '_>) {
    let dialect = dialect();
    bencher.bench(|| orm_point(&dialect, black_box(7)));
}

#[divan::bench]
fn point_select_sea_query(bencher: Bencher<'_, '_>) {
    bencher.bench(|| sea_point(black_box(7)));
}

#[divan::bench]
fn five_way_join_orm(bencher: Bencher<'_, '_>) {
    let dialect = dialect();
    bencher.bench(|| orm_join(&dialect, black_box(7), black_box("AC/DC")));
}

#[divan::bench]
fn five_way_join_sea_query(bencher: Bencher<'_, '_>) {
    bencher.bench(|| sea_join(black_box(7), black_box("AC/DC")));
}

#[divan::bench]
fn insert_100_rows_orm(bencher: Bencher<'_, '_>) {
    bencher.bench(|| orm_insert(&Sqlite));
}

/// PostgreSQL takes the values column by column, as three arrays.
#[divan::bench]
fn insert_100_rows_orm_as_arrays(bencher: Bencher<'_, '_>) {
    let dialect = dialect();
    bencher.bench(|| orm_insert(&dialect));
}

#[divan::bench]
fn insert_100_rows_sea_query(bencher: Bencher<'_, '_>) {
    bencher.bench(sea_insert);
}
