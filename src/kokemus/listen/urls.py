"""Pages of asking: journeys, surveys, and bringing in answers."""

from django.urls import path, re_path

from kokemus.listen.views import comments, hidden_names, imports, journeys, surveys

urlpatterns = [
    path("journeys/", journeys.journeys, name="journeys"),
    path("journeys/new/", journeys.new_journey, name="journey-new"),
    path("journeys/<int:pk>/stages/new/", journeys.new_stage, name="stage-new"),
    path("journeys/<int:pk>/touchpoints/new/", journeys.new_touchpoint, name="touchpoint-new"),
    path("touchpoints/<int:pk>/", journeys.touchpoint, name="touchpoint"),
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/new/", surveys.new_survey, name="survey-new"),
    path("surveys/<int:pk>/", surveys.survey, name="survey"),
    path("surveys/<int:pk>/preview/", surveys.preview, name="survey-preview"),
    path("surveys/<int:pk>/open-or-close/", surveys.open_or_close, name="survey-open-or-close"),
    re_path(r"^surveys/(?P<pk>\d+)/code\.(?P<form>svg|png|pdf)$", surveys.code, name="survey-code"),
    path("imports/", imports.imports, name="import-responses"),
    path("imports/<int:pk>/", imports.import_run, name="import-run"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import-progress"),
    path("imports/<int:pk>/refused.csv", imports.import_refused, name="import-refused"),
    path("imports/<int:pk>/drop/", imports.import_drop, name="import-drop"),
    path("organisation/names/", hidden_names.hidden_names, name="hidden-names"),
    path("organisation/names/state/", hidden_names.state, name="hidden-names-state"),
    path("comments/<uuid:key>/show/", comments.show_comment, name="comment-show"),
]
