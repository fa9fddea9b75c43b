"""SQLite as the system of record: one writer at a time, in a fair order, durable at commit."""
