"""Where each address leads. A folder's own addresses are in its `urls.py`."""

from django.urls import URLPattern, URLResolver, include, path

from kokemus.server import health
from kokemus.server.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    path("api/", api.urls),
    path("", include("kokemus.listen.urls")),
    path("", include("kokemus.members.urls")),
    path("", include("kokemus.respond.urls")),
    path("", include("kokemus.share.urls")),
]

handler429 = "kokemus.members.views.entry.too_many"
