use orm::DataType;
use orm::functions::{length, lower, upper};
use orm::prelude::*;

use crate::case::Case;
use crate::schema::User;

pub(crate) fn cases() -> Vec<Case> {
    let ids = || select(User::id);
    vec![
        Case::new("like", ids().filter(User::name.like("%a%"))),
        Case::new("not_like", ids().filter(User::name.not_like("%a%"))),
        Case::new("like_escape", ids().filter(User::name.like_escape("%!%", '!'))),
        Case::new("ilike", ids().filter(User::name.ilike("E%"))),
        Case::new("not_ilike", ids().filter(User::name.not_ilike("E%"))),
        Case::new("startswith", ids().filter(User::name.starts_with("da"))),
        Case::new("endswith", ids().filter(User::name.ends_with("e"))),
        Case::new("contains", ids().filter(User::name.contains("o"))),
        Case::new("not_contains", ids().filter(!User::name.contains("o"))),
        Case::new("contains_autoescape", ids().filter(User::name.contains("_100%"))),
        Case::new(
            "startswith_autoescape_custom_escape",
            ids().filter(User::name.starts_with_escape("dave_1#", '#')),
        ),
        Case::new("endswith_column", ids().filter(User::email.ends_with(User::name))),
        Case::new("contains_column_expression", ids().filter(User::email.contains(lower(User::name)))),
        Case::new("istartswith", ids().filter(User::name.istarts_with("E"))),
        Case::new("iendswith_autoescape", ids().filter(User::name.iends_with("100%"))),
        Case::new("concat_method", select(User::name.concat("!").label("shout"))),
        Case::new(
            "concat_with_integer_cast",
            select(User::name.concat(User::id.cast_as::<String>(DataType::Varchar(10)))),
        ),
        Case::new("regexp_match_flags", ids().filter(User::name.regexp_flags("^e", "i"))),
        Case::new("regexp_replace", select(User::name.regexp_replace("[aeiou]", "*")).order_by(User::id)),
        Case::new(
            "regexp_replace_flags",
            select(User::name.regexp_replace_flags("[AEIOU]", "*", "i")).order_by(User::id),
        ),
        Case::new("match_full_text", ids().filter(User::fullname.match_("alice"))),
        Case::only("collate_in_where", &["sqlite"], ids().filter(User::name.collate("NOCASE").eq("EVE"))),
        Case::only(
            "collate_quoted_name",
            &["postgresql"],
            ids().order_by(User::name.collate("en-US-x-icu").desc()),
        ),
        Case::new(
            "length_upper_lower",
            select((length(User::name), upper(User::name), lower(User::name))).order_by(User::id),
        ),
    ]
}
