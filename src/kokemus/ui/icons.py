# ruff: noqa: E501  (a drawing is one line)
"""The icons of Kokemus: strokes on a 24 px square, drawn by us."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_HEAD = '<circle cx="12" cy="12" r="9"/><path d="M9 9.75v.5M15 9.75v.5'
_PLAIN_FACE = f'{_HEAD}M8.5 15.25h7"/>'

DRAWINGS = {
    "mark": '<path d="M5.5 13a6.5 6.5 0 0 1 13 0"/><path d="M2.5 13h19M6 16.75h12M9.5 20.5h5"/>',
    # The rail
    "today": '<path d="M4 13.5 6.2 5h11.6L20 13.5V19H4z"/><path d="M4 13.5h4.5l1.5 2.5h4l1.5-2.5H20"/>',
    "scores": '<path d="M3.5 17.5 9 11l4 3.5 7.5-9"/><path d="M3.5 21h17"/>',
    "journey": '<circle cx="5.5" cy="18" r="2.5"/><circle cx="18.5" cy="6" r="2.5"/>'
    '<path d="M8 18h7a3 3 0 0 0 0-6H9a3 3 0 0 1 0-6h7"/>',
    "units": '<rect x="9" y="3" width="6" height="5" rx="1"/><rect x="3" y="16" width="6" height="5" rx="1"/>'
    '<rect x="15" y="16" width="6" height="5" rx="1"/><path d="M12 8v4M6 16v-4h12v4"/>',
    "asking": '<path d="M4 5h16v11h-8l-4.5 4v-4H4z"/><path d="M8 9h8M8 12h5"/>',
    "members": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.4-4 3-6 6.5-6s6.1 2 6.5 6"/>'
    '<path d="M15.5 4.8a3.5 3.5 0 0 1 0 6.4M18 14.5c2 .8 3.2 2.7 3.5 5.5"/>',
    "key": '<circle cx="8" cy="15.5" r="4.5"/><path d="m11.5 12.5 8-8M16 8l3 3M13.5 10.5l1.5 1.5"/>',
    "import": '<path d="M12 3v11M7.5 10 12 14.5 16.5 10M4 16v4.5h16V16"/>',
    "delivery": '<path d="M21 3 3 10.5l7 3 3 7z"/><path d="m21 3-11 10.5"/>',
    "audit": '<path d="M12 3 5 5.5V11c0 4.8 2.8 8 7 10 4.2-2 7-5.2 7-10V5.5z"/><path d="m9 11.5 2.2 2.2L15.5 9.5"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
    "more": '<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3"/>',
    "drivers": '<path d="M4 6h14M4 12h9M4 18h5"/>',
    "comments": '<path d="M3.5 5h12v8h-6L6 16v-3H3.5z"/><path d="M18 9h2.5v8H18v3l-3.5-3H10"/>',
    "lenses": '<circle cx="12" cy="8.5" r="5.5"/><circle cx="8.5" cy="15" r="5.5"/><circle cx="15.5" cy="15" r="5.5"/>',
    "money": '<ellipse cx="12" cy="6" rx="7" ry="3"/><path d="M5 6v6c0 1.7 3.1 3 7 3s7-1.3 7-3V6"/>'
    '<path d="M5 12v6c0 1.7 3.1 3 7 3s7-1.3 7-3v-6"/>',
    "actions": '<path d="M4 6.5 5.5 8 8.5 5M4 16.5 5.5 18l3-3M12 7h8M12 17h8"/>',
    # States
    "good": f'{_HEAD}M8 14.25c1 1.5 2.4 2.25 4 2.25s3-.75 4-2.25"/>',
    "middle": _PLAIN_FACE,
    "bad": f'{_HEAD}M8 16.5c1-1.5 2.4-2.25 4-2.25s3 .75 4 2.25"/>',
    "check": '<path d="m4.5 12.5 5 5 10-11"/>',
    "done": '<circle cx="12" cy="12" r="9"/><path d="m8 12.25 2.75 2.75L16 9.5"/>',
    "warning": '<path d="M12 3.5 2.5 20h19z"/><path d="M12 10v4.5M12 17.25v.01"/>',
    "error": '<path d="M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3z"/><path d="M12 7.5v5.5M12 16.25v.01"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.75v.01"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.25l3.5 2"/>',
    "unknown": '<circle cx="12" cy="12" r="9"/><path d="M9.25 9.5a2.8 2.8 0 1 1 4 2.5c-.9.4-1.25 1-1.25 2M12 17v.01"/>',
    "pause": '<path d="M8.5 5v14M15.5 5v14"/>',
    "lock": '<rect x="5" y="11" width="14" height="9.5" rx="1.5"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "star": '<path d="m12 3.5 2.6 5.6 6 .7-4.5 4.1 1.25 6L12 16.9 6.65 19.9l1.25-6-4.5-4.1 6-.7z"/>',
    "thumb-up": '<path d="M7.5 10.5v10h-4v-10zM7.5 11l3.5-7.5c1.7 0 2.5 1 2.5 2.5v3.5h5.5c1.2 0 2 1 1.7 2.2l-1.5 7a2 2 0 0 1-2 1.8H7.5"/>',
    "thumb-down": '<path d="M7.5 13.5v-10h-4v10zM7.5 13l3.5 7.5c1.7 0 2.5-1 2.5-2.5v-3.5h5.5c1.2 0 2-1 1.7-2.2l-1.5-7a2 2 0 0 0-2-1.8H7.5"/>',
    # Doing
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "filter": '<path d="M3.5 5h17l-6.5 8v6.5l-4-2V13z"/>',
    "edit": '<path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19z"/><path d="m14 6.5 3.5 3.5"/>',
    "trash": '<path d="M4 6.5h16M9 6.5V4h6v2.5M6 6.5 7 20.5h10l1-14M10 10.5v6M14 10.5v6"/>',
    "copy": '<rect x="8.5" y="8.5" width="12" height="12" rx="1.5"/><path d="M15.5 8.5v-5h-12v12h5"/>',
    "undo": '<path d="M8.5 5 4 9.5 8.5 14"/><path d="M4 9.5h10a5 5 0 0 1 0 10h-4"/>',
    "refresh": '<path d="M20 5v5h-5M4 19v-5h5"/><path d="M19.5 10A8 8 0 0 0 5.5 7.5M4.5 14a8 8 0 0 0 14 2.5"/>',
    "download": '<path d="M12 3v12M7.5 11l4.5 4.5 4.5-4.5M4 20.5h16"/>',
    "upload": '<path d="M12 15.5V3.5M7.5 8 12 3.5 16.5 8M4 20.5h16"/>',
    "print": '<path d="M7 8.5V3.5h10v5M7 17H3.5V8.5h17V17H17"/><path d="M7 14h10v6.5H7z"/>',
    "qr": '<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM20 14v6h-3"/>',
    "link": '<path d="M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12.5 6"/>'
    '<path d="M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7L11.5 18"/>',
    "external": '<path d="M10 4.5H4.5v15h15V14M14 4.5h5.5V10M19.5 4.5 11 13"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/><circle cx="12" cy="12" r="3"/>',
    "mail": '<rect x="3" y="5" width="18" height="14" rx="1.5"/><path d="m3.5 6.5 8.5 7 8.5-7"/>',
    "phone": '<path d="M5 3.5h4l1.5 5L8 10.5a12 12 0 0 0 5.5 5.5l2-2.5 5 1.5v4c0 .8-.7 1.5-1.5 1.5C10.5 20 4 13.5 3.5 5c0-.8.7-1.5 1.5-1.5z"/>',
    "note": '<path d="M5 3.5h14v11.5l-5.5 5.5H5z"/><path d="M19 15h-5.5v5.5M8.5 8h7M8.5 11.5h4"/>',
    "hand-off": '<path d="M3 8h13M12 4l4 4-4 4M21 16H8M12 12l-4 4 4 4"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.5-4.3 3.5-6.5 7.5-6.5s7 2.2 7.5 6.5"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="1.5"/><path d="M3.5 10h17M8 3v4M16 3v4"/>',
    "flag": '<path d="M5 21V4M5 4.5h12.5L15 9l2.5 4.5H5"/>',
    "table": '<rect x="3.5" y="4.5" width="17" height="15" rx="1.5"/><path d="M3.5 9.5h17M3.5 14.5h17M9.5 9.5v10"/>',
    "play": '<path d="M7 4.5v15l12-7.5z"/>',
    "sign-out": '<path d="M14 4H5v16h9M10 12h11M17.5 8.5 21 12l-3.5 3.5"/>',
    "chevron-right": '<path d="m9 5 7 7-7 7"/>',
    "chevron-left": '<path d="m15 5-7 7 7 7"/>',
    "chevron-down": '<path d="m5 9 7 7 7-7"/>',
    "arrow-right": '<path d="M4 12h16M14 6l6 6-6 6"/>',
    "arrow-up": '<path d="M12 20V4M6 10l6-6 6 6"/>',
    "arrow-down": '<path d="M12 4v16M6 14l6 6 6-6"/>',
    "human": '<circle cx="12" cy="7" r="3.5"/><path d="M5 21v-2.5c0-3 2.5-5 7-5s7 2 7 5V21"/>',
    "digital": '<rect x="7" y="2.5" width="10" height="19" rx="2"/><path d="M11 18.5h2"/>',
    "physical": '<path d="M4 9.5 12 3l8 6.5V21H4z"/><path d="M9.5 21v-6.5h5V21"/>',
    # Themes and language
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z"/>',
    "system": '<rect x="3" y="4" width="18" height="12.5" rx="1.5"/><path d="M8.5 20.5h7M12 16.5v4"/>',
    "language": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c5.3 5.5 5.3 12.5 0 18M12 3c-5.3 5.5-5.3 12.5 0 18"/>',
}  # fmt: skip


class NoSuchIcon(LookupError):
    pass


def draw_icon(name: str, *, size_class: str = "") -> SafeString:
    """Return the icon as inline SVG, hidden from screen readers: the word stands beside it."""
    try:
        drawing = DRAWINGS[name]
    except KeyError:
        raise NoSuchIcon(f"No icon {name!r}; there are: {', '.join(sorted(DRAWINGS))}") from None
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        f" {size_class}" if size_class else "",
        mark_safe(drawing),  # noqa: S308  (our own drawings, above)
    )
