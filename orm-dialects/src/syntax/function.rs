use orm_query::CompileError;
use orm_query::tree::{
    Expr, Frame, FrameBound, FrameExclusion, FrameUnit, Function, NullTreatment, OrderBy, Window,
};

use super::{Level, Result, Syntax, Writer, condition, expr, invalid, is_plain, operand, order_list};

/// The functions that SQL calls without parentheses.
const BARE: [&str; 7] = [
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "localtime",
    "localtimestamp",
    "session_user",
];

/// A function under its own name; `now()` is `CURRENT_TIMESTAMP`.
///
/// # Errors
/// Where its name is no plain identifier, or a part of it cannot be said.
pub fn function<S: Syntax + ?Sized>(s: &S, w: &mut Writer, f: &Function) -> Result {
    if f.arguments.is_empty() && f.over.is_none() {
        let name = f.name.to_ascii_lowercase();
        if name == "now" {
            w.push("CURRENT_TIMESTAMP");
            return Ok(());
        }
        if BARE.contains(&name.as_str()) {
            w.push(&name.to_ascii_uppercase());
            return Ok(());
        }
    }
    call(s, w, &f.name, f)
}

/// `name([DISTINCT] arguments [ORDER BY …]) [FILTER (WHERE …)] [OVER (…)]`
///
/// # Errors
/// Where `name` is no plain identifier, or a part of it cannot be said.
pub fn call<S: Syntax + ?Sized>(s: &S, w: &mut Writer, name: &str, f: &Function) -> Result {
    // It is never quoted, so nothing but a name may stand there.
    if !name.split('.').all(is_plain) {
        let reason = "a function's name is made of letters, digits, `_` and `$`";
        return Err(CompileError::Identifier { name: name.to_owned(), reason });
    }
    w.push(name);
    w.push("(");
    if f.distinct {
        if f.arguments.is_empty() || f.arguments.contains(&Expr::Star) {
            return Err(invalid(format!("`{name}(DISTINCT …)` needs an expression")));
        }
        w.push("DISTINCT ");
    }
    w.list(&f.arguments, ", ", |w, a| s.argument(w, f, a))?;
    if !f.order_by.is_empty() {
        w.push(" ORDER BY ");
        order_list(s, w, &f.order_by)?;
    }
    w.push(")");
    if !f.within_group.is_empty() {
        w.push(" WITHIN GROUP (ORDER BY ");
        order_list(s, w, &f.within_group)?;
        w.push(")");
    }
    if let Some(filter) = &f.filter {
        w.push(" FILTER (WHERE ");
        condition(s, w, filter)?;
        w.push(")");
    }
    match f.nulls {
        Some(_) if f.over.is_none() => {
            return Err(invalid(format!("`{name}` takes IGNORE NULLS and RESPECT NULLS only over a window")));
        }
        Some(NullTreatment::Ignore) => w.push(" IGNORE NULLS"),
        Some(NullTreatment::Respect) => w.push(" RESPECT NULLS"),
        None => {}
    }
    if let Some(over) = &f.over {
        w.push(" OVER (");
        window(s, w, over)?;
        w.push(")");
    }
    Ok(())
}

/// An argument; only here may `*` and an ordered expression stand.
///
/// # Errors
/// Where it cannot be said.
pub fn argument<S: Syntax + ?Sized>(s: &S, w: &mut Writer, f: &Function, a: &Expr) -> Result {
    match a {
        Expr::Star if f.arguments.len() == 1 => {
            w.push("*");
            Ok(())
        }
        Expr::Ordered(o) => order_list(s, w, std::slice::from_ref::<OrderBy>(o)),
        a => expr(s, w, a),
    }
}

/// What stands between the parentheses of OVER.
///
/// # Errors
/// Where a part of it cannot be said.
pub fn window<S: Syntax + ?Sized>(s: &S, w: &mut Writer, over: &Window) -> Result {
    let mut gap = "";
    if !over.partition_by.is_empty() {
        w.push("PARTITION BY ");
        w.list(&over.partition_by, ", ", |w, e| s.key(w, e))?;
        gap = " ";
    }
    if !over.order_by.is_empty() {
        w.push(gap);
        w.push("ORDER BY ");
        order_list(s, w, &over.order_by)?;
        gap = " ";
    }
    if let Some(frame) = &over.frame {
        w.push(gap);
        self::frame(s, w, frame)?;
    }
    Ok(())
}

fn frame<S: Syntax + ?Sized>(s: &S, w: &mut Writer, frame: &Frame) -> Result {
    if frame.start == FrameBound::UnboundedFollowing || frame.end == FrameBound::UnboundedPreceding {
        return Err(invalid("a frame cannot start after the last row, or end before the first"));
    }
    w.push(match frame.unit {
        FrameUnit::Rows => "ROWS",
        FrameUnit::Range => "RANGE",
        FrameUnit::Groups => "GROUPS",
    });
    w.push(" BETWEEN ");
    frame_bound(s, w, &frame.start)?;
    w.push(" AND ");
    frame_bound(s, w, &frame.end)?;
    w.push(match frame.exclude {
        None => "",
        Some(FrameExclusion::CurrentRow) => " EXCLUDE CURRENT ROW",
        Some(FrameExclusion::Group) => " EXCLUDE GROUP",
        Some(FrameExclusion::Ties) => " EXCLUDE TIES",
        Some(FrameExclusion::NoOthers) => " EXCLUDE NO OTHERS",
    });
    Ok(())
}

fn frame_bound<S: Syntax + ?Sized>(s: &S, w: &mut Writer, bound: &FrameBound) -> Result {
    match bound {
        FrameBound::UnboundedPreceding => w.push("UNBOUNDED PRECEDING"),
        FrameBound::Preceding(offset) => {
            s.frame_offset(w, offset)?;
            w.push(" PRECEDING");
        }
        FrameBound::CurrentRow => w.push("CURRENT ROW"),
        FrameBound::Following(offset) => {
            s.frame_offset(w, offset)?;
            w.push(" FOLLOWING");
        }
        FrameBound::UnboundedFollowing => w.push("UNBOUNDED FOLLOWING"),
    }
    Ok(())
}

/// The offset of a bound of a frame.
///
/// # Errors
/// Where it cannot be said.
pub fn frame_offset<S: Syntax + ?Sized>(s: &S, w: &mut Writer, offset: &Expr) -> Result {
    operand(s, w, offset, Level::Primary)
}
