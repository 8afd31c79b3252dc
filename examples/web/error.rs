//! Which error has which status.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use orm::IntegrityKind;

/// An error of the library on its way out.
#[derive(Debug)]
pub struct Failure(orm::Error);

impl From<orm::Error> for Failure {
    fn from(error: orm::Error) -> Self {
        Failure(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        use orm::Error;
        let (status, message) = match &self.0 {
            Error::NoResultFound { .. } => (StatusCode::NOT_FOUND, "there is no such thing".to_owned()),
            // The database's own words name the constraint; the statement and its values are not for the client.
            Error::Integrity { kind: IntegrityKind::Unique, message, .. } => {
                (StatusCode::CONFLICT, message.to_string())
            }
            Error::Integrity { message, .. } => (StatusCode::UNPROCESSABLE_ENTITY, message.to_string()),
            Error::Timeout { .. } | Error::Serialization { .. } | Error::Connection { .. } => {
                (StatusCode::SERVICE_UNAVAILABLE, "try again later".to_owned())
            }
            error => {
                tracing::error!(%error);
                (StatusCode::INTERNAL_SERVER_ERROR, "something went wrong".to_owned())
            }
        };
        (status, Json(serde_json::json!({ "error": message }))).into_response()
    }
}
