//! What teams and workspaces have in common: how they are called within their organization.

use crate::error::Checked;
use crate::patch::Patch;
use crate::text::{Name, Prose, Refusal, Slug};

/// The longest description of a team or a workspace.
pub(crate) const DESCRIPTION_MAX: usize = 500;

/// How a new one is called. Without a slug one is made from the name.
#[derive(Debug, Clone)]
pub struct Naming {
    pub name: Name,
    pub slug: Option<Slug>,
    pub description: Option<String>,
}

impl Naming {
    /// Notes every field that breaks a rule; without a name there is nothing.
    pub(crate) fn parse(
        checked: &mut Checked,
        name: &str,
        slug: Option<&str>,
        description: Option<&str>,
    ) -> Option<Self> {
        let name = checked.field("name", self::name(name));
        let slug = checked.optional("slug", slug, self::slug);
        let description = checked.optional("description", description, self::description);
        Some(Self { name: name?, slug, description: description.filter(|text| !text.is_empty()) })
    }
}

/// The name after a patch.
pub(crate) fn name_after(checked: &mut Checked, patch: Option<&str>, before: &str) -> String {
    checked.optional("name", patch, name).map_or_else(|| before.to_owned(), String::from)
}

/// The slug after a patch.
pub(crate) fn slug_after(checked: &mut Checked, patch: Option<&str>, before: &str) -> String {
    checked.optional("slug", patch, slug).map_or_else(|| before.to_owned(), String::from)
}

/// The description after a patch.
pub(crate) fn description_after(
    checked: &mut Checked,
    patch: Patch<String>,
    before: &Option<String>,
) -> Option<String> {
    checked.patched("description", patch, before, description).filter(|text| !text.is_empty())
}

fn name(text: &str) -> Result<Name, Refusal> {
    Name::parse_up_to(text, Name::TEAM_MAX)
}

fn slug(text: &str) -> Result<Slug, Refusal> {
    Slug::parse_inside(text, Slug::DEFAULT_MAX)
}

fn description(text: &str) -> Result<String, Refusal> {
    Prose::parse(text, DESCRIPTION_MAX).map(String::from)
}
