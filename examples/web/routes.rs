//! The handlers: each takes a session of its own, and a session that is dropped without a commit rolls back.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use orm::prelude::*;
use serde::Deserialize;

use super::error::Failure;
use super::model::{Author, Book};

type Answer<T> = Result<T, Failure>;

/// The whole service over a database.
pub fn router(engine: Engine) -> Router {
    Router::new()
        .route("/authors", get(list).post(create))
        .route("/authors/{id}", get(read).patch(rename).delete(remove))
        .route("/authors/{id}/books", post(add_book))
        .route("/books/{id}", patch(change_book).delete(remove_book))
        .with_state(engine)
}

/// `GET /authors`: all of them with their books, by two SELECTs.
async fn list(State(engine): State<Engine>) -> Answer<Json<Vec<Author>>> {
    let mut session = Session::new(&engine);
    let query = select(Author).options(selectin(Author::books)).order_by(Author::id);
    let authors = session.all(query).await?;
    Ok(Json(authors.into_iter().map(|author| session.detach(author)).collect()))
}

/// `POST /authors`: one, together with any books that it brings.
async fn create(
    State(engine): State<Engine>,
    Json(author): Json<Author>,
) -> Answer<(StatusCode, Json<Author>)> {
    let mut session = Session::new(&engine);
    let author = session.add(author);
    session.commit().await?;
    Ok((StatusCode::CREATED, Json(with_books(&mut session, author).await?)))
}

/// `GET /authors/1`
async fn read(State(engine): State<Engine>, Path(id): Path<i64>) -> Answer<Json<Author>> {
    let mut session = Session::new(&engine);
    let author = session.get_one(Author, id).await?;
    Ok(Json(with_books(&mut session, author).await?))
}

#[derive(Deserialize)]
struct Renamed {
    name: String,
}

/// `PATCH /authors/1`
async fn rename(
    State(engine): State<Engine>,
    Path(id): Path<i64>,
    Json(change): Json<Renamed>,
) -> Answer<Json<Author>> {
    let mut session = Session::new(&engine);
    let author = session.get_one(Author, id).await?;
    session[author].name = change.name;
    session.commit().await?;
    Ok(Json(with_books(&mut session, author).await?))
}

/// `DELETE /authors/1`: the books go with their author, by the cascade of the relationship.
async fn remove(State(engine): State<Engine>, Path(id): Path<i64>) -> Answer<StatusCode> {
    let mut session = Session::new(&engine);
    let author = session.get_one(Author, id).await?;
    session.delete(author);
    session.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /authors/1/books`
async fn add_book(
    State(engine): State<Engine>,
    Path(id): Path<i64>,
    Json(book): Json<Book>,
) -> Answer<(StatusCode, Json<Book>)> {
    let mut session = Session::new(&engine);
    let author = session.get_one(Author, id).await?;
    let book = session.append(author, Author::books, book);
    session.commit().await?;
    Ok((StatusCode::CREATED, Json(session.detach(book))))
}

/// What of a book is to change; what is left out stays.
#[derive(Deserialize)]
struct BookChange {
    title: Option<String>,
    year: Option<i32>,
    author_id: Option<i64>,
}

/// `PATCH /books/1`: also moves it to another author, who must be there: the foreign key sees to it.
async fn change_book(
    State(engine): State<Engine>,
    Path(id): Path<i64>,
    Json(change): Json<BookChange>,
) -> Answer<Json<Book>> {
    let mut session = Session::new(&engine);
    let handle = session.get_one(Book, id).await?;
    let book = &mut session[handle];
    if let Some(title) = change.title {
        book.title = title;
    }
    if change.year.is_some() {
        book.year = change.year;
    }
    if let Some(author) = change.author_id {
        book.author_id = author;
    }
    session.commit().await?;
    Ok(Json(session.detach(handle)))
}

/// `DELETE /books/1`
async fn remove_book(State(engine): State<Engine>, Path(id): Path<i64>) -> Answer<StatusCode> {
    let mut session = Session::new(&engine);
    let book = session.get_one(Book, id).await?;
    session.delete(book);
    session.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The author as an owned tree.
async fn with_books(session: &mut Session, author: Handle<Author>) -> orm::Result<Author> {
    session.load(author, Author::books).await?;
    Ok(session.detach(author))
}
