"""The document at /openapi.json, judged by PyPI's openapi-spec-validator."""
from _common import *
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

document = requests.get(BASE + "/openapi.json", timeout=60).json()


@check("the document is valid OpenAPI 3.1", "chat")
def _():
    eq([str(error.message) for error in OpenAPIV31SpecValidator(document).iter_errors()], [])


@check("operations have names of their own", "chat")
def _():
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    eq(len(names), len(set(names)))
    assert len(names) > 100


done()
