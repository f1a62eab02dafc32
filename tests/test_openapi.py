"""The public API against its own OpenAPI document, and the document against what openapi.toml says it must hold."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from toile.config.api import EXAMPLES, api
from toile.kernel import api as kernel_api
from toile.kernel.api import ROOT
from toile.kernel.permissions import table

WRITTEN: dict[str, Any] = tomllib.loads((Path(__file__).parent / "openapi.toml").read_text(encoding="utf-8"))
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
MODES = {"as documented": GenerationMode.POSITIVE, "as refused": GenerationMode.NEGATIVE}


@pytest.fixture(autouse=True)
def as_often_as_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kernel_api._lots, "127.0.0.1", kernel_api._Lot(math.inf, 10**9))


def document() -> dict[str, Any]:
    """The document as it is served."""
    return Client().get(f"{ROOT}openapi.json").json()


def shape(schema: dict[str, Any]) -> str:
    """The type of a field in a few signs: `string`, `number | null`, `[Coded]`."""
    if "anyOf" in schema:
        return " | ".join(shape(each) for each in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if schema.get("type") == "array":
        inner = schema.get("prefixItems") or [schema["items"]]
        return f"[{', '.join(map(shape, inner))}]"
    return str(schema.get("format") or schema["type"])


def operations(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {path: methods["get"] for path, methods in told["paths"].items()}


@pytest.mark.django_db
def test_the_document_holds_what_is_written_and_nothing_else():
    told = document()
    assert {path: list(methods) for path, methods in told["paths"].items()} == {
        path: ["get"] for path in WRITTEN["operations"]
    }
    for path, operation in operations(told).items():
        parameters = [each["name"] for each in operation["parameters"]]
        answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
        assert WRITTEN["operations"][path] == {"parameters": parameters, "answer": shape(answer)}, path
    schemas = {
        name: {field: shape(of) for field, of in schema["properties"].items()}
        for name, schema in told["components"]["schemas"].items()
        if name not in ("Question", "FigureQuestion")
    }
    assert schemas == WRITTEN["schemas"]


@pytest.mark.django_db
def test_every_route_is_documented_and_explained():
    told = operations(document())
    assert {operation["operationId"] for operation in told.values()} == {
        name.removeprefix("api:") for name in table.routes if name.startswith("api:")
    } - {"openapi-json", "api-root"}
    for path, operation in told.items():
        assert operation["summary"] and operation["description"] and operation["tags"], path
        assert {"200", "304", "404", "422", "429"} <= set(operation["responses"]), path
        assert all(each.get("description") for each in operation["parameters"] if each["in"] == "query"), path


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", WRITTEN["operations"])
def test_every_answer_is_one_that_the_document_promises(path: str, mode: str) -> None:
    operation = schemathesis.openapi.from_dict(document())[path]["GET"]

    @seed(5)
    @settings(
        max_examples=25,
        phases=[Phase.explicit, Phase.generate],
        derandomize=False,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=MODES[mode]))
    def ask(case: schemathesis.Case) -> None:
        case.validate_response(answer_to(case), checks=CHECKS)

    if mode == "as refused" and not operation.query and not operation.path_parameters:
        return
    ask()


def answer_to(case: schemathesis.Case) -> schemathesis.Response:
    """What the site answers, without a server: through Django's own client."""
    sent = case.as_transport_kwargs(base_url="http://127.0.0.1")
    asked = requests.Request(
        sent["method"], sent["url"], params=sent.get("params"), headers=sent.get("headers")
    ).prepare()
    address = urlsplit(str(asked.url))
    got = Client().get(address.path, QUERY_STRING=address.query)
    headers = {name.lower(): [value] for name, value in got.headers.items()}
    return schemathesis.Response(got.status_code, headers, got.content, asked, elapsed=0.0, verify=False)


@pytest.mark.django_db
def test_the_page_tells_each_operation_and_its_examples_are_answered(client: Any):
    page = client.get("/api/").content.decode()
    for path, operation in operations(api.get_openapi_schema()).items():
        assert path in page and operation["description"].split("'")[0] in page
    for _told, address in EXAMPLES:
        assert ROOT + address.split("?")[0] in page
        answer = client.get(ROOT + address)
        assert answer.status_code == 200, address
        assert answer.json().get("remarks", []) == [] or "distance" in address


def test_nothing_of_it_is_loaded_from_elsewhere(client: Any):
    assert api.docs_url is None
