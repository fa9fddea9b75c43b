"""Surveys, and what is published of them, may say that personal data is hidden at once."""

from django.db import migrations, models

TRIGGER = "store_version_no_update"


def refuse_again(apps, schema_editor):
    """SQLite copies a table that gets a column, and its triggers are lost with the old one."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER IF NOT EXISTS {TRIGGER} BEFORE UPDATE ON store_version "
            "BEGIN SELECT RAISE(ABORT, 'a published version cannot be changed'); END"
        )


class Migration(migrations.Migration):
    dependencies = [("store", "0007_starting_themes")]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, refuse_again),
        migrations.AddField(
            "survey",
            "hides_personal_data",
            models.BooleanField(default=False, verbose_name="hide personal data at once"),
        ),
        migrations.AddField(
            "version", "hides_personal_data", models.BooleanField(default=False)
        ),
        migrations.RunPython(refuse_again, migrations.RunPython.noop),
    ]
