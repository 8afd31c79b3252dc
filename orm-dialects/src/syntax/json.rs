use orm_query::tree::{JsonPart, JsonStep};

use super::{Result, Syntax, Writer, unsupported};

/// A part of a JSON document, of which standard SQL has another idea than most databases.
///
/// # Errors
/// Always.
pub fn json<S: Syntax + ?Sized>(s: &S, _: &mut Writer, _: &JsonPart) -> Result {
    Err(unsupported(s, "access to parts of JSON", Some("read the document, and take it apart in Rust")))
}

/// The path as SQL/JSON has it: `$."key"[0]`.
#[must_use]
pub fn json_path(steps: &[JsonStep]) -> String {
    let mut path = String::from("$");
    for step in steps {
        match step {
            JsonStep::Key(key) => {
                path.push('.');
                // A key between quotes is written as a JSON text is.
                path.push_str(&serde_json::Value::String(key.clone()).to_string());
            }
            JsonStep::Index(index) => {
                path.push_str(&format!("[{index}]"));
            }
        }
    }
    path
}
