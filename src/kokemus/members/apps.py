from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "kokemus.members"
    label = "members"
