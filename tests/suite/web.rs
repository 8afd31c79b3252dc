//! `examples/web`, over HTTP on a port of its own.

#[allow(unreachable_pub)]
#[path = "../../examples/web/error.rs"]
mod error;
#[allow(unreachable_pub)]
#[path = "../../examples/web/model.rs"]
mod model;
#[allow(unreachable_pub)]
#[path = "../../examples/web/routes.rs"]
mod routes;

use std::net::SocketAddr;

use orm::prelude::*;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use model::{Author, Book};

/// The service, running.
struct Service {
    address: SocketAddr,
}

impl Service {
    async fn start() -> Self {
        let engine = Engine::new("sqlite::memory:").unwrap();
        metadata![Author, Book].create_all(&engine).await.unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, routes::router(engine)).await });
        Service { address }
    }

    /// Sends a request; the status and the JSON of the answer, null where it has no body.
    async fn send(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();

        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        // What axum itself refuses, it refuses in plain text.
        let plain = || Value::String(body.to_owned());
        let json = if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(body).unwrap_or_else(|_| plain())
        };
        (status, json)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, Value::Null).await
    }

    async fn delete(&self, path: &str) -> (u16, Value) {
        self.send("DELETE", path, Value::Null).await
    }
}

fn tove(books: Value) -> Value {
    json!({ "id": 1, "name": "Tove Jansson", "books": books })
}

fn comet() -> Value {
    json!({ "id": 1, "title": "Comet in Moominland", "year": 1946, "author_id": 1 })
}

fn winter() -> Value {
    json!({ "id": 2, "title": "Moominland Midwinter", "year": null, "author_id": 1 })
}

/// A service with one author and two books.
async fn with_tove() -> Service {
    let service = Service::start().await;
    let books = json!([
        { "title": "Comet in Moominland", "year": 1946 },
        { "title": "Moominland Midwinter" },
    ]);
    let created = service.send("POST", "/authors", json!({ "name": "Tove Jansson", "books": books })).await;
    assert_eq!(created, (201, tove(json!([comet(), winter()]))));
    service
}

#[tokio::test]
async fn a_tree_is_created_listed_and_read() {
    let service = with_tove().await;
    let created = service.send("POST", "/authors", json!({ "name": "Astrid Lindgren" })).await;
    let astrid = json!({ "id": 2, "name": "Astrid Lindgren", "books": [] });
    assert_eq!(created, (201, astrid.clone()));
    assert_eq!(service.get("/authors").await, (200, json!([tove(json!([comet(), winter()])), astrid])));
    assert_eq!(service.get("/authors/1").await, (200, tove(json!([comet(), winter()]))));
}

#[tokio::test]
async fn authors_and_books_are_updated() {
    let service = with_tove().await;
    let renamed = service.send("PATCH", "/authors/1", json!({ "name": "Tove Marika Jansson" })).await;
    assert_eq!(renamed.0, 200);
    assert_eq!(renamed.1["name"], "Tove Marika Jansson");
    assert_eq!(service.get("/authors/1").await, renamed);

    let changed = service.send("PATCH", "/books/2", json!({ "year": 1957 })).await;
    let with_year = json!({ "id": 2, "title": "Moominland Midwinter", "year": 1957, "author_id": 1 });
    assert_eq!(changed, (200, with_year));

    service.send("POST", "/authors", json!({ "name": "Astrid Lindgren" })).await;
    let moved = service.send("PATCH", "/books/1", json!({ "author_id": 2 })).await;
    assert_eq!(moved.1["author_id"], 2);
    assert_eq!(service.get("/authors/1").await.1["books"].as_array().unwrap().len(), 1);
    assert_eq!(service.get("/authors/2").await.1["books"], json!([moved.1]));
}

#[tokio::test]
async fn books_are_added_and_deleted_and_go_with_their_author() {
    let service = with_tove().await;
    let added = service.send("POST", "/authors/1/books", json!({ "title": "Tales", "year": 1962 })).await;
    assert_eq!(added, (201, json!({ "id": 3, "title": "Tales", "year": 1962, "author_id": 1 })));

    assert_eq!(service.delete("/books/3").await, (204, Value::Null));
    assert_eq!(service.get("/authors/1").await, (200, tove(json!([comet(), winter()]))));

    assert_eq!(service.delete("/authors/1").await, (204, Value::Null));
    assert_eq!(service.get("/authors").await, (200, json!([])));
    assert_eq!(service.delete("/books/1").await.0, 404, "it went with its author");
}

#[tokio::test]
async fn errors_have_their_status_and_change_nothing() {
    let service = with_tove().await;
    for (method, path, body) in [
        ("GET", "/authors/9", Value::Null),
        ("PATCH", "/authors/9", json!({ "name": "Nobody" })),
        ("DELETE", "/authors/9", Value::Null),
        ("POST", "/authors/9/books", json!({ "title": "Nothing" })),
        ("PATCH", "/books/9", json!({ "title": "Nothing" })),
        ("DELETE", "/books/9", Value::Null),
    ] {
        let (status, answer) = service.send(method, path, body).await;
        assert_eq!(
            (status, &answer),
            (404, &json!({ "error": "there is no such thing" })),
            "{method} {path}"
        );
    }

    let twice = json!({ "name": "Tove Jansson", "books": [{ "title": "Half a tree" }] });
    let (status, answer) = service.send("POST", "/authors", twice).await;
    assert_eq!(status, 409);
    assert!(answer["error"].as_str().unwrap().contains("author.name"), "{answer}");

    assert_eq!(service.send("POST", "/authors", json!({ "name": "" })).await.0, 422, "CHECK");
    assert_eq!(service.send("PATCH", "/books/1", json!({ "author_id": 9 })).await.0, 422, "FOREIGN KEY");
    assert_eq!(service.send("POST", "/authors", json!({})).await.0, 422, "axum: no name");

    assert_eq!(service.get("/authors").await, (200, json!([tove(json!([comet(), winter()]))])));
}

#[tokio::test]
async fn requests_at_the_same_time_have_sessions_of_their_own() {
    let service = with_tove().await;
    let names: Vec<String> = (0..20).map(|n| format!("Author {n}")).collect();
    let requests = names.iter().map(|name| service.send("POST", "/authors", json!({ "name": name })));
    let answers = futures_util::future::join_all(requests).await;
    assert!(answers.iter().all(|(status, _)| *status == 201), "{answers:?}");
    assert_eq!(service.get("/authors").await.1.as_array().unwrap().len(), 21);
}
