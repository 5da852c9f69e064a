"""Requests that schemathesis makes from the document of the API, good and bad ones, and what it says of the answers.

Arguments go on to schemathesis: conformance.py --max-examples 3
"""

import os
import pathlib
import subprocess
import sys

from guildhall import instance

HERE = pathlib.Path(__file__).resolve().parent
ORG = "/organizations/northlight-observatory"
SPARE = "/organizations/quarry-lane-bakers"


def furnish(guildhall):
    """Gives the organization things of each kind, some of them to be deleted, and tells what they are called."""
    team, spare_team = (made(guildhall, "teams", {"name": name})["id"] for name in ("Support", "Spare"))
    workspace, spare_workspace = (made(guildhall, "workspaces", {"name": name})["id"] for name in ("Berlin", "Spare"))
    role, spare_role = (
        made(guildhall, "roles", {"key": key, "name": key, "permissions": ["audit:read"]})["id"]
        for key in ("auditor", "spare")
    )
    guildhall.ask("POST", f"/admin{ORG}/credit", {"amount": 1_000_000, "reason": "A gift"})
    members = guildhall.ask("GET", f"{ORG}/members?role=member&role=viewer")["data"]
    # By their ids: a request may give an organization another slug.
    names = {
        "ORG": guildhall.ask("GET", ORG)["id"], "SPARE_ORG": guildhall.ask("GET", SPARE)["id"],
        "TEAM": team, "SPARE_TEAM": spare_team, "WORKSPACE": workspace, "SPARE_WORKSPACE": spare_workspace,
        "ROLE": role, "SPARE_ROLE": spare_role,
        "MEMBER": members[0]["member_id"], "SPARE_MEMBER": members[1]["member_id"],
        "INVITATION": guildhall.ask("GET", f"{ORG}/invitations")["data"][0]["id"],
    }
    return {name: str(value) for name, value in names.items()}


def made(guildhall, kind, body):
    return guildhall.ask("POST", f"{ORG}/{kind}", body)


def main():
    with instance() as guildhall:
        environment = {**os.environ, **furnish(guildhall), "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py")}
        program = [str(pathlib.Path(sys.executable).with_name("schemathesis"))]
        configuration = ["--config-file", str(HERE / "schemathesis.toml")]
        document = f"{guildhall.url}/api/v1/openapi.json"
        credential = ["--header", f"Authorization: Bearer {guildhall.token}"]
        command = [*program, *configuration, "run", document, *credential, *sys.argv[1:]]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
