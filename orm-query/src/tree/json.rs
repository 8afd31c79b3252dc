use super::Expr;
use crate::DataType;

/// A part of a JSON document.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonPart {
    /// The document.
    pub document: Expr,
    /// Where the part is.
    pub path: JsonPath,
    /// As what it is taken; `None` for a document.
    pub scalar: Option<DataType>,
}

/// The way into a JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonPath {
    /// One step: `->`
    Step(JsonStep),
    /// Several at once: `#>`
    Steps(Vec<JsonStep>),
}

/// One step into a JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonStep {
    /// The member of an object.
    Key(String),
    /// The element of an array, from 0.
    Index(i32),
}

impl JsonPath {
    /// Its steps.
    pub fn steps(&self) -> &[JsonStep] {
        match self {
            JsonPath::Step(step) => std::slice::from_ref(step),
            JsonPath::Steps(steps) => steps,
        }
    }
}

impl From<&str> for JsonStep {
    fn from(key: &str) -> Self {
        JsonStep::Key(key.to_owned())
    }
}

impl From<String> for JsonStep {
    fn from(key: String) -> Self {
        JsonStep::Key(key)
    }
}

impl From<i32> for JsonStep {
    fn from(index: i32) -> Self {
        JsonStep::Index(index)
    }
}
