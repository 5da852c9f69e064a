"""What schemathesis cannot read from the document."""

import schemathesis

# Parameters that exclude each other: where the first is given, the others are left out.
EXCLUSIVE = {"page": ("limit", "cursor"), "per_page": ("limit", "cursor"), "scope": ("role",)}
# How far pages reach into a list.
DEEPEST = 10_000


@schemathesis.hook
def before_call(context, case, kwargs):
    """Leaves out of requests what no schema can forbid."""
    if case.meta.generation.mode.is_negative:
        # That a row was changed meanwhile is told before what is wrong with the change.
        case.headers.pop("If-Match", None)
        return
    if case.headers.get("If-None-Match") == "*":
        case.headers.pop("If-None-Match")
    query = case.query
    if not query:
        return
    # Only an answer gives a cursor out: nobody can make one up.
    query.pop("cursor", None)
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
