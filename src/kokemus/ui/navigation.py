"""The rail on the left and the bar at the bottom: what they list, in one place."""

from collections.abc import Container
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Item:
    """One destination: `name` is its URL name, `in_bar` puts it into the bar of phones."""

    name: str
    label: str | Promise
    icon: str
    in_bar: bool = False
    is_setting: bool = False


@dataclass(frozen=True)
class Link:
    """An item that can be followed now."""

    item: Item
    url: str
    is_current: bool


ITEMS = (
    Item("today", _("Today"), "today", in_bar=True),
    Item("overview", _("Scores"), "scores", in_bar=True),
    Item("comments", _("Comments"), "comments", in_bar=True),
    Item("journeys", _("Journeys"), "journey"),
    Item("surveys", _("Asking"), "asking", in_bar=True),
    Item("units", _("Units"), "units"),
    Item("settings-organisation", _("Organisation"), "settings", is_setting=True),
    Item("members", _("Members"), "members", is_setting=True),
    Item("settings-keys", _("API keys"), "key", is_setting=True),
    Item("import-responses", _("Import answers"), "import", is_setting=True),
    Item("rules", _("Rules"), "flag", is_setting=True),
    Item("deliveries", _("Deliveries"), "delivery", is_setting=True),
    Item("people", _("Personal data"), "user", is_setting=True),
    Item("audit", _("Audit log"), "audit", is_setting=True),
)


def list_links(*, path: str, allowed: Container[str] | None = None) -> list[Link]:
    """Return the items whose page exists and, if `allowed` is given, that are named in it.

    The current one is the item with the longest URL that the path starts with.
    """
    urls = {item: _find_url(item.name) for item in ITEMS if allowed is None or item.name in allowed}
    found = {item: url for item, url in urls.items() if url}
    here = max((url for url in found.values() if path.startswith(url)), key=len, default="")
    if here == "/" and path != "/":
        here = ""
    return [Link(item, url, is_current=url == here) for item, url in found.items()]


def _find_url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
