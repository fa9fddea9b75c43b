from django.urls import path

from kokemus.respond.views import cases, deliveries, rules, today

urlpatterns = [
    path("today/", today.today, name="today"),
    path("cases/<int:number>/", cases.case, name="case"),
    path("cases/<int:number>/take/", cases.take, name="case-take"),
    path("cases/<int:number>/put-back/", cases.put_back, name="case-put-back"),
    path("cases/<int:number>/note/", cases.note, name="case-note"),
    path("cases/<int:number>/reply/", cases.reply, name="case-reply"),
    path("cases/<int:number>/hand-off/", cases.hand_off, name="case-hand-off"),
    path("cases/<int:number>/resolve/", cases.resolve, name="case-resolve"),
    path("cases/<int:number>/reopen/", cases.reopen, name="case-reopen"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/retry/", deliveries.retry_all, name="deliveries-retry"),
    path("deliveries/<int:key>/retry/", deliveries.retry, name="delivery-retry"),
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.new_rule, name="rule-new"),
    path("rules/preview/", rules.preview, name="rule-preview"),
    path("rules/restore/", rules.restore, name="rule-restore"),
    path("rules/<int:key>/", rules.rule, name="rule"),
    path("rules/<int:key>/pause/", rules.pause, name="rule-pause"),
    path("rules/<int:key>/resume/", rules.resume, name="rule-resume"),
    path("rules/<int:key>/remove/", rules.remove, name="rule-remove"),
]
