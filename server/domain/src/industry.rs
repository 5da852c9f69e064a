/// A line of business that a person may choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Industry {
    pub key: &'static str,
    pub label: &'static str,
}

/// In the order of the labels, as they are shown.
pub const INDUSTRIES: &[Industry] = &[
    industry("agriculture", "Agriculture and food"),
    industry("ai-ml", "Artificial intelligence"),
    industry("arts", "Arts and culture"),
    industry("automotive", "Automotive"),
    industry("construction", "Construction and property"),
    industry("consulting", "Consulting"),
    industry("education", "Education"),
    industry("energy", "Energy and utilities"),
    industry("finance", "Finance and insurance"),
    industry("gaming", "Games"),
    industry("government", "Government"),
    industry("healthcare", "Health care"),
    industry("hospitality", "Hospitality and travel"),
    industry("legal", "Legal services"),
    industry("logistics", "Logistics and transport"),
    industry("manufacturing", "Manufacturing"),
    industry("media", "Media and marketing"),
    industry("nonprofit", "Non-profit"),
    industry("other", "Other"),
    industry("research", "Research and science"),
    industry("retail", "Retail and e-commerce"),
    industry("sports", "Sports and leisure"),
    industry("technology", "Technology"),
    industry("telecommunications", "Telecommunications"),
];

const fn industry(key: &'static str, label: &'static str) -> Industry {
    Industry { key, label }
}

pub fn find(key: &str) -> Option<&'static Industry> {
    INDUSTRIES.iter().find(|industry| industry.key == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_may_be_chosen() {
        for industry in INDUSTRIES {
            assert_eq!(find(industry.key), Some(industry));
        }
        assert!(find("technology").is_some() && find("ai-ml").is_some());
    }

    #[test]
    fn nothing_else_may_be_chosen() {
        for key in ["", "Technology", " technology", "tech", "ai_ml", "null", "Other", "🚀"] {
            assert_eq!(find(key), None, "{key:?}");
        }
    }

    #[test]
    fn the_choices_are_in_the_order_of_their_labels() {
        assert!(INDUSTRIES.is_sorted_by_key(|industry| industry.label));
    }
}
