//! Lists as CSV (RFC 4180), for spreadsheets.

use super::problem::ApiError;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use domain::error::Error;
use domain::page::Page;

/// A file to be saved under `name`. Cells that a spreadsheet would take for a formula are made plain text.
///
/// # Errors
/// When a row does not have as many cells as the header.
pub(super) fn file(
    name: &str,
    header: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> Result<Response, ApiError> {
    let header = std::iter::once(header.iter().map(|&cell| cell.to_owned()).collect());
    let bytes = lines(header.chain(rows))?;
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    Ok((
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)],
        bytes,
    )
        .into_response())
}

/// The same for a list that may be longer than a file can be: a header tells whether it is.
pub(super) fn list<T>(
    name: &str,
    header: &[&str],
    page: Page<T>,
    cells: impl Fn(T) -> Vec<String>,
) -> Result<Response, ApiError> {
    let is_capped = page.has_more.to_string();
    let file = file(name, header, page.data.into_iter().map(cells))?;
    Ok(([(HeaderName::from_static("x-total-is-capped"), is_capped)], file).into_response())
}

/// Rows as text, every cell in quotes. Cells that a spreadsheet would take for a formula are made plain text.
///
/// # Errors
/// When a row does not have as many cells as the first.
pub(super) fn lines(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>, Error> {
    let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(plain)).map_err(broken)?;
    }
    writer.into_inner().map_err(|error| broken(error.into_error().into()))
}

/// OWASP, CSV injection: a cell that begins like a formula, after blanks too, is run by spreadsheets.
fn plain(cell: String) -> String {
    let control = cell.starts_with(['\t', '\r', '\0']);
    let formula = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if control || (formula && !is_number(&cell)) { format!("'{cell}") } else { cell }
}

/// A whole number, perhaps below zero, is nothing to be run.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn broken(error: csv::Error) -> Error {
    tracing::error!(%error, "a list could not be written as CSV");
    Error::Internal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        for formula in ["=1+1", "+1", "-2+3", "@sum", " =1", "\t=1", "\rx", "＝1"] {
            assert_eq!(plain(formula.to_owned()), format!("'{formula}"));
        }
        assert_eq!(plain("Ada".to_owned()), "Ada");
        assert_eq!(plain("-300".to_owned()), "-300");
    }
}
