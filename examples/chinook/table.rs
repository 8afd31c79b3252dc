//! Prints small tables: columns aligned, numbers to the right, and cut where they would not be small.

/// As many rows as are printed.
const MOST_ROWS: usize = 25;

/// As many characters as are printed of a cell.
const MOST_CHARS: usize = 48;

/// Prints a title, the headers and the rows.
pub fn print<const N: usize>(title: &str, headers: [&str; N], mut rows: Vec<[String; N]>) {
    for cell in rows.iter_mut().flatten() {
        if let Some((end, _)) = cell.char_indices().nth(MOST_CHARS) {
            cell.replace_range(end.., "…");
        }
    }
    let shown = &rows[..rows.len().min(MOST_ROWS)];
    let width = |column: usize| {
        let cells = shown.iter().map(|row| row[column].as_str()).chain([headers[column]]);
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let numbers: [bool; N] = std::array::from_fn(|column| shown.iter().all(|row| is_number(&row[column])));

    println!("\n{title}\n");
    line(headers, widths, numbers);
    println!("  {}", widths.map(|width| "─".repeat(width)).join("  "));
    for row in shown {
        line(row.each_ref().map(String::as_str), widths, numbers);
    }
    if rows.len() > shown.len() {
        println!("  … and {} more", rows.len() - shown.len());
    }
}

fn line<const N: usize>(cells: [&str; N], widths: [usize; N], numbers: [bool; N]) {
    let padded: [String; N] = std::array::from_fn(|column| {
        let (cell, width) = (cells[column], widths[column]);
        if numbers[column] { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
    });
    println!("  {}", padded.join("  ").trim_end());
}

/// An empty cell stands among numbers as well.
fn is_number(cell: &str) -> bool {
    cell.is_empty() || cell.parse::<f64>().is_ok()
}
