from pathlib import Path

from django.apps import AppConfig


class StoreConfig(AppConfig):
    name = "kokemus.store"
    label = "store"

    def ready(self) -> None:
        from django.conf import settings

        from kokemus.comments.dictionaries import keep_dictionaries_in

        keep_dictionaries_in(Path(settings.DATA_DIR) / "assets" / "words")
