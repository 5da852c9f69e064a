"""What schemathesis cannot read from the document."""

import pathlib

import schemathesis
from hypothesis import strategies

# Parameters that exclude each other: where the first is given, the others are left out.
EXCLUSIVE = {"page": ("limit", "cursor"), "per_page": ("limit", "cursor"), "scope": ("role",)}
# A file has all of a list.
PARTS = ("limit", "page", "per_page")
# How far pages reach into a list.
DEEPEST = 10_000

# Of files a schema says no more than that they are some.
PICTURE = pathlib.Path(__file__).resolve().parents[2].joinpath("testing/src/picture.png").read_bytes()
NAMES = strategies.lists(strategies.text("abcdefghij", min_size=1, max_size=9), min_size=1, max_size=3, unique=True)


def table(names):
    """People to invite, as a CSV (RFC 4180)."""
    return "\r\n".join(["email", *(f"{name}@acme.example" for name in names)]).encode()


schemathesis.openapi.media_type("image/png", strategies.just(PICTURE))
schemathesis.openapi.media_type("text/csv", NAMES.map(table))


@schemathesis.hook
def before_call(context, case, kwargs):
    """Leaves out of requests what no schema can forbid."""
    if case.meta.generation.mode.is_negative:
        return
    if case.headers.get("If-None-Match") == "*":
        case.headers.pop("If-None-Match")
    query = case.query
    if not query:
        return
    # Only an answer gives a cursor out: nobody can make one up.
    query.pop("cursor", None)
    if query.get("format") == "csv":
        for name in PARTS:
            query.pop(name, None)
    for name, others in EXCLUSIVE.items():
        if name in query:
            for other in others:
                query.pop(other, None)
    if int(query.get("page", 1)) * int(query.get("per_page", 15)) > DEEPEST:
        query["page"] = 1


@schemathesis.check
def code_is_documented(context, response, case):
    """Every refusal is by a code that the document names at its status, its fields too."""
    kind = response.headers.get("content-type", [""])[0]
    if not kind.startswith("application/problem+json"):
        return
    answers = case.operation.definition.raw["responses"]
    answer = answers.get(str(response.status_code))
    if answer is None:
        return
    if "$ref" in answer:
        answer = case.operation.schema.raw_schema["components"]["responses"][answer["$ref"].rsplit("/", 1)[1]]
    problem = response.json()
    codes = {problem["code"], *(entry["code"] for entry in problem.get("errors", []))}
    unknown = codes - set(answer["x-problem-codes"])
    if unknown:
        raise AssertionError(f"{response.status_code} with {', '.join(sorted(unknown))}, which is not documented")
