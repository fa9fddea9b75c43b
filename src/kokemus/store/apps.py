from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "kokemus.store"
    label = "store"
