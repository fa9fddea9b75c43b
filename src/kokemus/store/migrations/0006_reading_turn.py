"""Which comments wait to be read, in a narrow index: those of the past, to begin with.

The column is added without its default, so that SQLite need not copy the whole table.
"""

from django.db import migrations, models

FRESH, PAST = 1, 2
CHOICES = [(1, "Just arrived"), (2, "Of the past"), (3, "To be read again")]


def queue_past_comments(apps, schema_editor):
    responses = apps.get_model("store", "Response").objects.using(schema_editor.connection.alias)
    responses.exclude(comment="").update(reading_turn=PAST)


class Migration(migrations.Migration):
    dependencies = [("store", "0005_comment_readings")]

    operations = [
        migrations.AddField(
            "response", "reading_turn", models.SmallIntegerField(null=True, choices=CHOICES)
        ),
        migrations.RunPython(queue_past_comments, migrations.RunPython.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "response",
                    "reading_turn",
                    models.SmallIntegerField(null=True, default=FRESH, choices=CHOICES),
                )
            ]
        ),
        migrations.AddIndex(
            "response",
            models.Index(
                models.F("reading_turn"),
                models.F("changed_at"),
                condition=models.Q(("reading_turn__isnull", False)),
                name="response_unread",
            ),
        ),
    ]
