from django.apps import AppConfig


class ServerConfig(AppConfig):
    name = "kokemus.server"
    label = "server"
