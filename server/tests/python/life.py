"""The whole life of an organization, told with a client that is made from the document of the API."""

import importlib
import json
import pathlib
import subprocess
import sys
import tempfile

from guildhall import instance, run

PACKAGE = "guildhall_client"
SETTINGS = {"project_name_override": PACKAGE, "package_name_override": PACKAGE, "post_hooks": []}
EVE = "eve@acme.example"
SECRET = "seven lanterns drift north"


def make_client(guildhall, folder):
    """Makes the client, so that it can be imported. What cannot be made of the document is an error."""
    document, settings = folder / "openapi.json", folder / "settings.json"
    document.write_text(run(guildhall.environment, "openapi"))
    settings.write_text(json.dumps(SETTINGS))
    program = str(pathlib.Path(sys.executable).with_name("openapi-python-client"))
    made = subprocess.run(
        [program, "generate", "--meta", "none", "--path", str(document), "--config", str(settings),
         "--output-path", str(folder / PACKAGE)],
        check=True, text=True, capture_output=True,
    )
    # Of pictures and files it says that it leaves them out; everything else it has to understand.
    told = made.stdout + made.stderr
    assert "Unable to" not in told, told
    sys.path.insert(0, str(folder))


def call(operation, *names, **given):
    """Calls one function of the client, as in "teams.create_team"."""
    return importlib.import_module(f"{PACKAGE}.api.{operation}").sync_detailed(*names, **given)


def expect(answer, status):
    """The body of an answer that has this status."""
    assert answer.status_code == status, f"{answer.status_code} {answer.content.decode()}"
    return answer.parsed


def tell(guildhall):
    from guildhall_client import AuthenticatedClient, Client, models

    def visitor():
        return Client(f"{guildhall.url}/api/v1", headers={"Sec-Fetch-Site": "same-origin"})

    # Dana signs in and makes a token for her program.
    dana = visitor()
    login = models.Credentials(email=guildhall.email, password=guildhall.password)
    expect(call("account.login", client=dana, body=login), 200)
    scopes = list(models.Permission)
    new_token = models.NewPersonalToken(name="Life", scopes=scopes)
    issued = expect(call("tokens.create_my_token", client=dana, body=new_token), 201)
    program = AuthenticatedClient(f"{guildhall.url}/api/v1", token=issued.token)

    # The organization is founded, and found.
    assert expect(call("organizations.check_slug", client=program, slug="acme"), 200).available
    founding = models.NewOrganization(name="Acme", slug="acme", country_code="NO", industry=models.IndustryKey.ENERGY)
    acme = expect(call("organizations.create_organization", client=program, body=founding), 201)
    me = expect(call("account.get_me", client=program), 200)
    assert (acme.slug, acme.member_count, acme.owner) == ("acme", 1, me.id)
    patch = models.OrganizationPatch(bio="Gears of all sizes")
    stale = call("organizations.update_organization", "acme", client=program, body=patch, if_match='"99-0"')
    assert expect(stale, 412).code == models.ProblemCode.PRECONDITION_FAILED
    acme = expect(call("organizations.update_organization", "acme", client=program, body=patch), 200)
    assert acme.bio == "Gears of all sizes"
    again = call("organizations.create_organization", client=program, body=founding)
    assert expect(again, 409).code == models.ProblemCode.SLUG_TAKEN

    # Eve is invited, and comes.
    invited = models.NewInvitation(email=EVE, name="Eve", role="admin")
    invitation = expect(call("invitations.create_invitation", "acme", client=program, body=invited), 201)
    token = invitation.accept_url.rsplit("/", 1)[1]
    eve = visitor()
    seen = expect(call("invitations_received.view_invitation", token, client=eve), 200)
    assert (seen.email, seen.next_step) == (EVE, models.NextStep.SET_PASSWORD)
    acceptance = models.Acceptance(password=SECRET, password_confirmation=SECRET)
    accepted = expect(
        call("invitations_received.accept_invitation", token, client=eve, body=acceptance), 200
    )
    member = accepted.membership
    gone = call("invitations_received.view_invitation", token, client=visitor())
    assert expect(gone, 410).code == models.ProblemCode.INVITATION_ACCEPTED

    # She gets a team, a workspace and a role of the organization's own.
    team = expect(call("teams.create_team", "acme", client=program, body=models.NewTeam(name="Support")), 201)
    lead = models.NewTeamMember(user_id=member.user_id, role=models.TeamRole.LEAD)
    expect(call("teams.add_team_member", "acme", team.slug, client=program, body=lead), 201)
    place = models.NewWorkspace(name="Berlin")
    workspace = expect(call("workspaces.create_workspace", "acme", client=program, body=place), 201)
    auditor = models.NewRole(key="auditor", name="Auditor", permissions=[models.Permission.AUDITREAD])
    expect(call("roles.create_role", "acme", client=program, body=auditor), 201)
    change = models.MemberPatch(roles=["admin", "auditor"], workspaces=[workspace.slug])
    changed = expect(
        call("members.change_member", "acme", str(member.member_id), client=program, body=change), 200
    )
    assert [role.key for role in changed.roles] == ["admin", "auditor"]
    page = expect(call("members.list_members", "acme", client=program, search="eve", team=team.slug), 200)
    assert [found.email for found in page.data] == [EVE]

    # Money comes and goes, and every movement is in the ledger.
    credit = models.NewCredit(amount=1000, reason="A gift")
    expect(call("platform.credit_wallet", "acme", client=program, body=credit), 200)
    charge = models.NewCharge(amount=300, service=models.ChargedService.SMS, sms_point=20)
    receipt = expect(call("platform.charge_wallet", "acme", client=program, body=charge), 200)
    assert (receipt.wallet.balance, receipt.wallet.sms_points) == (700, 20)
    reversal = models.NewReversal(reason="A mistake")
    expect(call("platform.reverse_transaction", "acme", receipt.transaction.id, client=program, body=reversal), 200)
    ledger = expect(call("wallet.list_transactions", "acme", client=program), 200)
    assert [entry.number for entry in ledger.data] == [3, 2, 1]

    # Dana hands the organization over and leaves.
    transfer = models.Transfer(new_owner_uid=member.user_id, then_leave=True)
    handed = expect(call("organizations.transfer_ownership", "acme", client=dana, body=transfer), 200)
    assert (handed.new_owner.email, handed.previous_owner) == (EVE, None)

    # What was done is in the log, and Eve closes the organization.
    log = expect(call("audit_log.list_audit_log", "acme", client=eve), 200)
    assert "org.ownership_transferred" in [event.action for event in log.data]
    emptied = models.NewCharge(amount=1000, service=models.ChargedService.OTHER)
    expect(call("platform.charge_wallet", "acme", client=program, body=emptied), 200)
    confirmed = models.Confirmation(confirm="acme")
    farewell = expect(call("organizations.delete_organization", "acme", client=eve, body=confirmed), 202)
    assert farewell.status == models.OrganizationStatus.PENDING_DELETION
    expect(call("organizations.restore_organization", "acme", client=eve), 200)
    expect(call("organizations.delete_organization", "acme", client=eve, body=confirmed), 202)
    expect(call("platform.delete_any_organization", "acme", client=program, purge=True, body=models.Confirmation()), 204)
    missing = call("organizations.get_organization", "acme", client=eve)
    assert expect(missing, 404).code == models.ProblemCode.ORGANIZATION_NOT_FOUND


def main():
    with instance() as guildhall, tempfile.TemporaryDirectory(prefix="guildhall-client-") as folder:
        make_client(guildhall, pathlib.Path(folder))
        tell(guildhall)
    print("the whole life of an organization: 1 passed, 0 failed")


if __name__ == "__main__":
    main()
