//! Rows of a list of invitations, as JSON and as a spreadsheet's file: each is judged alone and told of in its place.

use super::Group;
use crate::support::{Reply, World};
use reqwest::Method;
use serde_json::{Value, json};

const BULK: &str = "/organizations/acme/invitations/bulk";
/// Most rows of one request.
const MOST: usize = 100;

/// Every text in this column is refused with its group's code, and nobody is invited.
pub(in crate::bad_inputs) async fn refuse(world: &World, column: &str, groups: &[Group]) {
    let texts = groups.iter().flat_map(|group| group.values.iter().map(move |value| (value.as_str(), group.code)));
    let bad: Vec<(&str, &str)> = texts.filter_map(|(text, code)| Some((text?, code))).collect();
    let before = world.rows().await;
    for part in bad.chunks(MOST) {
        let rows: Vec<Value> = part.iter().map(|(text, _)| row(column, text)).collect();
        judge(&world.ben.post(BULK, json!({ "invitations": rows })).await, column, part);

        // A cell that is blank says nothing, but every row has an address.
        let told = |text: &str| column == "email" || !text.trim().is_empty();
        let part: Vec<(&str, &str)> = part.iter().copied().filter(|(text, _)| told(text)).collect();
        let lines: String = part.iter().map(|(text, _)| line(column, text)).collect();
        let file = format!("email,name\r\n{lines}");
        let sent = world.ben.call(Method::POST, BULK).body("text/csv", file.as_bytes()).send().await;
        judge(&sent, column, &part);
    }
    assert_eq!(world.rows().await, before);
}

fn row(column: &str, text: &str) -> Value {
    let mut row = json!({ "email": "eve@x.test" });
    row[column] = json!(text);
    row
}

fn line(column: &str, text: &str) -> String {
    let quoted = format!("\"{}\"", text.replace('"', "\"\""));
    if column == "email" { format!("{quoted},\r\n") } else { format!("eve@x.test,{quoted}\r\n") }
}

fn judge(reply: &Reply, column: &str, part: &[(&str, &str)]) {
    let results = reply.expect(200)["results"].as_array().expect("results");
    assert_eq!(results.len(), part.len());
    let pointer = json!(format!("#/{column}"));
    for (result, (text, code)) in results.iter().zip(part) {
        let errors = &result["problem"]["errors"];
        assert_eq!((&result["outcome"], errors.as_array().map(Vec::len)), (&json!("invalid"), Some(1)), "{text:?}");
        assert_eq!((&errors[0]["pointer"], &errors[0]["code"]), (&pointer, &json!(code)), "{text:?}");
    }
}
