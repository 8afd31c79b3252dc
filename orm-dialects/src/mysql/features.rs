use orm_query::Features;

use super::{Flavor, Version};

/// What a version of MySQL or MariaDB can do.
pub(super) const fn features(_: Flavor, _: Version) -> Features {
    Features::standard()
}
