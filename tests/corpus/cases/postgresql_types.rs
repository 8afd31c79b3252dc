use chrono::NaiveDate;
use orm::prelude::*;
use orm::{Hstore, Jsonb, Range, literal, to_tsquery, ts_rank};
use serde_json::json;

use crate::case::Case;
use crate::schema::{Doc, Status, User};

const POSTGRES: &[&str] = &["postgresql"];

pub(crate) fn cases() -> Vec<Case> {
    let ids = || select(Doc::id);
    let day = |month, day| NaiveDate::from_ymd_opt(2024, month, day).unwrap_or_default();
    let extra: Hstore = [("x".to_owned(), "1".to_owned())].into_iter().collect();
    let dog = || to_tsquery("english", "dog");
    let spring = Range::from(day(1, 15)..day(3, 1));
    let length = func("array_length", (Doc::tags, 1)).returns::<Option<i32>>();
    let cardinality = func("cardinality", (Doc::tags,)).returns::<Option<i32>>();
    let bound = |name: &'static str| func(name, (Doc::span,)).returns::<Option<i32>>();
    let is_empty = func("isempty", (Doc::span,)).returns::<Option<bool>>();
    vec![
        Case::only("array_slice", POSTGRES, select(Doc::scores.slice(1, 2)).order_by(Doc::id)),
        Case::only("array_index_two_dims", POSTGRES, select(Doc::grid.at((2, 1))).order_by(Doc::id)),
        Case::only("array_any", POSTGRES, ids().filter(literal("red".to_owned()).eq(any_(Doc::tags)))),
        Case::only("array_eq_any", POSTGRES, ids().filter(literal("red".to_owned()).eq(any_(Doc::tags)))),
        Case::only("array_contains", POSTGRES, ids().filter(Doc::tags.contains(["red"]))),
        Case::only(
            "array_contained_by",
            POSTGRES,
            ids().filter(Doc::tags.contained_by(["red", "blue", "x"])).order_by(Doc::id),
        ),
        Case::only("array_overlap", POSTGRES, ids().filter(Doc::scores.overlaps([3, 7])).order_by(Doc::id)),
        Case::only("array_compare", POSTGRES, ids().filter(Doc::scores.eq([7]))),
        Case::only("array_empty_typed", POSTGRES, select(array(Vec::<i32>::new()))),
        Case::only("array_length", POSTGRES, select((length, cardinality)).order_by(Doc::id)),
        Case::only(
            "array_agg",
            POSTGRES,
            select(func("array_agg", (User::id,)).returns::<Option<Vec<i32>>>()).filter(User::id.lt(3)),
        ),
        Case::only("jsonb_index_text", POSTGRES, select(Doc::data.json("name").as_text()).order_by(Doc::id)),
        Case::only(
            "jsonb_path_text",
            POSTGRES,
            select(Doc::data.json_path(["a", "b", "1"]).as_text()).order_by(Doc::id),
        ),
        Case::only("jsonb_contains", POSTGRES, ids().filter(Doc::data.contains(json!({"name": "one"})))),
        Case::only(
            "jsonb_contained_by",
            POSTGRES,
            ids().filter(Doc::data.contained_by(json!({"name": "two", "a": null, "n": 5, "z": 1}))),
        ),
        Case::only("jsonb_has_key", POSTGRES, ids().filter(Doc::data.has_key("n"))),
        Case::only(
            "jsonb_has_any",
            POSTGRES,
            ids().filter(Doc::data.has_any(array(["n", "tags"]))).order_by(Doc::id),
        ),
        Case::only(
            "jsonb_has_all",
            POSTGRES,
            ids().filter(Doc::data.has_all(array(["a", "name"]))).order_by(Doc::id),
        ),
        Case::only(
            "jsonb_concat",
            POSTGRES,
            select(Doc::data.concat(Jsonb(json!({"extra": 1})))).order_by(Doc::id),
        ),
        Case::only("jsonb_delete_key", POSTGRES, select(Doc::data.delete_key("a")).order_by(Doc::id)),
        Case::only(
            "jsonb_delete_path",
            POSTGRES,
            select(Doc::data.delete_path(array(["a", "b"]).cast::<Vec<String>>())).order_by(Doc::id),
        ),
        Case::only("jsonb_path_exists", POSTGRES, ids().filter(Doc::data.path_exists("$.n"))),
        Case::only("jsonb_path_match", POSTGRES, ids().filter(Doc::data.path_match("$.n == 5"))),
        Case::only(
            "jsonb_cast_astext",
            POSTGRES,
            select(Doc::data.json("n").as_text().cast::<i32>()).order_by(Doc::id),
        ),
        Case::only("hstore_index", POSTGRES, select(Doc::props.value_of("k")).order_by(Doc::id)),
        Case::only("hstore_has_key", POSTGRES, ids().filter(Doc::props.has_key("k"))),
        Case::only(
            "hstore_defined_delete_keys_vals",
            POSTGRES,
            select((
                Doc::props.defined("k"),
                Doc::props.without("k"),
                Doc::props.keys(),
                Doc::props.values(),
            ))
            .order_by(Doc::id),
        ),
        Case::only(
            "hstore_slice_concat",
            POSTGRES,
            select((Doc::props.only(array(["k"])), Doc::props.concat(extra))).order_by(Doc::id),
        ),
        Case::only("range_contains_range", POSTGRES, ids().filter(Doc::span.contains(2..4))),
        Case::only(
            "range_contained_by",
            POSTGRES,
            ids().filter(Doc::span.contained_by(0..100)).order_by(Doc::id),
        ),
        Case::only("range_overlaps", POSTGRES, ids().filter(Doc::period.overlaps(spring)).order_by(Doc::id)),
        Case::only(
            "range_not_extend",
            POSTGRES,
            ids()
                .filter(Doc::span.not_extend_left_of(5..6).or(Doc::span.not_extend_right_of(5..15)))
                .order_by(Doc::id),
        ),
        Case::only("range_adjacent", POSTGRES, ids().filter(Doc::span.adjacent_to(20..30))),
        Case::only(
            "range_bounds_functions",
            POSTGRES,
            select((bound("lower"), bound("upper"), is_empty)).order_by(Doc::id),
        ),
        Case::only("multirange_contains", POSTGRES, ids().filter(Doc::spans.contains(6))),
        Case::only("fts_match", POSTGRES, ids().filter(Doc::vec.match_("fox"))),
        Case::only("fts_match_config", POSTGRES, ids().filter(Doc::body.match_in("english", "foxes"))),
        Case::only(
            "fts_to_tsquery_rank",
            POSTGRES,
            select((Doc::id, ts_rank(Doc::vec, dog()))).filter(Doc::vec.bool_op("@@", dog())),
        ),
        Case::only(
            "at_time_zone",
            POSTGRES,
            select(
                User::created_at.op("AT TIME ZONE", "UTC").returns::<Option<chrono::DateTime<chrono::Utc>>>(),
            )
            .filter(User::id.eq(1)),
        ),
        Case::only(
            "pg_only_modifier",
            POSTGRES,
            select(User::id).table_hint(User, "postgres", "ONLY").order_by(User::id),
        ),
        Case::only(
            "pg_ilike_any_array",
            POSTGRES,
            select(User::id).filter(User::name.ilike(any_(array(["A%", "B%"])))).order_by(User::id),
        ),
        Case::only(
            "pg_enum_cast",
            POSTGRES,
            select(User::id)
                .filter(User::status.eq(literal(Status::Active).cast::<Status>()))
                .order_by(User::id),
        ),
        Case::only(
            "array_update_slice",
            POSTGRES,
            update(Doc).set_slice(Doc::scores, 1, 2, vec![8, 9]).filter(Doc::id.eq(1)),
        ),
        Case::only(
            "jsonb_set_subscript",
            POSTGRES,
            update(Doc).set_key(Doc::data, "n", Jsonb(json!(6))).filter(Doc::id.eq(2)),
        ),
    ]
}
