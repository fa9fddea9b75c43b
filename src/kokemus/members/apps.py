from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "kokemus.members"
    label = "members"

    def ready(self) -> None:
        from kokemus.members import sign_ins

        sign_ins.listen()
