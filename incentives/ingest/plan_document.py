"""A plan document as text, YAML or JSON, read without a float ever standing in between."""

from collections import Counter
from collections.abc import Hashable
from typing import Any

import yaml

from incentives.ingest.csv_reading import Unreadable
from incentives.ingest.exact_json import read_json

LARGEST = 200_000
LONGEST_NUMBER = 30
_ORDER = (
    *("schema", "kind", "key", "name", "currency", "yields", "measure", "accumulates"),
    *("conditions", "rule", "components", "tiers_by", "up_to", "rate", "amount", "by"),
)


class _ExactLoader(yaml.SafeLoader):
    """YAML without floats, without names said twice and without references that multiply."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise Unreadable("Write each part out in full: references (*name) are not read.")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        names = [self.construct_object(key, deep=True) for key, _ in node.value]
        often = Counter(name for name in names if isinstance(name, str))
        for name in names:
            if not isinstance(name, str):
                line = node.start_mark.line + 1
                raise Unreadable(
                    f"Put quotes around the name {name!r}, in the part at line {line}."
                )
            if often[name] > 1:
                raise Unreadable(f"{name!r} is written twice in one part. Keep one of them.")
        return super().construct_mapping(node, deep)


def _refuse_float(loader: yaml.Loader, node: yaml.ScalarNode) -> Any:
    raise Unreadable(
        f'Put quotes around {node.value} in line {node.start_mark.line + 1}: "{node.value}". '
        "Without them it would be read as an inexact number."
    )


def _as_text(loader: yaml.Loader, node: yaml.ScalarNode) -> str:
    return str(node.value)


def _refuse_other(loader: yaml.Loader, node: yaml.Node) -> Any:
    line = node.start_mark.line + 1
    raise Unreadable(f"Write texts, whole numbers and lists only: look at line {line}.")


def _short_integer(loader: yaml.Loader, node: yaml.ScalarNode) -> int:
    if len(str(node.value)) > LONGEST_NUMBER:
        raise Unreadable(f"The number in line {node.start_mark.line + 1} is too long.")
    return int(_ExactLoader.construct_yaml_int(loader, node))


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _refuse_float)
_ExactLoader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)
_ExactLoader.add_constructor("tag:yaml.org,2002:int", _short_integer)
# YAML knows more than a plan is made of, and a plan is kept as JSON.
for _kind in ("binary", "set", "omap", "pairs"):
    _ExactLoader.add_constructor(f"tag:yaml.org,2002:{_kind}", _refuse_other)


def read_document(text: str) -> dict[str, Any]:
    """The document a text holds. Raises Unreadable."""
    if len(text) > LARGEST:
        raise Unreadable("The document is too long. A plan has at most 200,000 characters.")
    if not text.strip():
        raise Unreadable("Paste a plan document, or choose a file.")
    document = read_json(text) if text.lstrip().startswith("{") else _yaml(text)
    if not isinstance(document, dict):
        raise Unreadable("A plan begins with its schema, name, currency and components.")
    return document


def _yaml(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_ExactLoader)  # noqa: S506  a safe loader, made stricter
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise Unreadable(f"The YAML cannot be read{where}. Look at its indents.") from error
    except RecursionError as error:
        raise Unreadable("The document is nested too deep.") from error


def as_yaml(document: dict[str, Any]) -> str:
    """A document as YAML that reads back as the same document, in the order people write it."""
    return yaml.dump(
        in_order(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100
    )


def in_order(part: Any) -> Any:
    """The same document with what names a part before what it holds."""
    if isinstance(part, list):
        return [in_order(each) for each in part]
    if not isinstance(part, dict):
        return part
    names = sorted(part, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
    return {name: in_order(part[name]) for name in names}


class _Dumper(yaml.SafeDumper):
    """Texts that look like numbers are quoted, which SafeDumper does, and lists are indented."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


def _quoted_number(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if text.replace(".", "", 1).lstrip("-").isdigit() else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _quoted_number)
