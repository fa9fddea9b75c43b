from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "kokemus.ui"
    label = "ui"
