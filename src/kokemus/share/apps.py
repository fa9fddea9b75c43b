from django.apps import AppConfig


class ShareConfig(AppConfig):
    name = "kokemus.share"
    label = "share"
