use super::*;

fn patch(body: serde_json::Value) -> OrganizationPatch {
    serde_json::from_value(body).expect("a patch")
}

fn refused(patch: &OrganizationPatch, editor: Editor) -> Vec<String> {
    let violations = patch.require_editor(editor).map_or_else(|error| error.violations().to_vec(), |()| Vec::new());
    violations.iter().filter_map(|violation| violation.field_name().map(str::to_owned)).collect()
}

#[test]
fn fields_have_those_who_may_change_them() {
    let all = patch(serde_json::json!({
        "name": "a", "slug": "a", "handle": "a", "owner": "a", "status": "banned", "status_reason": null,
        "verified": true, "type": "internal", "managed_by": null, "member_limit": null,
    }));
    let platform = ["status", "status_reason", "verified", "type", "managed_by", "member_limit"];
    let owner = ["slug", "handle", "owner"];
    assert_eq!(refused(&all, Editor::Platform), [""; 0]);
    assert_eq!(refused(&all, Editor::Owner), platform);
    assert_eq!(refused(&all, Editor::Admin), [owner.as_slice(), &platform].concat());
}

#[test]
fn the_owner_switches_between_active_and_inactive() {
    for word in ["active", "inactive"] {
        let switch = patch(serde_json::json!({ "status": word }));
        assert_eq!(refused(&switch, Editor::Owner), [""; 0]);
        assert_eq!(refused(&switch, Editor::Admin), ["status"]);
    }
}

#[test]
fn null_for_status_and_verification_is_nothing() {
    let nothing = patch(serde_json::json!({ "status": null, "verified": null }));
    assert_eq!(nothing, OrganizationPatch::default());
}
