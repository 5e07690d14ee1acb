"""Every link inside the project leads somewhere, every picture is there and is looked at."""

import re

import pytest

from tests.docs.documents import PROJECT, document, documents

_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LARGEST_PICTURE = 224 * 1024


def links(name):
    """Targets of the links of a document that stay inside the project."""
    text = _CODE.sub("", document(name))
    targets = [found["target"] for found in _LINK.finditer(text)]
    return [target for target in targets if not re.match(r"[a-z]+:", target)]


def anchors(name):
    """The anchors of a document's headings, made as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _CODE.sub("", document(name)), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


@pytest.mark.parametrize("name", documents())
def test_every_link_leads_somewhere(name):
    for target in links(name):
        path, _, anchor = target.partition("#")
        file = (PROJECT / name).parent / path if path else PROJECT / name
        assert file.exists(), f"{name} links to {target}"
        if anchor:
            assert anchor in anchors(file.resolve().relative_to(PROJECT)), f"{name}: {target}"


def test_every_picture_is_shown_somewhere_and_small():
    shown = {
        ((PROJECT / name).parent / target).resolve()
        for name in documents()
        for target in links(name)
        if target.endswith(".png")
    }
    for picture in (PROJECT / "docs/screenshots").glob("*.png"):
        assert picture.resolve() in shown, f"no document shows {picture.name}"
        assert picture.stat().st_size <= LARGEST_PICTURE, f"{picture.name} is too large"
