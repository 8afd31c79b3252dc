use orm_query::schema::{Counter, SequenceDef};
use orm_query::tree::{CreateSequence, DropSequence};

use super::{Result, Syntax, Writer, qualified, unsupported};

/// `CREATE SEQUENCE [IF NOT EXISTS] name [START WITH …] …`
///
/// # Errors
/// Where the database has no sequences.
pub fn create_sequence<S: Syntax + ?Sized>(s: &S, w: &mut Writer, c: &CreateSequence) -> Result {
    if !s.features().sequences {
        return Err(unsupported(s, "CREATE SEQUENCE", None));
    }
    w.push("CREATE SEQUENCE ");
    if c.if_not_exists {
        w.push("IF NOT EXISTS ");
    }
    qualified(s, w, c.sequence.schema.as_deref(), &c.sequence.name)?;
    if c.sequence.counter != Counter::new() {
        w.push(" ");
        s.counter(w, &c.sequence.counter)?;
    }
    Ok(())
}

/// `DROP SEQUENCE [IF EXISTS] name`
///
/// # Errors
/// Where the database has no sequences.
pub fn drop_sequence<S: Syntax + ?Sized>(s: &S, w: &mut Writer, d: &DropSequence) -> Result {
    if !s.features().sequences {
        return Err(unsupported(s, "DROP SEQUENCE", None));
    }
    w.push("DROP SEQUENCE ");
    if d.if_exists {
        w.push("IF EXISTS ");
    }
    qualified(s, w, d.schema.as_deref(), &d.name)
}

/// `INCREMENT BY 1 START WITH 1 …`, what is set of it but for the order in a cluster, which is not in the standard.
///
/// # Errors
/// None; a dialect that has not all of it gives some.
pub fn counter(w: &mut Writer, counter: &Counter) -> Result {
    let numbers = [
        ("INCREMENT BY", counter.increment),
        ("START WITH", counter.start),
        ("MINVALUE", counter.min_value),
        ("MAXVALUE", counter.max_value),
    ];
    let mut words: Vec<String> =
        numbers.iter().filter_map(|(word, number)| Some(format!("{word} {}", (*number)?))).collect();
    if counter.no_min_value {
        words.push("NO MINVALUE".into());
    }
    if counter.no_max_value {
        words.push("NO MAXVALUE".into());
    }
    words.extend(counter.cache.map(|numbers| format!("CACHE {numbers}")));
    if counter.cycle {
        words.push("CYCLE".into());
    }
    w.push(&words.join(" "));
    Ok(())
}

/// `NEXT VALUE FOR name`
///
/// # Errors
/// Where a name cannot be an identifier.
pub fn next_value<S: Syntax + ?Sized>(s: &S, w: &mut Writer, sequence: &SequenceDef) -> Result {
    w.push("NEXT VALUE FOR ");
    qualified(s, w, sequence.schema.as_deref(), &sequence.name)
}
