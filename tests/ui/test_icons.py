from xml.etree import ElementTree

import pytest

from kokemus.ui.icons import DRAWINGS, NoSuchIcon, draw_icon


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_icon_is_well_formed_and_silent(name: str) -> None:
    drawing = ElementTree.fromstring(draw_icon(name))
    assert (drawing.get("aria-hidden"), drawing.get("viewBox")) == ("true", "0 0 24 24")
    assert len(drawing) > 0


def test_an_unknown_icon_is_named() -> None:
    with pytest.raises(NoSuchIcon, match="No icon 'unicorn'; there are: actions, arrow-down"):
        draw_icon("unicorn")
