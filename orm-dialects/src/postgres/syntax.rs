use orm_query::{Bind, DataType, Dialect, Features};

use super::{Postgres, types};
use crate::syntax::{Place, Result, Syntax, Writer};

mod reserved;

impl Syntax for Postgres {
    fn name(&self) -> &'static str {
        Dialect::name(self)
    }

    fn features(&self) -> &Features {
        Dialect::features(self)
    }

    fn is_reserved(&self, word: &str) -> bool {
        reserved::WORDS.binary_search(&word).is_ok()
    }

    fn fits(&self, bind: &Bind, place: Place) -> Result {
        types::fits(bind, place)
    }

    fn data_type(&self, w: &mut Writer, data_type: &DataType) -> Result {
        types::declared(self, w, data_type)
    }

    fn placeholder(&self, w: &mut Writer) {
        w.push(&format!("${}", w.binds().len()));
    }
}
