"""Personal data in what people write: found, with where it stands, and hidden.

Pure functions on text. Codes count only when their check digit is right; names are recognised in
their inflected forms by hashes of name registers, so that no list of names is shipped.
"""

from kokemus.comments.personal.finding import find_personal_data
from kokemus.comments.personal.given_names import GivenNames
from kokemus.comments.personal.redaction import redact
from kokemus.comments.personal.spans import KINDS, PersonalSpan

__all__ = ["KINDS", "GivenNames", "PersonalSpan", "find_personal_data", "redact"]
