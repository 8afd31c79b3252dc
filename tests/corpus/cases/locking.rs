use orm::prelude::*;

use crate::case::Case;
use crate::schema::{Order, User};

pub(crate) fn cases() -> Vec<Case> {
    let one = || select(User::id).filter(User::id.eq(1));
    vec![
        Case::new("for_update_skip_locked", one().for_update().skip_locked()),
        Case::new(
            "for_update_of_table",
            select((User::id, Order::id)).join_on(Order, User::id.eq(Order::user_id)).for_update().of(User),
        ),
        Case::new("for_share", one().for_share()),
        Case::new("for_share_skip_locked", one().for_share().skip_locked()),
        Case::new("for_no_key_update", one().for_no_key_update()),
        Case::new("for_key_share", one().for_key_share()),
        Case::new("for_update_with_limit", one().order_by(User::id).limit(1).for_update().skip_locked()),
    ]
}
