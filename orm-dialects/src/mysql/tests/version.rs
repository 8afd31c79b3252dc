use super::*;

#[test]
fn a_server_says_what_it_is() {
    for (said, flavor, version) in [
        ("8.0.36", Flavor::MySql, (8, 0, 36)),
        ("8.4.3-commercial", Flavor::MySql, (8, 4, 3)),
        ("9.1.0", Flavor::MySql, (9, 1, 0)),
        ("10.11.6-MariaDB-0+deb12u1", Flavor::MariaDb, (10, 11, 6)),
        ("5.5.5-10.6.16-MariaDB-log", Flavor::MariaDb, (10, 6, 16)),
        ("8.0.11-TiDB-v7.5.1", Flavor::MySql, (8, 0, 11)),
        ("5.7.25-OceanBase seekdb-v1.4.0.0", Flavor::MySql, (8, 0, 19)),
        ("", Flavor::MySql, (0, 0, 0)),
    ] {
        let dialect = MySql::from_version_string(said);
        assert_eq!((dialect.flavor(), dialect.version()), (flavor, version), "{said}");
    }
}

#[test]
fn features_follow_the_version() {
    let features = |version: &str| MySql::from_version_string(version).features().clone();
    let (old, new) = (features("5.7.44"), features("8.0.36"));
    assert!(!old.check_constraints && !old.lateral && !old.insert_alias && !old.expression_indexes);
    assert!(new.check_constraints && new.lateral && new.insert_alias && new.expression_indexes);
    assert!(new.json_arrows && !new.insert_returning && !new.sequences && !new.index_if_not_exists);
    let mariadb = features("10.11.6-MariaDB");
    assert!(mariadb.insert_returning && mariadb.delete_returning && mariadb.sequences);
    assert!(!mariadb.update_returning && !mariadb.lateral && !mariadb.json_arrows);
    assert!(features("13.0.1-MariaDB").update_returning);
    assert!(!features("10.4.32-MariaDB").insert_returning);
}
