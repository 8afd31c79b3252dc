//! Texts by text keys.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

/// The value of an `HSTORE` column: a text, or NULL, for each key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Hstore(pub BTreeMap<String, Option<String>>);

impl Deref for Hstore {
    type Target = BTreeMap<String, Option<String>>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Hstore {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl<K: Into<String>, V: Into<Option<String>>> FromIterator<(K, V)> for Hstore {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Hstore(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}
