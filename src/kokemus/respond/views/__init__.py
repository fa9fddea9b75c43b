"""The doors of respond: each reads the request and the clock, calls one story, and shows it."""
