use crate::{SqlType, Value};

/// The primary key of a mapped struct in Rust: a value, or a tuple of values where the key has several columns.
pub trait EntityKey: Send + 'static {
    /// The values, in the order of the key's columns.
    fn into_values(self) -> Vec<Value>;

    /// The value of a key of one column; `None` for a key of several.
    fn to_single(&self) -> Option<Value> {
        None
    }
}

impl<T: SqlType> EntityKey for T {
    fn into_values(self) -> Vec<Value> {
        vec![self.to_value()]
    }

    fn to_single(&self) -> Option<Value> {
        Some(self.to_value())
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),*))*) => { $(
        impl<$($name: SqlType),*> EntityKey for ($($name,)*) {
            fn into_values(self) -> Vec<Value> {
                vec![$(self.$index.to_value()),*]
            }
        }
    )* };
}

tuples! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
}

/// What may be given where a key is asked for: the key itself, or `&str` for a `String`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key of this table",
    label = "the primary key is of type `{K}`"
)]
pub trait IntoKey<K> {
    /// The key.
    fn into_key(self) -> K;
}

impl<K: EntityKey> IntoKey<K> for K {
    fn into_key(self) -> K {
        self
    }
}

impl IntoKey<String> for &str {
    fn into_key(self) -> String {
        self.to_owned()
    }
}
