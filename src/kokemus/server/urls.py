"""Where each address leads."""

from django.urls import URLPattern, URLResolver, include, path

from kokemus.server.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("", include("kokemus.listen.urls")),
]
