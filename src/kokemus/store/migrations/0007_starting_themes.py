"""Every organisation has the starting themes; the history of a theme cannot be changed."""

from django.db import migrations

CODES = [
    "waiting",
    "staff",
    "competence",
    "price",
    "delivery",
    "product",
    "digital",
    "information",
    "accessibility",
    "promises",
    "handoffs",
    "recovery",
]
NAME, TABLE = "store_themeevent_no_update", "store_themeevent"
WORDS = "the history of a theme cannot be changed"


def lay_down_themes(apps, schema_editor):
    alias = schema_editor.connection.alias
    theme = apps.get_model("store", "Theme")
    organisations = apps.get_model("store", "Organisation").objects.using(alias)
    theme.objects.using(alias).bulk_create(
        [
            theme(organisation_id=key, code=code, is_starting=True)
            for key in organisations.values_list("pk", flat=True)
            for code in CODES
        ],
        ignore_conflicts=True,
    )


def refuse(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
        )
        return
    schema_editor.execute(
        f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {NAME} BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {NAME}()"
    )


def allow(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {NAME}")
        return
    schema_editor.execute(f"DROP TRIGGER {NAME} ON {TABLE}")
    schema_editor.execute(f"DROP FUNCTION {NAME}()")


class Migration(migrations.Migration):
    dependencies = [("store", "0006_reading_turn")]

    operations = [
        migrations.RunPython(refuse, allow),
        migrations.RunPython(lay_down_themes, migrations.RunPython.noop),
    ]
