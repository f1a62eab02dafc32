"""The thread's addresses."""

from django.urls import path

from . import views

app_name = "thread"
urlpatterns = [
    path("", views.territory, name="territory"),
    path("audit/", views.audit_page, name="audit"),
]
