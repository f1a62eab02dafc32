"""The addresses of the news, under `/actualites/`."""

from django.urls import path

from toile.directory.views import news, news_moderation
from toile.kernel.lists.views import list_view

app_name = "news"
urlpatterns = [
    path("", list_view("news"), name="list"),
    path("<uuid:pk>/", news.page, name="page"),
    path("<uuid:pk>/modifier/", news.change, name="change"),
    path("<uuid:pk>/apercu/", news.preview, name="preview"),
    path("<uuid:pk>/retirer/", news.withdraw, name="withdraw"),
    path("<uuid:pk>/signaler/", news_moderation.report, name="report"),
    path("<uuid:pk>/moderer/", news_moderation.moderate, name="moderate"),
    path("<uuid:pk>/repondre/", news_moderation.answer, name="answer"),
    path("<uuid:pk>/commenter/", news_moderation.comment, name="comment"),
    path("commentaires/<uuid:pk>/masquer/", news_moderation.comment_hide, name="comment_hide"),
]
