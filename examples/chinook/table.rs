//! Prints small tables: columns aligned, numbers to the right, long ones cut after some rows.

/// As many rows as are printed.
const MOST: usize = 12;

/// Prints a title, the headers and the rows.
pub fn print<const N: usize>(title: &str, headers: [&str; N], rows: Vec<[String; N]>) {
    let shown = &rows[..rows.len().min(MOST)];
    let width = |column: usize| {
        let cells = shown.iter().map(|row| row[column].as_str()).chain([headers[column]]);
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let numbers: [bool; N] =
        std::array::from_fn(|column| shown.iter().all(|row| row[column].parse::<f64>().is_ok()));

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
