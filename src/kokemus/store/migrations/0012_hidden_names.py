"""Names of people without an account that are hidden in comments."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0011_index_changed_readings")]

    operations = [
        migrations.CreateModel(
            name="HiddenNames",
            fields=[
                (
                    "organisation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="hidden_names",
                        serialize=False,
                        to="store.organisation",
                    ),
                ),
                ("names", models.JSONField(default=list)),
                ("applied", models.JSONField(default=list)),
                ("changed_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
