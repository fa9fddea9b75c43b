"""What import-linter cannot say: who writes rows, who reads frames, and sizes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "kokemus"
FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60
WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "acreate",
    "get_or_create",
    "update_or_create",
}
BANNED_NAMES = {"utils", "common", "core", "helpers", "services", "managers"}


def modules(*, outside: tuple[str, ...] = ()) -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE)
        if "migrations" not in place.parts and place.parts[0] not in outside:
            yield path


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def is_row_write(call: ast.Call) -> bool:
    """Whether a call writes rows through the ORM: ``X.objects.create()``, ``x.save()`` and kin."""
    if not isinstance(call.func, ast.Attribute):
        return False
    name, receiver = call.func.attr, ast.unparse(call.func.value)
    if name in WRITES:
        return "objects" in receiver
    if name in {"update", "delete"}:
        return "objects" in receiver
    return name == "save" and not call.args and "form" not in receiver


def test_only_store_writes_rows() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in modules(outside=("store",))
        for call in calls(path)
        if is_row_write(call)
    ]
    assert found == []


def test_a_row_written_outside_store_is_seen() -> None:
    code = "Case.objects.filter(a=1).update(b=2)\ncase.save()\nUnit.objects.create()\nx.update({})"
    tree = ast.parse(code)
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and is_row_write(node)]
    assert len(found) == 3


def imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def test_one_seam_to_dataframes() -> None:
    """`narwhals` in measure and comments each at one place; `polars` where files come in."""
    allowed = {
        "narwhals": re.compile(r"measure/_frame/.*|(store|comments)/frames\.py"),
        "polars": re.compile(r"store/(frames|lake|lake_tables)\.py|cli/_files\.py|simulate/.*"),
    }
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules()
        for name, line in imports(path)
        for library, places in allowed.items()
        if name.split(".")[0] == library
        and not places.fullmatch(path.relative_to(SOURCE).as_posix())
    ]
    assert found == []


def test_doors_open_inward() -> None:
    """Stories never import the doors that stand beside them."""
    doors = {"views", "forms", "api", "jobs", "urls", "door"}
    found = []
    for folder in ("listen", "respond", "share", "members"):
        for path in sorted((SOURCE / folder).rglob("*.py")):
            if doors & {path.stem, path.parent.name} or "templatetags" in path.parts:
                continue
            found += [
                f"{path.relative_to(ROOT)}:{line} imports {name}"
                for name, line in imports(path)
                if name.startswith(f"kokemus.{folder}.") and name.split(".")[2] in doors
            ]
    assert found == []


def test_files_and_functions_stay_small() -> None:
    found = []
    for path in modules():
        text = path.read_text("utf-8")
        if len(text.splitlines()) > FILE_LINES_MAX:
            found.append(f"{path.relative_to(ROOT)} has over {FILE_LINES_MAX} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                start = node.body[1].lineno if ast.get_docstring(node) and node.body[1:] else None
                lines = (node.end_lineno or 0) - (start or node.lineno)
                if lines > FUNCTION_LINES_MAX:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines}")
    assert found == []


def test_no_file_is_named_for_nothing() -> None:
    found = [p for p in modules() if p.stem in BANNED_NAMES or p.parent.name in BANNED_NAMES]
    assert found == []


def test_comments_promise_nothing() -> None:
    words = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]) + r")\b")
    found = [str(p) for p in modules() if words.search(p.read_text("utf-8"))]
    assert found == []
