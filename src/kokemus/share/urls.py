"""Pages of what the answers say."""

from django.urls import path

from kokemus.share import views

urlpatterns = [
    path("overview/", views.overview, name="overview"),
    path("overview/charts/<slug:name>/", views.chart, name="overview-chart"),
    path("responses/", views.responses, name="responses"),
    path("responses/export.csv", views.export, name="responses-export"),
    path("responses/<uuid:key>/", views.response, name="response"),
    path("demo/steps/<slug:code>/", views.see_step, name="demo-step"),
    path("demo/dismiss/", views.dismiss_tour, name="demo-dismiss"),
]
