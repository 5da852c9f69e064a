//! Who else looks after an organization, beside its owner and admins.

use crate::code::Code;
use crate::error::{Checked, Violation};
use crate::text::{Prose, Refusal};
use serde::{Deserialize, Serialize};

/// Most managers of one organization.
const MOST: usize = 20;
/// Longest id that a manager is known by elsewhere.
pub(crate) const ID_MAX: usize = 128;

choices! {
    /// What kind of thing looks after an organization.
    ManagerKind {
        Platform "platform" "The platform",
        Scim "scim" "A directory",
        Partner "partner" "A partner",
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Manager {
    #[serde(rename = "type")]
    pub kind: ManagerKind,
    /// How it is known elsewhere.
    pub id: String,
}

/// All managers of an organization; a column keeps them as JSON.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Managers(pub Vec<Manager>);

/// A manager as it is submitted. One of the older contracts writes `Type` and `ID`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewManager {
    #[serde(rename = "type", alias = "Type")]
    #[cfg_attr(feature = "schema", schema(value_type = ManagerKind))]
    pub kind: String,
    #[serde(alias = "ID")]
    #[cfg_attr(feature = "schema", schema(value_type = crate::schema::ManagerId))]
    pub id: String,
}

impl Managers {
    /// Notes every entry that breaks a rule.
    pub(super) fn check(list: Vec<NewManager>, checked: &mut Checked) -> Self {
        if list.len() > MOST {
            let rule = format!("An organization has at most {MOST} managers.");
            checked.note(Violation::field("managed_by", Code::TooManyItems, rule));
            return Self::default();
        }
        let entries = list.into_iter().enumerate().map(|(index, new)| {
            let kind = checked.field(&format!("managed_by/{index}/type"), kind(&new.kind));
            let id = checked.field(&format!("managed_by/{index}/id"), id(&new.id));
            Some(Manager { kind: kind?, id: id? })
        });
        Self(entries.flatten().collect())
    }

    /// As the column keeps it.
    pub fn to_json(&self) -> String {
        // Words and plain texts always serialize; the column's own default stands for what would not.
        serde_json::to_string(self).unwrap_or_else(|_| "[]".to_owned())
    }
}

impl TryFrom<String> for Managers {
    type Error = serde_json::Error;

    fn try_from(json: String) -> Result<Self, Self::Error> {
        serde_json::from_str(&json)
    }
}

fn kind(text: &str) -> Result<ManagerKind, Refusal> {
    ManagerKind::find(text).ok_or(Refusal::new(Code::ValueUnknown, "Type is platform, scim or partner."))
}

fn id(text: &str) -> Result<String, Refusal> {
    let id = Prose::parse(text, ID_MAX)?;
    if id.is_empty() {
        return Err(Refusal::new(Code::MissingField, "A manager has an id."));
    }
    Ok(id.into())
}
