use orm::options::{mssql, mysql, oracle, postgres};
use orm::schema::{IndexColumn, IndexDef};
use orm::tree::{CreateIndex, Ddl, DropIndex, NullsOrder, Statement};

use crate::case::Case;
use crate::ddl::{ddl, names, on};

const POSTGRES: &[&str] = &["postgresql"];
const MYSQL: &[&str] = &["mysql", "mariadb"];

fn a() -> IndexColumn {
    IndexColumn::new("a".into())
}

fn b() -> IndexColumn {
    IndexColumn::new("b".into())
}

fn index(name: &'static str, columns: impl IntoIterator<Item = IndexColumn>) -> IndexDef {
    IndexDef::new(Some(name.into()), columns.into_iter().collect(), false)
}

fn create(index: IndexDef) -> Vec<Statement> {
    ddl([Ddl::CreateIndex(CreateIndex { table: on("t"), index, if_not_exists: false })])
}

fn unique(mut index: IndexDef) -> IndexDef {
    index.unique = true;
    index
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("ddl_index", create(index("ix_a", [a()]))),
        Case::new("ddl_index_unique_multi", create(unique(index("ix_ab", [a(), b()])))),
        Case::new("ddl_index_desc", create(index("ix_desc", [b().descending()]))),
        Case::only(
            "ddl_index_nulls_last",
            POSTGRES,
            create(index("ix_nl", [b().descending().nulls(NullsOrder::Last)])),
        ),
        Case::new(
            "ddl_index_text_expression",
            create(index("ix_text", [IndexColumn::expression("lower(a)".into())])),
        ),
        Case::new("ddl_index_partial", create(index("ix_part", [a()]).filter_if_possible("b > 5"))),
        Case::new(
            "ddl_index_if_not_exists",
            ddl([Ddl::CreateIndex(CreateIndex {
                table: on("t"),
                index: index("ix_ine", [a()]),
                if_not_exists: true,
            })]),
        ),
        Case::new("ddl_index_quoted", create(index("IX Quoted", [IndexColumn::new("Mixed".into())]))),
        Case::only(
            "ddl_index_pg_using_ops",
            POSTGRES,
            create(
                index("ix_gin", [IndexColumn::new("j".into()).operator_class("jsonb_path_ops")])
                    .method("gin"),
            ),
        ),
        Case::only(
            "ddl_index_pg_concurrently",
            POSTGRES,
            create(index("ix_conc", [a()]).option(postgres::concurrently())),
        ),
        Case::only(
            "ddl_index_pg_nulls_not_distinct",
            POSTGRES,
            create(unique(index("ix_nnd", [a()])).nulls_not_distinct()),
        ),
        Case::only(
            "ddl_index_mysql_length_prefix",
            MYSQL,
            create(index("ix_len", [a().length(10)]).method("fulltext").option(mysql::parser("ngram"))),
        ),
        Case::only(
            "ddl_index_mysql_using",
            MYSQL,
            create(index("ix_hash", [b()]).option(mysql::using("hash"))),
        ),
        Case::only("ddl_index_mssql_clustered_include", &["mssql"], {
            let mut clustered = index("ix_cl", [a()]).option(mssql::clustered());
            clustered.include = names(&["b"]);
            create(clustered)
        }),
        Case::only(
            "ddl_index_oracle_bitmap_compress",
            &["oracle"],
            create(index("ix_bm", [a()]).option(oracle::bitmap()).option(oracle::compress())),
        ),
        Case::new(
            "ddl_drop_index",
            ddl([Ddl::DropIndex(DropIndex {
                table: on("t"),
                name: "ix_drop".into(),
                if_exists: false,
                options: Default::default(),
            })]),
        ),
    ]
}
