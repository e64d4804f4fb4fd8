"""What callers can rely on, a line for each thing: `python -m lab.clients.surface`.

clients/surface.txt only ever grows. A line may leave it when clients/removed.md says, with a reason, that it did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from kit.settings import ROOT
from lab.clients.document import FILE

SURFACE = ROOT / "clients" / "surface.txt"
REMOVED = ROOT / "clients" / "removed.md"


def surface(document: dict[str, Any]) -> set[str]:
    """Operations with their parameters, answers and codes; components with their fields."""
    return {*_operations(document), *_components(document["components"]["schemas"])}


def promised() -> set[str]:
    """What the last version promised, less what was taken back with a reason."""
    return set(SURFACE.read_text(encoding="utf-8").splitlines()) - taken_back()


def taken_back() -> set[str]:
    """The lines in removed.md, between backticks at the beginning of a list's item."""
    return set(re.findall(r"^- `([^`]+)`: \S", REMOVED.read_text(encoding="utf-8"), flags=re.MULTILINE))


def _operations(document: dict[str, Any]) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name = f"{method.upper()} {path}"
            yield f"{name}: {operation['operationId']}"
            for parameter in operation["parameters"]:
                if "$ref" in parameter:
                    parameter = document["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
                needed = "needs" if parameter.get("required") else "takes"
                yield f"{name}: {needed} {parameter['in']} {parameter['name']}"
            for status in operation["responses"]:
                if status.startswith("2"):
                    yield f"{name}: answers {status}"
            for way in operation["security"]:
                yield f"{name}: by {' + '.join(way) or 'anybody'}"


def _components(schemas: dict[str, Any]) -> Iterator[str]:
    for name, schema in schemas.items():
        yield from (f"{name}: {value}" for value in schema.get("enum", ()))
        yield from (f"{name}.{field}" for field in schema.get("properties", ()))
        if schema.get("additionalProperties") is False:
            yield f"{name} needs: {', '.join(sorted(schema.get('required', ())))}"


def main() -> None:
    """Write what is promised from now on; raises SystemExit when something was lost without a reason."""
    now = surface(msgspec.json.decode(FILE.read_bytes()))
    if SURFACE.exists() and (lost := promised() - now):
        raise SystemExit("say why in clients/removed.md:\n" + "\n".join(sorted(lost)))
    SURFACE.write_text("\n".join(sorted(now)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
