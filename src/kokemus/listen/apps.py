from django.apps import AppConfig


class ListenConfig(AppConfig):
    name = "kokemus.listen"
    label = "listen"
