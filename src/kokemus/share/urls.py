"""Pages of what the answers say."""

from django.urls import path

from kokemus.share.views import answers

urlpatterns = [
    path("overview/", answers.overview, name="overview"),
    path("overview/charts/<slug:name>/", answers.chart, name="overview-chart"),
    path("responses/", answers.responses, name="responses"),
    path("responses/export.csv", answers.export, name="responses-export"),
    path("responses/<uuid:key>/", answers.response, name="response"),
    path("demo/steps/<slug:code>/", answers.see_step, name="demo-step"),
    path("demo/dismiss/", answers.dismiss_tour, name="demo-dismiss"),
]
