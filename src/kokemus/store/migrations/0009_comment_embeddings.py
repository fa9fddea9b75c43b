"""What comments mean, as numbers, and which comments wait for them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0008_hides_personal_data")]

    operations = [
        migrations.CreateModel(
            name="CommentEmbedding",
            fields=[
                (
                    "response",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="embedding",
                        serialize=False,
                        to="store.response",
                    ),
                ),
                ("vector", models.BinaryField(max_length=384)),
                ("of", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="store.organisation",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            "commentreading", "awaits_embedding", models.BooleanField(default=False)
        ),
        migrations.AddIndex(
            "commentreading",
            models.Index(
                models.F("read_at"),
                condition=models.Q(("awaits_embedding", True)),
                name="reading_unembedded",
            ),
        ),
    ]
