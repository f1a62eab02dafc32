"""Addresses."""

app_name = "demo"
urlpatterns = []
