"""The thread's addresses."""

from django.urls import path

from . import views, views_live, views_notices, views_searches, views_webhooks

app_name = "thread"
urlpatterns = [
    path("", views.territory, name="territory"),
    path("direct/", views_live.live, name="live"),
    path("audit/", views.audit_page, name="audit"),
    path("recherches/", views_searches.searches, name="searches"),
    path("recherches/<uuid:pk>/", views_searches.search, name="search"),
    path("recherches/<uuid:pk>/supprimer/", views_searches.forget, name="search_forget"),
    path("recherches/arreter/<uuid:secret>/", views_searches.stop, name="search_stop"),
    path("avis/", views_notices.notices, name="notices"),
    path("avis/lus/", views_notices.read, name="notices_read"),
    path("avis/reprendre/", views_notices.resume, name="notices_resume"),
    path("avis/arreter/<uuid:secret>/<slug:rhythm>/", views_notices.stop, name="notices_stop"),
    path("abonnements/", views_notices.subscriptions, name="subscriptions"),
    path("webhooks/", views_webhooks.webhooks, name="webhooks"),
    path("webhooks/ajouter/", views_webhooks.add, name="webhook_add"),
    path("webhooks/mode-d-emploi/", views_webhooks.guide, name="webhooks_guide"),
    path("webhooks/<uuid:pk>/", views_webhooks.webhook, name="webhook"),
    path("webhooks/<uuid:pk>/essayer/", views_webhooks.try_out, name="webhook_try"),
    path("webhooks/<uuid:pk>/suspendre/", views_webhooks.pause, name="webhook_pause"),
    path("webhooks/<uuid:pk>/reprendre/", views_webhooks.resume, name="webhook_resume"),
    path("webhooks/<uuid:pk>/secret/", views_webhooks.renew, name="webhook_renew"),
    path("webhooks/<uuid:pk>/supprimer/", views_webhooks.remove, name="webhook_remove"),
    path("suivre/", views_notices.follow, name="follow"),
]
