"""The rows. Each module holds the models of one matter and the sets (QuerySets) of their rows."""

from kokemus.store.models.access import ApiKey, AuditEntry, Revision
from kokemus.store.models.cases import Case, CaseEvent, Leg, Opening, TriageRule
from kokemus.store.models.comments import (
    CommentReading,
    EmbeddingFacts,
    Feeling,
    FoundTheme,
    Progress,
    ReadTheme,
    SentimentCorrection,
    SentimentFit,
)
from kokemus.store.models.contacts import Account, Contact, Encounter, EncounterParty
from kokemus.store.models.deliveries import Delivery
from kokemus.store.models.embeddings import CommentEmbedding
from kokemus.store.models.heartbeats import Heartbeat
from kokemus.store.models.hidden_names import HiddenNames, ListChange
from kokemus.store.models.imports import ImportRun
from kokemus.store.models.journeys import Journey, Stage, Touchpoint
from kokemus.store.models.organisation import (
    Member,
    MemberInvite,
    Organisation,
    Role,
    Unit,
)
from kokemus.store.models.responses import Response
from kokemus.store.models.surveys import Survey, Version
from kokemus.store.models.themes import STARTING_THEMES, Theme, ThemeEvent, ThemeExample

__all__ = [
    "STARTING_THEMES",
    "Account",
    "ApiKey",
    "AuditEntry",
    "Case",
    "CaseEvent",
    "CommentEmbedding",
    "CommentReading",
    "Contact",
    "Delivery",
    "EmbeddingFacts",
    "Encounter",
    "EncounterParty",
    "Feeling",
    "FoundTheme",
    "Heartbeat",
    "HiddenNames",
    "ImportRun",
    "Journey",
    "Leg",
    "ListChange",
    "Member",
    "MemberInvite",
    "Opening",
    "Organisation",
    "Progress",
    "ReadTheme",
    "Response",
    "Revision",
    "Role",
    "SentimentCorrection",
    "SentimentFit",
    "Stage",
    "Survey",
    "Theme",
    "ThemeEvent",
    "ThemeExample",
    "Touchpoint",
    "TriageRule",
    "Unit",
    "Version",
]
