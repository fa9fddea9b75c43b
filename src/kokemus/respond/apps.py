from django.apps import AppConfig


class RespondConfig(AppConfig):
    name = "kokemus.respond"
    label = "respond"
