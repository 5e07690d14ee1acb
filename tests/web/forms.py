"""What a browser would send of a form that it was shown."""

import re
from html.parser import HTMLParser


class _Fields(HTMLParser):
    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.inside, self.select = form_id, False, None
        self.found = {}

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "form":
            self.inside = said.get("id") == self.form_id
        if not self.inside:
            return
        if tag == "select":
            self.select = said["name"]
        elif tag == "option" and ("selected" in said or self.select not in self.found):
            self.found[self.select] = said["value"]
        elif tag == "input" and "name" in said and _is_sent(said):
            self.found[said["name"]] = said.get("value", "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None


def _is_sent(said):
    return said.get("type") not in ("checkbox", "radio") or "checked" in said


def fields_of(html, form_id):
    """Name -> value of every field of a form, as it stands."""
    reader = _Fields(form_id)
    reader.feed(html)
    assert reader.found, f"there is no form called {form_id}"
    return reader.found


def hidden(html, name):
    """What the first form that has such a field carries in it unseen."""
    return re.search(rf'name="{name}" value="([^"]+)"', html).group(1)
