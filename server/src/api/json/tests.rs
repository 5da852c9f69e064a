use super::*;
use serde::Deserialize;

#[derive(Debug, PartialEq, Deserialize)]
struct Small {
    name: String,
    #[serde(default)]
    country_code: Option<String>,
    #[serde(default)]
    numbers: Vec<i64>,
}

fn refused(body: &str) -> Vec<(String, Code)> {
    let error = read::<Small>(body.as_bytes()).expect_err(body);
    let pointer = |violation: &Violation| match &violation.at {
        At::Pointer(pointer) => pointer.clone(),
        other => format!("{other:?}"),
    };
    match error {
        Error::Invalid(violations) => violations.iter().map(|found| (pointer(found), found.code)).collect(),
        other => vec![(String::new(), other.code())],
    }
}

#[test]
fn a_field_is_taken_in_both_spellings() {
    let read = read::<Small>(br#"{"name":"a","countryCode":"DE"}"#).expect("read");
    assert_eq!(read.country_code.as_deref(), Some("DE"));
}

#[test]
fn every_unknown_and_the_missing_field_are_named() {
    assert_eq!(
        refused(r#"{"name ":"a","createdAt":1}"#),
        [
            ("/name".to_owned(), Code::MissingField),
            ("/name ".to_owned(), Code::UnknownField),
            ("/createdAt".to_owned(), Code::UnknownField),
        ]
    );
}

#[test]
fn a_value_of_the_wrong_type_is_named_with_its_place() {
    for body in [r#"{"name":null}"#, r#"{"name":["a"]}"#, r#"{"name":{"$gt":""}}"#, r#"{"name":true}"#] {
        assert_eq!(refused(body), [("/name".to_owned(), Code::WrongType)], "{body}");
    }
    assert_eq!(refused(r#"{"name":"a","numbers":[1,"2"]}"#), [("/numbers/1".to_owned(), Code::WrongType)]);
    assert_eq!(refused(r#"{"name":"a","numbers":[9223372036854775808]}"#)[0].1, Code::WrongType);
    assert_eq!(refused(r#"{"name":"a","numbers":[1.0]}"#)[0].1, Code::WrongType);
}

#[test]
fn a_body_that_is_no_object_is_of_the_wrong_type() {
    for body in ["null", "1", "[]", r#"["a","DE",[]]"#] {
        assert_eq!(refused(body), [(String::new(), Code::WrongType)], "{body}");
    }
}

#[test]
fn a_doubled_field_is_refused() {
    assert_eq!(refused(r#"{"name":"a","name":"b"}"#), [("/name".to_owned(), Code::DuplicateField)]);
    let both = r#"{"name":"a","country_code":"a","countryCode":"b"}"#;
    assert_eq!(refused(both), [("/country_code".to_owned(), Code::DuplicateField)]);
}

#[test]
fn what_is_not_json_is_malformed() {
    for body in
        ["", "{", "[", r#"{"name":"a",}"#, "{'name':'a'}", r#"{"name":"a"}}"#, "\u{feff}{}", "{\"name\":\"\t\"}"]
    {
        assert_eq!(refused(body), [(String::new(), Code::MalformedJson)], "{body}");
    }
}

#[test]
fn deep_and_wide_bodies_are_refused() {
    let deep = format!("{}{}", r#"{"name":"#.repeat(40), "1") + &"}".repeat(40);
    assert_eq!(refused(&deep)[0].1, Code::TooDeep);
    assert_eq!(refused(&"[".repeat(129))[0].1, Code::MalformedJson);
    let wide: Vec<String> = (0..1000).map(|number| format!("\"k{number}\":1")).collect();
    assert_eq!(refused(&format!("{{{}}}", wide.join(",")))[0].1, Code::TooManyItems);
}
