use super::*;
use domain::code::Code;
use domain::schema::PROBLEM_CODES;
use std::collections::BTreeSet;

/// Answered by pages alone.
const OF_PAGES: &[Code] = &[Code::SetupCodeInvalid, Code::SetupFinished, Code::EmailTaken];
/// Answered before an operation is found.
const OF_THE_ROUTER: &[Code] = &[Code::MethodNotAllowed];
fn operations() -> impl Iterator<Item = (String, &'static Value)> {
    let paths = document()["paths"].as_object().expect("paths");
    paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().expect("methods");
        methods.iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

/// Every member of this name, wherever it is.
fn said<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                if key == name {
                    found.push(member);
                }
                said(member, name, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| said(item, name, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let mut references = Vec::new();
    said(document(), "$ref", &mut references);
    assert!(references.len() > 500);
    for reference in references {
        let pointer = reference.as_str().and_then(|text| text.strip_prefix('#')).expect("a reference within");
        assert!(document().pointer(pointer).is_some(), "{pointer}");
    }
}

#[test]
fn every_operation_has_a_name_of_its_own_and_says_who_may_call_it() {
    let mut names = BTreeSet::new();
    for (place, operation) in operations() {
        let name = operation["operationId"].as_str().expect("a name");
        assert!(names.insert(name), "{name} of {place}");
        assert!(operation["security"].is_array() && operation["summary"].is_string(), "{place}");
        let statuses = operation["responses"].as_object().expect("answers");
        assert!(statuses.keys().any(|status| status.starts_with('2')), "{place}");
        let own = operation["parameters"].as_array().expect("parameters");
        assert!(own.iter().all(|parameter| parameter["in"] != "path" || parameter["description"] != ""), "{place}");
    }
}

#[test]
fn every_code_is_named_and_none_that_there_is_not() {
    let mut lists = Vec::new();
    said(document(), PROBLEM_CODES, &mut lists);
    let named: BTreeSet<&str> =
        lists.iter().flat_map(|list| list.as_array().expect("codes")).filter_map(Value::as_str).collect();
    for name in &named {
        assert!(Code::named(name).is_some(), "{name}");
    }
    let unnamed: BTreeSet<&str> =
        Code::ALL.iter().map(|code| code.name()).filter(|name| !named.contains(name)).collect();
    let elsewhere = [OF_PAGES, OF_THE_ROUTER].concat();
    let elsewhere: BTreeSet<&str> = elsewhere.iter().map(|code| code.name()).collect();
    assert_eq!(unnamed, elsewhere);
}

#[test]
fn what_is_submitted_is_closed_and_what_is_answered_is_open() {
    for (place, operation) in operations() {
        let body = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        if let Some(pointer) = body.as_str() {
            let schema = document().pointer(&pointer[1..]).expect("a schema");
            assert_eq!(schema["additionalProperties"], false, "{place}");
        }
    }
}
