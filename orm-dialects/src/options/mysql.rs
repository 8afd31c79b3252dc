//! Options of MySQL's, which are MariaDB's too.

use super::options;

options! { "mysql";
    /// A table: `ENGINE=name`; else InnoDB.
    name engine;
    /// A table: `DEFAULT CHARSET=name`; else utf8mb4.
    name charset;
    /// A table: `COLLATE=name`.
    name collate;
    /// A table: `AUTO_INCREMENT=number`, the first one.
    number auto_increment;
    /// A table: `ROW_FORMAT=name`.
    name row_format;
    /// A table: `KEY_BLOCK_SIZE=number`.
    number key_block_size;
    /// A table: `PARTITION BY HASH (a)`.
    sql partition_by;
    /// A table: `PARTITIONS number`, behind `partition_by`.
    number partitions;
    /// A table: `SUBPARTITION BY HASH (a)`.
    sql subpartition_by;
    /// A table: `SUBPARTITIONS number`, behind `subpartition_by`.
    number subpartitions;
    /// A table: the partitions themselves, `PARTITION p0 VALUES LESS THAN (10), …`, without their parentheses.
    sql partition_definitions;
    /// An index: `USING btree`, `USING hash`.
    name using;
    /// An index of the kind `fulltext`: `WITH PARSER name`.
    name parser;
    /// A CHECK: `NOT ENFORCED`, of MySQL alone.
    flag not_enforced;
}
