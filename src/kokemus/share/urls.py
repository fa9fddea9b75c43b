"""Pages of what the answers say."""

from django.urls import path

from kokemus.share.views import answers, comments, themes

urlpatterns = [
    path("overview/", answers.overview, name="overview"),
    path("overview/charts/<slug:name>/", answers.chart, name="overview-chart"),
    path("responses/", answers.responses, name="responses"),
    path("responses/export.csv", answers.export, name="responses-export"),
    path("responses/<uuid:key>/", answers.response, name="response"),
    path("comments/", comments.comments, name="comments"),
    path("comments/export.csv", comments.export, name="comments-export"),
    path("comments/progress/", comments.progress, name="comments-progress"),
    path("comments/<uuid:key>/", comments.comment, name="comment"),
    path("comments/<uuid:key>/sentiment/", comments.sentiment, name="comment-sentiment"),
    path("comments/<uuid:key>/theme/", comments.theme, name="comment-theme"),
    path("comments/corrections/<int:key>/undo/", comments.undo_sentiment, name="sentiment-undo"),
    path("comments/examples/<int:key>/undo/", comments.undo_theme, name="theme-example-undo"),
    path("themes/", themes.themes, name="themes"),
    path("themes/apart/", themes.apart, name="themes-apart"),
    path("themes/found/", themes.found, name="themes-found"),
    path("themes/found/state/", themes.found_state, name="themes-found-state"),
    path("themes/new/", themes.new_theme, name="theme-new"),
    path("themes/<slug:code>/", themes.theme, name="theme"),
    path("themes/<slug:code>/charts/<slug:name>/", themes.chart, name="theme-chart"),
    path("themes/<slug:code>/rename/", themes.rename, name="theme-rename"),
    path("themes/<slug:code>/rename/undo/", themes.undo_rename, name="theme-rename-undo"),
    path("themes/<slug:code>/merge/", themes.merge, name="theme-merge"),
    path("themes/<slug:code>/split/", themes.split, name="theme-split"),
    path("themes/<slug:code>/retire/", themes.retire, name="theme-retire"),
    path("themes/<slug:code>/restore/", themes.restore, name="theme-restore"),
    path("demo/steps/<slug:code>/", answers.see_step, name="demo-step"),
    path("demo/dismiss/", answers.dismiss_tour, name="demo-dismiss"),
]
