use orm_query::{Bind, DataType, Dialect, Features};

use super::MySql;
use crate::syntax::{Place, Result, Syntax, Writer};

impl Syntax for MySql {
    fn name(&self) -> &'static str {
        Dialect::name(self)
    }

    fn features(&self) -> &Features {
        Dialect::features(self)
    }

    fn is_reserved(&self, _: &str) -> bool {
        true
    }

    fn fits(&self, _: &Bind, _: Place) -> Result {
        Ok(())
    }

    fn data_type(&self, w: &mut Writer, data_type: &DataType) -> Result {
        w.push(&data_type.to_string());
        Ok(())
    }
}
