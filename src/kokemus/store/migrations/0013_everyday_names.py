"""Which names of a list are everyday words too, found by the worker."""

from typing import Any

from django.db import migrations, models


def find_in_all_lists(apps: Any, schema_editor: Any) -> None:
    """The worker looks through each list once more."""
    apps.get_model("store", "HiddenNames").objects.update(applied_at=None)


class Migration(migrations.Migration):
    dependencies = [("store", "0012_hidden_names")]

    operations = [
        migrations.AddField("HiddenNames", "everyday", models.JSONField(default=list)),
        migrations.RunPython(find_in_all_lists, migrations.RunPython.noop),
    ]
