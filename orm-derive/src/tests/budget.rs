use super::{mapped, pretty};

/// Generated code is compiled for each struct of each user: what is generic belongs into the library.
#[test]
fn five_columns_and_a_relationship_are_150_lines_at_most() {
    let input = r#"
        #[mapped(table = "address")]
        pub struct Address {
            #[column(primary_key)]
            pub id: i64,
            #[column(length = 100, unique)]
            pub email_address: String,
            pub note: Option<String>,
            #[column(default = Utc::now)]
            pub created: Auto<DateTime<Utc>>,
            #[column(foreign_key = User::id)]
            pub user_id: i64,
            #[relationship(back_populates = addresses)]
            pub user: One<User>,
        }
    "#;
    let lines = pretty(mapped(input)).lines().count();
    assert!(lines <= 150, "{lines} lines");
}
