"""The kernel's addresses, all under `/-/`."""

from django.urls import path

from . import views, views_components, views_jobs

app_name = "kernel"
urlpatterns = [
    path("vide", views.empty, name="empty"),
    path("composants/", views_components.components, name="components"),
    path("sante", views.health, name="health"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("vie-privee/", views.privacy, name="privacy"),
    path("mentions-legales/", views.legal, name="legal"),
    path("travaux/", views_jobs.jobs, name="jobs"),
    path("travaux/<uuid:pk>/", views_jobs.job, name="job"),
    path("travaux/<uuid:pk>/arreter/", views_jobs.cancel, name="job_cancel"),
    path("travaux/<uuid:pk>/relancer/", views_jobs.again, name="job_again"),
]
