//! Where a form may send the person afterwards.

use ::url::{Position, Url};

use super::character::encoded_bytes;

const MAX: usize = 2048;

/// The page of our own that `next` names, or nothing if it could lead anywhere else.
///
/// Judged twice, as written and as parsed: `/a/../\evil.test` becomes `//evil.test` only in the
/// parser, while `/%2f%2fevil.test` becomes it only in what stands behind.
pub fn local_path(next: &str) -> Option<String> {
    let plain = next.len() <= MAX && next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if !plain || !next.starts_with('/') || next.starts_with("//") {
        return None;
    }
    if encoded_bytes(next).any(|byte| byte == b'/' || byte == b'\\' || byte.is_ascii_control()) {
        return None;
    }
    let ours = Url::parse("https://guildhall.invalid/").ok()?;
    let target = ours.join(next).ok()?;
    let stays = target.origin() == ours.origin() && !target.path().starts_with("//");
    (stays && leads_to_a_page(&target)).then(|| target[Position::BeforePath..].to_owned())
}

/// Not to the programming interface. No page of ours needs a percent sign in its first segment,
/// so one there can only be a disguise.
fn leads_to_a_page(target: &Url) -> bool {
    let first = target.path_segments().and_then(|mut segments| segments.next()).unwrap_or_default();
    !first.contains('%') && !["api", "actions"].iter().any(|word| first.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn all_ignored(targets: &[&str]) {
        for next in targets {
            assert_eq!(local_path(next), None, "{next:?}");
        }
    }

    #[test]
    fn targets_that_could_leave_us_are_ignored() {
        let targets = [
            "//evil.test",
            "////evil.test",
            "\\\\evil.test",
            "/a/../\\evil.test",
            "/%2f%2fevil.test",
            "https://evil.test",
            "https:/evil.test",
            "https://good.test@evil.test",
            "//good.test@evil.test",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "blob:https://x",
            "/\n/evil.test",
            "/ /evil.test",
            "@evil.test",
            "#",
            "/api/v1/logout",
            "\u{ff0f}\u{ff0f}evil.test",
        ];
        all_ignored(&targets);
    }

    #[test]
    fn disguises_of_such_targets_are_ignored() {
        let targets = [
            "",
            "x",
            "?x",
            "/\\evil.test",
            "/.//evil.test",
            "/a/..//evil.test",
            "/%2e//evil.test",
            "/%2E%2e//evil.test",
            "/a/%2e%2e//evil.test",
            "/%5cevil.test",
            "/%5Cevil.test",
            "/a%2Fb",
            "/\t/evil.test",
            "/\u{ff0f}evil.test",
            "/%0d%0aSet-Cookie:a=b",
            "/%00",
            " /a",
            "/a b",
            "/é",
            "http:a",
            "///",
            "/?next=%2f%2fevil.test",
        ];
        all_ignored(&targets);
        assert_eq!(local_path(&format!("/{}", "a".repeat(2048))), None);
    }

    #[test]
    fn the_programming_interface_is_no_place_to_go() {
        let targets = ["/API/v1", "/api", "/a/../api/v1", "/%61pi/v1", "/actions/sign_out", "/./actions/x"];
        all_ignored(&targets);
    }

    #[test]
    fn pages_of_our_own_are_kept() {
        for (next, kept) in [
            ("/", "/"),
            ("/organizations/acme", "/organizations/acme"),
            ("/acme/members?search=a%20b&role=admin#top", "/acme/members?search=a%20b&role=admin#top"),
            ("/apiary", "/apiary"),
            ("/a/b/../c", "/a/c"),
            ("/invitations/AbC-_123", "/invitations/AbC-_123"),
        ] {
            assert_eq!(local_path(next).as_deref(), Some(kept), "{next}");
            assert_eq!(local_path(kept).as_deref(), Some(kept), "{kept} again");
        }
    }
}
