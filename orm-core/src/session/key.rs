use std::cmp::Ordering;
use std::fmt;

use orm_query::Value;
use uuid::Uuid;

/// A primary key, or the value of a foreign key, as the identity map looks it up.
///
/// Integers of every width are one kind, so that a key meets a foreign key of another width.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Int(i64),
    Text(Box<str>),
    Uuid(Uuid),
    /// Any other type, or several columns.
    Other(Box<[Value]>),
}

impl Key {
    /// The key of these values; `None` where one of them is NULL.
    pub(crate) fn new(mut values: Vec<Value>) -> Option<Key> {
        if values.iter().any(Value::is_null) || values.is_empty() {
            return None;
        }
        if values.len() > 1 {
            for value in &mut values {
                *value = widen(std::mem::replace(value, Value::Null));
            }
            return Some(Key::Other(values.into()));
        }
        Key::of(values.remove(0))
    }

    /// The key of one value; `None` where it is NULL.
    pub(crate) fn of(value: Value) -> Option<Key> {
        Some(match widen(value) {
            Value::Null => return None,
            Value::I64(v) => Key::Int(v),
            Value::Text(v) => Key::Text(v.into()),
            Value::Uuid(v) => Key::Uuid(v),
            other => Key::Other(Box::new([other])),
        })
    }
}

fn widen(value: Value) -> Value {
    match value {
        Value::I16(v) => Value::I64(v.into()),
        Value::I32(v) => Value::I64(v.into()),
        Value::Decimal(v) => Value::Decimal(v.normalize()),
        other => other,
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Some order in which keys of one table stand, the same in every session.
impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Key::Int(a), Key::Int(b)) => a.cmp(b),
            (Key::Text(a), Key::Text(b)) => a.cmp(b),
            (Key::Uuid(a), Key::Uuid(b)) => a.cmp(b),
            (Key::Other(a), Key::Other(b)) => {
                let part = |value: &Value| Key::new(vec![value.clone()]);
                let parts = |values: &[Value]| values.iter().map(part).collect::<Vec<_>>();
                match (&**a, &**b) {
                    ([a], [b]) => format!("{a:?}").cmp(&format!("{b:?}")),
                    (a, b) => parts(a).cmp(&parts(b)),
                }
            }
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }
}

impl Key {
    fn rank(&self) -> u8 {
        match self {
            Key::Int(_) => 0,
            Key::Text(_) => 1,
            Key::Uuid(_) => 2,
            Key::Other(_) => 3,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Int(v) => v.fmt(f),
            Key::Text(v) => write!(f, "{v:?}"),
            Key::Uuid(v) => v.fmt(f),
            Key::Other(values) => write!(f, "{values:?}"),
        }
    }
}
