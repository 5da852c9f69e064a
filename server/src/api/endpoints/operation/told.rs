//! An operation as the document has it: what was said of it, and what its method, path, body and caller tell.

use super::super::parameters::{idempotency_key, if_match, if_none_match, of_path};
use super::super::problems::{ALWAYS, BODY, CHANGE, ORGANIZATION, ORGANIZATION_CHANGE, REPEATED, VERSION, answers};
use super::super::{Description, reference};
use super::{Access, Operation};
use crate::api::aliases;
use domain::code::Code;
use domain::policy::Permission;
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Operation {
    /// What is shared goes into the description.
    pub(in crate::api::endpoints) fn describe(
        self,
        method: &str,
        path: &str,
        subject: &str,
        description: &mut Description,
    ) -> Value {
        let mut told = json!({
            "operationId": self.id,
            "summary": self.summary,
            "tags": [subject],
            "security": self.security(),
            "parameters": self.parameters(method, path),
        });
        if let Some(present) = aliases::present_name(path) {
            told["deprecated"] = true.into();
            told["description"] = format!("An older name of `{present}`, for older clients.").into();
        }
        if matches!(self.access, Access::Platform(_)) {
            told["description"] = "For platform administrators. For everybody else it is not there.".into();
        }
        let codes = self.codes(method, path);
        let mut all = self.answers;
        if path.contains("{org}") {
            let status = if method == "get" { "301" } else { "308" };
            all.insert(status.to_owned(), reference("responses", "Moved"));
        }
        if method == "get" && !self.is_list {
            all.insert("304".to_owned(), reference("responses", "NotModified"));
        }
        for (status, answer) in answers(&codes, description) {
            all.entry(status).or_insert(answer);
        }
        if let Some(body) = self.body {
            told["requestBody"] = body;
        }
        told["responses"] = all.into();
        description.schemas.merge(self.schemas);
        told
    }

    fn security(&self) -> Value {
        let scope = |permission: Permission| json!([permission.name()]);
        match self.access {
            Access::Public => json!([]),
            // Nobody in particular is not asked to sign in, but finds nothing.
            Access::Platform(permission) => json!([{}, { "bearer": scope(permission) }, { "session": [] }]),
            Access::Anyone => json!([{}, { "bearer": [] }, { "session": [] }]),
            Access::SignedIn(permission) => {
                json!([{ "bearer": permission.map_or(json!([]), scope) }, { "session": [] }])
            }
            Access::Session => json!([{ "session": [] }]),
        }
    }

    fn parameters(&self, method: &str, path: &str) -> Vec<Value> {
        let mut all = of_path(path);
        all.extend(self.parameters.iter().cloned());
        match method {
            "get" if !self.is_list => all.push(if_none_match()),
            "patch" | "put" | "delete" => all.push(if_match()),
            "post" if self.takes_keys() => all.push(idempotency_key()),
            _ => {}
        }
        all
    }

    /// Nobody in particular has no keys.
    fn takes_keys(&self) -> bool {
        self.access != Access::Public && !self.keeps_nothing
    }

    fn codes(&self, method: &str, path: &str) -> BTreeSet<&'static str> {
        let mut codes = ALWAYS.to_vec();
        codes.extend(&self.own);
        codes.extend(self.of_fields.iter().filter_map(|name| Code::named(name)));
        let changes = method != "get";
        let below = path.contains("{org}");
        if matches!(self.access, Access::SignedIn(_) | Access::Session) {
            codes.push(Code::Unauthenticated);
        }
        let kinds: [(bool, &[Code]); 7] = [
            (changes, CHANGE),
            (self.body.is_some(), BODY),
            (below, ORGANIZATION),
            (below && changes, ORGANIZATION_CHANGE),
            (below && matches!(self.access, Access::SignedIn(_)), &[Code::PermissionDenied]),
            (matches!(method, "patch" | "put" | "delete"), VERSION),
            (method == "post" && self.takes_keys(), REPEATED),
        ];
        kinds.iter().filter(|(applies, _)| *applies).for_each(|(_, more)| codes.extend(*more));
        codes.into_iter().map(Code::name).collect()
    }
}
