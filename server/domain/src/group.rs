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

/// What changes in how one is called, found right; what is not said stays.
#[derive(Debug, Clone)]
pub(crate) struct Renaming {
    name: Option<Name>,
    slug: Option<Slug>,
    description: Patch<String>,
}

impl Renaming {
    /// Notes every field that breaks a rule.
    pub(crate) fn parse(
        checked: &mut Checked,
        name: Option<&str>,
        slug: Option<&str>,
        description: Patch<String>,
    ) -> Self {
        Self {
            name: checked.optional("name", name, self::name),
            slug: checked.optional("slug", slug, self::slug),
            description: checked.patch("description", description, self::description),
        }
    }

    /// Name, slug and description after the change; an empty description is none.
    pub(crate) fn over(self, name: &str, slug: &str, description: &Option<String>) -> (String, String, Option<String>) {
        (
            self.name.map_or_else(|| name.to_owned(), String::from),
            self.slug.map_or_else(|| slug.to_owned(), String::from),
            self.description.over(description.clone()).filter(|text| !text.is_empty()),
        )
    }
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
