"""The thread's addresses."""

from django.urls import path

from . import views, views_searches

app_name = "thread"
urlpatterns = [
    path("", views.territory, name="territory"),
    path("audit/", views.audit_page, name="audit"),
    path("recherches/", views_searches.searches, name="searches"),
    path("recherches/<uuid:pk>/", views_searches.search, name="search"),
    path("recherches/<uuid:pk>/supprimer/", views_searches.forget, name="search_forget"),
    path("recherches/arreter/<uuid:secret>/", views_searches.stop, name="search_stop"),
]
