"""What the guides call things is what the pages call them."""

import re

import pytest

from incentives.access import ROLES
from tests.docs.documents import PROJECT, document

GUIDES = ("rep", "manager", "finance", "administrator")


def words_of_the_pages():
    """Everything that templates and page modules say, without marks and line breaks."""
    files = [*PROJECT.glob("templates/**/*.html"), *PROJECT.glob("incentives/web/*.py")]
    text = " ".join(path.read_text(encoding="utf-8") for path in files)
    return " ".join(re.sub(r"<[^>]*>", " ", text).split()).casefold()


def test_there_is_a_guide_for_every_role():
    assert set(GUIDES) == set(ROLES)


@pytest.mark.parametrize("name", GUIDES)
def test_every_label_in_bold_stands_on_a_page(name):
    words = words_of_the_pages()
    labels = re.findall(r"\*\*(.+?)\*\*", document(f"docs/guide-{name}.md"), re.DOTALL)
    missing = [label for label in labels if " ".join(label.split()).casefold() not in words]
    assert missing == []
