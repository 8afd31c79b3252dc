//! Functions in FROM.

use orm::prelude::*;

use crate::case::Case;

/// The name that is made up where none is said.
#[derive(Record)]
#[record(name = "anon_1")]
struct Series {
    n: i32,
}

#[derive(Record)]
struct G {
    g: i32,
}

#[derive(Record)]
#[record(name = "anon_1")]
struct Numbered {
    v: String,
    pos: i64,
}

#[derive(Record)]
struct X {
    x: i32,
}

#[derive(Record)]
struct Je {
    value: String,
}

pub(crate) fn cases() -> Vec<Case> {
    let series = || func("generate_series", (1, 3));
    let g = series().table(G).own_columns();
    let numbered = func("unnest", (orm::array(["x", "y"]),)).table(Numbered).with_ordinality();
    let x = func("unnest", (orm::array([1, 2]),)).table(X).own_columns();
    let elements = func("json_each", (r#"["one", "two"]"#,)).table(Je).own_columns();
    vec![
        Case::only("func_as_table", &["postgresql"], select(g.column()).select_from(g)),
        Case::new("func_table_valued", select(Series::n).select_from(series().table(Series))),
        Case::new(
            "func_table_valued_with_ordinality",
            select((Numbered::v, Numbered::pos)).select_from(numbered),
        ),
        Case::new("func_column_valued", select(x.column()).select_from(x)),
        Case::new(
            "func_scalar_table_valued",
            select(
                func("json_each", (orm::literal(serde_json::json!({ "a": 1 })).cast::<serde_json::Value>(),))
                    .field::<String>("key"),
            ),
        ),
        Case::only("func_json_each_sqlite", &["sqlite"], select(Je::value).select_from(elements)),
    ]
}
