"""Structured logs, one JSON object a line, without personal data."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

FIELDS = ("event", "path", "status", "seconds", "count", "delivery", "case", "unit")


class JsonFormatter(logging.Formatter):
    """Writes time, level, logger, message and the known extra fields; never addresses or texts."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
