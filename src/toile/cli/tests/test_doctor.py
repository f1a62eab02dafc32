"""`toile doctor`: every setting is explained, a sound installation passes, each thing that is wrong is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from typer.testing import CliRunner

import toile.config.settings
from toile.cli import examination
from toile.cli.doctor import declared_settings
from toile.cli.examination import Level
from toile.cli.main import app
from toile.thread import triggers

READ = re.compile(r"""(?:flag|listed|environ\.get|_said_yes)\(\s*["']([A-Z_]+)["']|environ\[["']([A-Z_]+)["']""")


def test_every_setting_that_is_read_is_explained_and_the_other_way_round() -> None:
    package = Path(toile.config.settings.__file__).parents[1]
    sources = [package / "config" / "settings.py", package / "accounts" / "configuration.py"]
    read = {max(names) for source in sources for names in READ.findall(source.read_text(encoding="utf-8"))}
    assert read == set(declared_settings())


def test_the_settings_are_explained_without_any_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOILE_SMTP_PASSWORD", "azerty-1234")
    monkeypatch.setenv("TOILE_NAME", "Loire solidaire")
    monkeypatch.setattr("toile.cli.doctor.examinations", lambda: ())
    answer = CliRunner().invoke(app, ["doctor", "--settings"], env={"COLUMNS": "200"})
    assert answer.exit_code == 0
    assert "Loire solidaire" in answer.output
    assert "azerty-1234" not in answer.output


@pytest.mark.django_db
def test_a_sound_database_has_its_migrations_and_its_triggers() -> None:
    for examine in (examination.database, examination.migrations, examination.triggers):
        assert [finding.level for finding in examine()] == [Level.GOOD], examine.__name__


@pytest.mark.django_db(transaction=True)
def test_a_trigger_that_was_dropped_is_found() -> None:
    name = triggers.names("thread_fact")[0]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + (" ON thread_fact" if connection.vendor == "postgresql" else ""))
    try:
        (finding,) = examination.triggers()
    finally:
        triggers.install()
    assert finding.level is Level.WRONG
    assert name in finding.sentence


@pytest.mark.parametrize(
    ("demo", "debug", "hosts", "level"),
    [
        (True, False, ["127.0.0.1", "toile.example.org"], Level.WRONG),
        (True, False, ["127.0.0.1"], Level.GOOD),
        (False, True, ["toile.example.org"], Level.WRONG),
        (False, False, ["toile.example.org"], Level.GOOD),
    ],
)
def test_a_demonstration_on_a_real_host_is_wrong(
    settings, demo: bool, debug: bool, hosts: list[str], level: Level
) -> None:
    settings.DEMO, settings.DEBUG, settings.ALLOWED_HOSTS = demo, debug, hosts
    assert [finding.level for finding in examination.demonstration()] == [level]


def test_a_short_key_is_wrong(settings) -> None:
    settings.SECRET_KEY = "courte"
    assert [finding.level for finding in examination.secret_key()] == [Level.WRONG]


def test_a_mail_server_that_does_not_answer_is_wrong(settings) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert [finding.level for finding in examination.mail()] == [Level.WRONG]


def test_mail_that_nobody_receives_is_a_warning_only_on_a_real_site(settings) -> None:
    settings.EMAIL_HOST = ""
    for demo, level in ((False, Level.WARNING), (True, Level.GOOD)):
        settings.DEMO = demo
        assert [finding.level for finding in examination.mail()] == [level]


def test_a_full_disk_is_told(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR = tmp_path
    assert [finding.level for finding in examination.disk()] == [Level.GOOD]
    monkeypatch.setattr(examination, "FREE_WANTED", 10**18)
    assert [finding.level for finding in examination.disk()] == [Level.WARNING]
