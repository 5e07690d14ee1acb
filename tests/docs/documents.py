"""The documents as text, and the fenced blocks they hold."""

import re
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]

_FENCE = re.compile(r"^```(?P<said>[^\n`]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: what stands behind the fence, its text, and the heading above it."""

    said: str
    text: str
    heading: str


def document(name):
    return (PROJECT / name).read_text(encoding="utf-8")


def documents():
    """Every document of the project, by its path in the project."""
    found = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")]
    return sorted(str(path.relative_to(PROJECT)) for path in found)


def fences(name):
    """Every fenced block of a document that says something behind its fence, in order."""
    text = document(name)
    return [
        Block(found["said"].strip(), found["text"], _heading_above(text, found.start()))
        for found in _FENCE.finditer(text)
    ]


def blocks(name, said):
    """The blocks of a document that say this behind their fence, in order."""
    return [block for block in fences(name) if block.said == said]


def _heading_above(text, position):
    # What begins with # inside a block is a comment.
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text[:position]), re.MULTILINE)
    return headings[-1] if headings else ""
