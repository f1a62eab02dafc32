"""A procedure's file: ours holds together, and each way of breaking it is named."""

import tomllib

import pytest

from toile.pathway.rules.checking import check
from toile.pathway.rules.matrix import matrix
from toile.pathway.rules.procedure import PROCEDURE_TOML, default_procedure, read_procedure
from toile.pathway.rules.procedure_tables import ProcedureRefused

TEXT = PROCEDURE_TOML.read_text(encoding="utf-8")
NEEDS = {need.code: not need.unserved for need in matrix().needs.values()}
NB = "\u00a0"
Q12 = '{ fact = "Q09", among = ["job_seeker"] }'


def faults_of(text: str) -> set[tuple[str, str]]:
    return {(fault.code, fault.where) for fault in check(read_procedure(text), NEEDS)}


def changed(before: str, after: str) -> str:
    assert TEXT.count(before) >= 1, before
    return TEXT.replace(before, after, 1)


def test_ours_holds_together_and_says_that_it_is_ours():
    ours = default_procedure()
    assert check(ours, NEEDS) == ()
    assert [question.code for question in ours.questions] == [f"Q{number:02d}" for number in range(1, 26)]
    assert "le questionnaire officiel de CREAFIL n’est pas public" in ours.said(ours.origin)


@pytest.mark.parametrize(
    "word", ["santé", "handicap", "nationalité", "origine ethnique", "religion", "syndica", "opinion"]
)
def test_it_never_asks_about_health_origin_or_opinions(word):
    asked = tomllib.loads(TEXT)["question"]
    assert word not in str(asked).lower()


@pytest.mark.parametrize("code", ["Q04", "Q17", "Q18", "Q19", "Q20", "Q25"])
def test_where_a_question_touches_the_ess_the_adviser_has_a_note(code):
    assert default_procedure().question(code).note["fr"]


def test_the_words_to_the_holder_may_differ_from_those_to_the_adviser():
    question = default_procedure().question("Q08")
    assert (question.wording["fr"], question.adviser["fr"]) == (
        "Que savez-vous faire, à vous tous\u202f?",
        "Compétences de l’équipe",
    )


@pytest.mark.parametrize(
    ("before", "after", "code", "where"),
    [
        ('code = "Q18"', 'code = "Q17"', "duplicate", "Q17"),
        ('section = "equipe"', 'section = "argent-2"', "unknown_section", "Q08"),
        ('among = ["job_seeker"]', 'among = ["jobseeker"]', "unknown_value", "question Q12"),
        ('if = [{ fact = "gap"', 'if = [{ fact = "gape"', "unknown_fact", "question Q16"),
        (Q12, '{ fact = "stage", among = ["creation"] }', "unknown_fact", "question Q12"),
        (Q12, '{ fact = "Q09", over = 3 }', "wrong_test", "question Q12"),
        (Q12, '{ fact = "Q08.there", among = ["law"] }', "wrong_test", "question Q12"),
        ('feeds = ["loan"]', 'feeds = []', "feeds_nothing", "Q16"),
        ('gives.ess_profit = 1', 'gives.ess_benefit = 1', "unknown_feed", "Q18, réponse mixed"),
        ('gives.ess_profit = 1', 'gives.ess_profit = 3', "unknown_value", "Q18, réponse mixed"),
        ('gives.path = "creation"', 'gives.path = "invention"', "unknown_value", "Q02, réponse create"),
        ('gives.need = "ptce"', 'gives.need = "pole"', "unknown_need", "Q24.wishes, réponse pole"),
        ('gives.need = "ptce"', '', "unserved_need", "ptce"),
        ('[[need]]\ncode = "locaux"', '[[need]]\ncode = "lieux"', "unknown_need", "lieux"),
        ('unserved = []', 'unserved = ["locaux"]', "served_and_not", "locaux"),
        ('languages = ["fr"]', 'languages = ["fr", "en"]', "missing_translation", "question Q25"),
        ('title.fr = "L’argent"', 'title.es = "El dinero"', "undeclared_language", "section argent"),
        ('questions = ["Q13"]', 'questions = ["Q31"]', "unknown_question", "shares"),
        ('feeds = ["consent"]', 'feeds = ["wishes"]', "dead_end", "consent"),
        ('"3"\nwording.fr = "on m’a déjà', '"4"\nwording.fr = "on m’a déjà', "wrong_options", "Q07"),
    ],
)  # fmt: skip
def test_each_way_of_breaking_it_is_named(before, after, code, where):
    assert (code, where) in faults_of(changed(before, after))


def test_questions_that_wait_for_each_other_are_a_loop():
    text = changed(
        'feeds = ["situation"]\nif = [{ fact = "Q01"',
        'feeds = ["situation"]\nif = [{ fact = "Q12", known = true }, { fact = "Q01"',
    )
    found = faults_of(text)
    assert ("loop", "Q09") in found
    assert not {code for code, _ in found} & {"too_early", "unreachable"}


def test_a_question_that_waits_for_a_later_one_comes_too_early():
    text = changed(
        'if = [{ fact = "Q02", among = ["create"], or_unknown = true }]', 'if = [{ fact = "Q17", among = ["me"] }]'
    )
    assert ("too_early", "Q06") in faults_of(text)


def test_a_question_that_no_answer_leads_to_is_unreachable():
    text = changed(Q12, Q12 + ', { fact = "Q01", among = ["existing"] }')
    assert ("unreachable", "Q12") in faults_of(text)


def test_a_path_on_which_consent_is_never_asked_is_a_dead_end():
    text = changed(
        'short.fr = "Accords"',
        'short.fr = "Accords"\nif = [{ fact = "Q01", among = ["alone", "group"], or_unknown = true }]',
    )
    assert ("dead_end", "Q25") in faults_of(text)


def test_a_need_nobody_serves_owes_no_question_and_may_be_declared():
    text = changed('gives.need = "ptce"', "")
    assert check(read_procedure(text), NEEDS | {"ptce": False}) == ()
    assert faults_of(text.replace("unserved = []", 'unserved = ["ptce"]')) == set()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code =", "TOML lisible"),
        ("", "languages"),
        ("#" + "x" * 600_000, "trop grand"),
        (TEXT.replace("version = 1", 'version = "un"'), "nombre entier"),
        (TEXT.replace('languages = ["fr"]', "languages = []"), "au moins une langue"),
        (TEXT.replace('kind = "scale"', 'kind = "smiley"', 1), "l’un de one, many"),
        (
            TEXT.replace('wording.fr = "Vous portez ce projet…"', 'wording = "Vous portez ce projet…"'),
            "un texte par langue",
        ),
        (TEXT.replace("low = 0", "low = 6000", 1), "plus petit"),
        (TEXT.replace("steps = [1, 5, 10]", "steps = [5, 1]"), "nombres croissants"),
        (TEXT.replace('kind = "parts"', 'kind = "text"', 1), "vont ensemble"),
        (TEXT.replace("sums_to = 100", 'sums_to = 100\ncolour = "red"'), "n’est pas compris"),
        (TEXT.replace("among = [", "amongst = [", 1), "ne comprend pas"),
    ],
)
def test_a_file_that_is_not_a_procedure_is_refused_with_its_reason(text, said):
    with pytest.raises(ProcedureRefused) as refused:
        read_procedure(text)
    assert said in refused.value.message.replace(NB, " ")


def test_one_text_may_come_in_several_languages_and_falls_back_on_the_first():
    text = changed('title.fr = "Premier accueil"', 'title.fr = "Premier accueil"\ntitle.en = "First reception"')
    procedure = read_procedure(text)
    assert [procedure.said(procedure.title, language) for language in ("en", "es", "")] == [
        "First reception", "Premier accueil", "Premier accueil",
    ]  # fmt: skip
