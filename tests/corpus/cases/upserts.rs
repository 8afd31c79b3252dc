use orm::functions::concat;
use orm::literal;
use orm::prelude::*;

use crate::case::Case;
use crate::schema::{Keyword, User};

/// Where it is any, by `ON DUPLICATE KEY UPDATE`.
const ANY: &[&str] = &["mysql", "mariadb"];

pub(crate) fn cases() -> Vec<Case> {
    let word = || insert(Keyword).set(Keyword::id, 1).set(Keyword::word, "new");
    let user = || insert(User).set(User::id, 1).set(User::name, "up").set(User::age, 9);
    let words = || insert(Keyword).rows((Keyword::id, Keyword::word), [(1, "n1"), (60, "n2")]);
    let crossed = concat(literal("x".to_owned()), Keyword::word);
    vec![
        Case::new("upsert_do_nothing", word().on_any_conflict().do_nothing()),
        Case::new("upsert_do_nothing_target", word().on_conflict(Keyword::id).do_nothing()),
        Case::new(
            "upsert_update_excluded",
            user().on_conflict(User::id).do_update(|row| {
                row.set(User::name, excluded(User::name)).set(User::age, excluded(User::age))
            }),
        ),
        Case::new(
            "upsert_update_where",
            user().on_conflict(User::id).do_update(|row| row.set(User::age, 1).filter(User::age.gt(100))),
        ),
        Case::new(
            "upsert_partial_index_target",
            word()
                .on_conflict(Keyword::word)
                .index_where(Keyword::id.gt(0))
                .do_update(|row| row.set(Keyword::id, 5)),
        ),
        Case::new(
            "upsert_returning",
            user()
                .on_conflict(User::id)
                .do_update(|row| row.set(User::age, 2))
                .returning((User::id, User::age)),
        ),
        Case::new("upsert_multi_values", words().on_any_conflict().do_nothing())
            .on(ANY, words().on_any_conflict().do_update(|row| row.set(Keyword::word, crossed))),
    ]
}
