//! Members as a file.

use crate::api::{csv, parts};
use crate::service::members::Export;
use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::error::{Error, Result};
use domain::member::{ExportFormat, MemberRow};

/// The file, sent while it is read.
pub(super) fn file(mut export: Export) -> Response {
    let format = export.format;
    let (kind, name) = match format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "members.csv"),
        ExportFormat::Json => ("application/json; charset=utf-8", "members.json"),
    };
    let body = parts::body(move |sender| async move {
        let mut first = true;
        while let Some(part) = export.next().await.transpose() {
            let ended = part.is_err();
            let bytes = part.and_then(|rows| written(format, rows, first)).map(Bytes::from);
            if sender.send(bytes).await.is_err() || ended {
                return;
            }
            first = false;
        }
        // Nobody listens any more when this fails.
        let _sent = sender.send(Ok(Bytes::from_static(end(format)))).await;
    });
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}

fn written(format: ExportFormat, rows: Vec<MemberRow>, first: bool) -> Result<Vec<u8>> {
    match format {
        ExportFormat::Csv => {
            let header = first.then(|| MemberRow::COLUMNS.iter().map(|&name| name.to_owned()).collect());
            csv::lines(header.into_iter().chain(rows.into_iter().map(MemberRow::cells)))
        }
        ExportFormat::Json => {
            let mut text = Vec::new();
            for (index, row) in rows.iter().enumerate() {
                text.push(if first && index == 0 { b'[' } else { b',' });
                serde_json::to_writer(&mut text, row).map_err(|_| Error::Internal)?;
            }
            Ok(text)
        }
    }
}

fn end(format: ExportFormat) -> &'static [u8] {
    match format {
        ExportFormat::Csv => b"",
        ExportFormat::Json => b"]",
    }
}
