"""The database itself refuses to change what must not change: versions, and the audit."""

from django.db import migrations

# (table, operation, what is said)
REFUSED = [
    ("store_version", "UPDATE", "a published version cannot be changed"),
    ("store_auditentry", "UPDATE", "the audit cannot be changed"),
    ("store_auditentry", "DELETE", "the audit cannot be shortened"),
]


def refuse(apps, schema_editor):
    for table, operation, words in REFUSED:
        name = f"{table}_no_{operation.lower()}"
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {operation} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
            continue
        schema_editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = 'restrict_violation'; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {operation} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def allow(apps, schema_editor):
    for table, operation, _words in REFUSED:
        name = f"{table}_no_{operation.lower()}"
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION {name}()")


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]

    operations = [migrations.RunPython(refuse, allow)]
