"""The kernel's addresses: what is not content lives under `/-/`; the team's work queue has its own."""

from django.urls import include, path

from . import views, views_components, views_jobs, views_personal, views_pictures, views_work

app_name = "kernel"
technical = [
    path("vide", views.empty, name="empty"),
    path("composants/", views_components.components, name="components"),
    path("sante", views.health, name="health"),
    path("pret", views.ready, name="ready"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("vie-privee/", views.privacy, name="privacy"),
    path("mentions-legales/", views.legal, name="legal"),
    path("traitements/", views_personal.treatments, name="treatments"),
    path("conservation/", views_personal.retention, name="retention"),
    path("images/<uuid:pk>/<int:width>.webp", views_pictures.picture, name="picture"),
    path("travaux/", views_jobs.jobs, name="jobs"),
    path("travaux/<uuid:pk>/", views_jobs.job, name="job"),
    path("travaux/<uuid:pk>/arreter/", views_jobs.cancel, name="job_cancel"),
    path("travaux/<uuid:pk>/relancer/", views_jobs.again, name="job_again"),
]
urlpatterns = [
    path("-/", include(technical)),
    path("a-traiter/", views_work.work, name="work"),
]
