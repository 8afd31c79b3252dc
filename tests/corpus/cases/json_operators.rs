use orm::null;
use orm::prelude::*;
use serde_json::json;

use crate::case::Case;
use crate::schema::User;

pub(crate) fn cases() -> Vec<Case> {
    let profile = User::profile;
    let nested = ["nested", "x", "y"];
    vec![
        Case::new("json_index_key", select(profile.json("theme")).order_by(User::id)),
        Case::new("json_index_integer", select(profile.json("tags").json(0)).order_by(User::id)),
        Case::new("json_path", select(profile.json_path(nested)).order_by(User::id)),
        Case::new("json_as_string", select(profile.json("theme").as_text()).order_by(User::id)),
        Case::new("json_as_integer", select(profile.json("level").as_integer()).order_by(User::id)),
        Case::new("json_as_numeric", select(profile.json("score").as_numeric(10, 2)).order_by(User::id)),
        Case::new("json_as_json", select(profile.json_path(["nested", "x"]).as_json()).order_by(User::id)),
        Case::new("json_compare_string", select(User::id).filter(profile.json("theme").as_text().eq("dark"))),
        Case::new(
            "json_compare_integer",
            select(User::id).filter(profile.json("level").as_integer().ge(2)).order_by(User::id),
        ),
        Case::new("json_path_compare", select(User::id).filter(profile.json_path(nested).as_integer().eq(7))),
        Case::new("json_key_special_chars", select(profile.json("a\"b.c d")).order_by(User::id)),
        Case::new("json_is_sql_null", select(User::id).filter(profile.is_null()).order_by(User::id)),
        Case::new(
            "json_compare_json_null",
            select(User::id).filter(profile.json("theme").eq(serde_json::Value::Null)),
        ),
        Case::new(
            "json_insert_value",
            insert(User)
                .set(User::id, 60)
                .set(User::name, "j")
                .set(User::is_active, true)
                .set(User::profile, json!({"a": [1, 2, {"b": null}]})),
        ),
        Case::new(
            "json_insert_sql_null",
            insert(User)
                .set(User::id, 62)
                .set(User::name, "j")
                .set(User::is_active, true)
                .set(User::profile, null::<serde_json::Value>()),
        ),
        Case::new(
            "json_update_value",
            update(User).filter(User::id.eq(2)).set(User::profile, json!({"theme": "dark"})),
        ),
        Case::new(
            "json_order_by_extracted",
            select(User::id).order_by((profile.json("level").as_integer().desc(), User::id)),
        ),
    ]
}
