use super::*;

fn row(email: &str) -> NewInvitation {
    NewInvitation { email: email.to_owned(), ..NewInvitation::default() }
}

#[test]
fn a_row_counts_more_than_the_defaults() {
    let defaults = InvitationDefaults {
        role: Some(RoleKey::Id(5)),
        expires_in_days: Some(3),
        teams: Some(vec!["core".to_owned()]),
        ..InvitationDefaults::default()
    };
    let roles = Some(vec![RoleKey::Id(3)]);
    let rows = vec![row("a@x.test"), NewInvitation { roles: roles.clone(), ..row("b@x.test") }];
    let rows = BulkInvitations { invitations: rows, defaults }.rows().expect("rows");
    assert_eq!((&rows[0].role, rows[0].expires_in_days), (&Some(RoleKey::Id(5)), Some(3)));
    assert_eq!((&rows[1].role, &rows[1].roles), (&None, &roles));
    assert_eq!(rows[1].teams.as_deref(), Some(["core".to_owned()].as_slice()));
}

#[test]
fn there_are_1_to_100_rows() {
    let code = |count: usize| {
        let invitations = vec![row("a@x.test"); count];
        let rows = BulkInvitations { invitations, ..BulkInvitations::default() }.rows();
        rows.map(|rows| rows.len()).map_err(|error| error.violations()[0].code)
    };
    assert_eq!([code(0), code(1)], [Err(Code::MissingField), Ok(1)]);
    assert_eq!([code(100), code(101)], [Ok(100), Err(Code::TooManyRows)]);
}

#[test]
fn a_cell_may_hold_several_words() {
    let cells = [("email", "a@x.test"), ("name", " "), ("role", "viewer"), ("teams", "core; ui;")];
    let row = NewInvitation::of_cells(cells);
    assert_eq!((row.email.as_str(), row.name), ("a@x.test", None));
    assert_eq!(row.role, Some(RoleKey::Key("viewer".to_owned())));
    assert_eq!(row.teams, Some(vec!["core".to_owned(), "ui".to_owned()]));
    let roles = NewInvitation::of_cells([("role", "viewer;auditor")]).roles;
    assert_eq!(roles.map(|roles| roles.len()), Some(2));
}

#[test]
fn a_refusal_of_all_names_the_place_of_each_fault() {
    let result = |index, problem: Error| RowResult {
        index,
        email: String::new(),
        outcome: RowOutcome::of(&problem),
        invitation: None,
        problem: Some(problem),
    };
    let report = InvitationReport::of(vec![
        result(0, Error::field("email", Code::EmailInvalid, "")),
        result(1, Code::AlreadyMember.of("email", "")),
        result(2, Code::MemberLimitReached.into()),
        result(3, Error::field("role", Code::OwnerRoleNotInvitable, "")),
    ]);
    assert_eq!(report.summary, InvitationSummary { failed: 3, skipped: 1, ..InvitationSummary::default() });
    assert_eq!(report.results[3].outcome, RowOutcome::ForbiddenRole);
    let refused = report.require_all().expect_err("refused");
    let places: Vec<_> = refused.violations().iter().map(|violation| violation.at.clone()).collect();
    let at = |text: &str| At::Pointer(text.to_owned());
    assert_eq!(places, [at("/invitations/0/email"), at("/invitations/2"), at("/invitations/3/role")]);
}
