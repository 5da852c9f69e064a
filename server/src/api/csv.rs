//! Lists as CSV (RFC 4180), for spreadsheets.

use super::problem::ApiError;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use domain::code::Code;
use domain::error::Error;
use domain::page::Page;

/// A file to be saved under `name`. Cells that a spreadsheet would take for a formula are made plain text.
///
/// # Errors
/// When a row does not have as many cells as the header.
fn file(name: &str, header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<Response, ApiError> {
    let header = std::iter::once(header.iter().map(|&cell| cell.to_owned()).collect());
    let bytes = lines(header.chain(rows))?;
    let disposition = format!("attachment; filename=\"{name}.csv\"");
    Ok((
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)],
        bytes,
    )
        .into_response())
}

/// The same for a list of which a file may not hold all: a header tells whether there is more.
pub(super) fn list<T>(
    name: &str,
    header: &[&str],
    page: Page<T>,
    cells: impl Fn(T) -> Vec<String>,
) -> Result<Response, ApiError> {
    let is_capped = (page.has_more || page.search_is_capped).to_string();
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

/// The rows of a file whose first line names its columns, in any order, as pairs of column and cell. The first of the
/// `columns` has to be there. What comes after `most` rows is not looked at.
///
/// # Errors
/// `malformed_csv`.
pub(super) fn rows(
    bytes: &[u8],
    columns: &[&'static str],
    most: usize,
) -> Result<Vec<Vec<(&'static str, String)>>, Error> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::Headers).from_reader(bytes);
    let header = reader.headers().map_err(malformed)?;
    let named: Option<Vec<&'static str>> =
        header.iter().map(|cell| columns.iter().copied().find(|column| *column == cell)).collect();
    let named = named.filter(|named| is_header(named, columns)).ok_or(Code::MalformedCsv)?;
    let row =
        |record: csv::StringRecord| named.iter().copied().zip(record.iter().map(str::to_owned)).collect::<Vec<_>>();
    reader.records().take(most).map(|record| record.map(row).map_err(malformed)).collect()
}

/// Whether each column is named at most once, and the first one is.
fn is_header(named: &[&str], columns: &[&str]) -> bool {
    let times = |column: &&str| named.iter().filter(|found| *found == column).count();
    columns.first().is_some_and(|first| times(first) == 1) && columns.iter().all(|column| times(column) <= 1)
}

fn malformed(_: csv::Error) -> Error {
    Code::MalformedCsv.into()
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
    #[test]
    fn rows_are_read_by_the_names_of_their_columns() {
        let read = |text: &str| rows(text.as_bytes(), &["email", "name"], 2);
        let cells = |text: &str| read(text).expect("rows");
        assert_eq!(
            cells("\u{feff}name, email\r\n\"A, B\",a@x.test\r\n"),
            [[("name", "A, B".to_owned()), ("email", "a@x.test".to_owned())]]
        );
        assert_eq!(cells("email\na\nb\nc").len(), 2);
        for bad in ["", "name\nA", "email,email\na,b", "email,role\na,b", "email,name\na", "email\na,b", "Email\na"] {
            assert_eq!(read(bad), Err(Code::MalformedCsv.into()), "{bad:?}");
        }
        assert_eq!(rows(b"email\n\xff", &["email"], 2), Err(Code::MalformedCsv.into()));
    }
}
