"""Which readings changed since the column files were written, without looking at them all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0010_tried_imports")]

    operations = [
        migrations.AddIndex(
            "commentreading",
            models.Index(
                models.F("organisation"), models.F("read_at"), name="reading_by_change"
            ),
        )
    ]
