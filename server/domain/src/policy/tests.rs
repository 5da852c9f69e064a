use super::*;

fn authority(role: Role) -> Authority {
    Authority { own: role.permissions(), platform: false }
}

#[test]
fn writing_implies_reading() {
    let set: Permissions = [Permission::InviteWrite].into_iter().collect();
    assert!(set.has(Permission::InviteRead));
    assert!(!set.has(Permission::MemberRead));
}

#[test]
fn the_owner_may_everything_an_admin_may() {
    assert!(Role::Owner.permissions().contains(Role::Admin.permissions()));
    assert!(!Role::Admin.permissions().contains(Role::Owner.permissions()));
}

#[test]
fn nobody_grants_more_than_they_have() {
    for actor in Role::ALL {
        for granted in Role::ALL {
            let allowed = authority(*actor).may_grant(*granted).is_ok();
            assert_eq!(allowed, actor.permissions().contains(granted.permissions()), "{actor} grants {granted}");
        }
    }
}

#[test]
fn the_owner_is_protected_from_everybody() {
    for actor in Role::ALL {
        assert_eq!(authority(*actor).may_manage(Role::Owner), Err(Code::OwnerProtected.into()));
    }
}

#[test]
fn a_platform_administrator_may_grant_any_role() {
    let platform = Authority { own: Permissions::NONE, platform: true };
    assert!(Role::ALL.iter().all(|role| platform.may_grant(*role).is_ok()));
}

#[test]
fn a_role_is_found_by_key_and_by_id() {
    assert_eq!(Role::find("billing"), Some(Role::Billing));
    assert_eq!(Role::find("4"), Some(Role::Billing));
    assert_eq!(Role::find("Billing"), None);
}

#[test]
fn what_only_the_owner_may_is_in_no_other_role() {
    for role in Role::ALL {
        let reserved = role.permissions().iter().any(Permission::is_reserved);
        assert_eq!(reserved, *role == Role::Owner, "{role}");
    }
}

#[test]
fn a_set_is_kept_as_words_and_read_back() {
    for role in Role::ALL {
        assert_eq!(Permissions::from(role.permissions().to_string()), role.permissions());
    }
    assert_eq!(Permissions::from("org:fly".to_owned()), Permissions::NONE);
    assert_eq!(Permissions::NONE.to_string(), "");
}

/// The table of who may do what, as a text that shows each change of the policy. `UPDATE=1 cargo test -p domain` writes
/// it anew. The file is found from where cargo runs tests: the clone that compiled them may be another one.
#[test]
fn the_matrix_is_the_committed_one() {
    let path = "src/policy/matrix.txt";
    let matrix = matrix();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &matrix).expect("the file is written");
    }
    assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), matrix);
}

fn matrix() -> String {
    let mut text = format!("{:16}", "");
    let line = |text: &mut String, cells: &mut dyn Iterator<Item = &str>| {
        cells.for_each(|cell| text.push_str(&format!("{cell:9}")));
        text.truncate(text.trim_end().len());
        text.push('\n');
    };
    line(&mut text, &mut Role::ALL.iter().map(|role| role.key()));
    for permission in Permission::ALL {
        text.push_str(&format!("{:16}", permission.name()));
        let may = |role: &Role| if role.permissions().has(*permission) { "yes" } else { "-" };
        line(&mut text, &mut Role::ALL.iter().map(may));
    }
    text
}
