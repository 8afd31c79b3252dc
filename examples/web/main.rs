//! A small web service: authors and their books, JSON in and out, one session for each request.
//!
//! `cargo run --example web`, and then
//!
//! ```sh
//! curl -i localhost:3000/authors --json '{"name": "Tove Jansson", "books": [{"title": "Comet in Moominland"}]}'
//! curl -i localhost:3000/authors
//! ```
//!
//! [`model`] has the two tables, [`routes`] the handlers, and [`error`] says which error has which status.

// The structs are public as they would be in a library.
#![allow(unreachable_pub)]

mod error;
mod model;
mod routes;

use orm::prelude::*;

use model::{Author, Book};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::new("sqlite::memory:")?;
    metadata![Author, Book].create_all(&engine).await?;

    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 3000)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, routes::router(engine)).await?;
    Ok(())
}
