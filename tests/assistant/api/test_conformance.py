"""UCP by others' means: the unofficial conformance suite, and the models of its own package."""

import json
import subprocess
import sys

import pytest
from pydantic import ValidationError
from ucp_sdk.models.schemas.common.types import error_response
from ucp_sdk.models.schemas.shopping import catalog_lookup, catalog_search

from tests.api_server import ask

# Each was graded for the declared capabilities; a suite that grades less would prove less.
GRADED = {
    "catalog.empty_search", "catalog.endpoints_available", "catalog.getproduct_both_id_kinds",
    "catalog.getproduct_not_found", "catalog.getproduct_selected", "catalog.getproduct_variant_first",
    "catalog.lookup_batch_too_large", "catalog.lookup_by_variant", "catalog.lookup_dedup",
    "catalog.lookup_inputs", "catalog.lookup_unknown_partial", "catalog.pagination_cursor_walk",
    "catalog.pagination_default_limit", "catalog.search_requires_input", "catalog.search_shape",
    "discovery.rest_endpoint", "discovery.reverse_domain_names", "discovery.version",
    "mcp.catalog_lookup", "mcp.catalog_search",
}  # fmt: skip
MERCHANT = {
    "product_id": "s1",
    "currency": "USD",
    "catalog": {
        "variant_id": "t1::T-L-B",
        "max_batch": 50,
        "configurable_product_id": "t1",
        "paginated_query": "*",
        "paginated_total": 26,
    },
}


def test_the_declared_capabilities_conform(address, tmp_path):
    merchant, report = tmp_path / "merchant.json", tmp_path / "report.xml"
    merchant.write_text(json.dumps(MERCHANT))
    command = [sys.executable, "-m", "spck_conformance.cli", "--server", address]
    done = subprocess.run(
        [*command, "--config", str(merchant), "--junit", str(report)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "· 0 violated ·" in done.stdout
    passed = done.stdout.partition("PASSED")[2].partition("NOT TESTED")[0]
    assert set(passed.split()) >= GRADED
    assert report.exists()


@pytest.mark.parametrize(
    ("path", "body", "shape"),
    [
        ("search", {"query": "scarf under 40 dollars", "filters": {"fast": True}}, catalog_search.SearchResponse),
        ("search", {"query": "*", "pagination": {"limit": 50}}, catalog_search.SearchResponse),
        ("search", {"query": "zzz_no_such_product_zzz"}, catalog_search.SearchResponse),
        ("lookup", {"ids": ["t1", "T-M-R", "c-red", "n1", "nobody"]}, catalog_lookup.LookupResponse),
        ("product", {"id": "t1"}, catalog_lookup.GetProductResponse),
        ("product", {"id": "nobody"}, error_response.ErrorResponse),
    ],
)  # fmt: skip
def test_the_protocols_own_package_reads_every_answer(address, path, body, shape):
    status, told = ask(address, f"/catalog/{path}", body)
    assert status == 200
    assert shape.model_validate(told).model_dump(mode="json", exclude_unset=True)["ucp"]
    if path == "search" and told["products"]:
        del told["products"][0]["variants"][0]["price"]
        with pytest.raises(ValidationError):
            shape.model_validate(told)
