//! Host names, as mail addresses and web addresses share them.

/// One label between two dots: letters, digits and inner hyphens.
pub(super) fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// A name somebody can own: at least two labels, and a last one that cannot be read as part of an
/// IP address. Every top-level domain begins with a letter; `1`, `123` and `0x7f` do not.
pub(super) fn is_domain(name: &str) -> bool {
    name.split('.').all(is_label)
        && name.rsplit_once('.').is_some_and(|(_, last)| last.starts_with(|c: char| c.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_has_two_labels_and_ends_in_a_name() {
        for good in ["x.test", "a-b.c1.test", "xn--e1afmkfd.test", "1.test"] {
            assert!(is_domain(good), "{good}");
        }
        for bad in ["", "x", ".test", "x.", "x..test", "-x.test", "x-.test", "x_y.test", "1.2.3.4", "a.0x7f", "é.test"]
        {
            assert!(!is_domain(bad), "{bad}");
        }
        assert!(is_domain(&format!("{}.test", "x".repeat(63))));
        assert!(!is_domain(&format!("{}.test", "x".repeat(64))));
    }
}
