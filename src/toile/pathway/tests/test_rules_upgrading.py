"""From one version of a procedure to the next: what changed, and which answers are still answers."""

from toile.pathway.rules.procedure import PROCEDURE_TOML, default_procedure, read_procedure
from toile.pathway.rules.upgrading import carry, changes

TEXT = PROCEDURE_TOML.read_text(encoding="utf-8")
OLD = default_procedure()


def new(*pairs: tuple[str, str]):
    text = TEXT
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after, 1)
    return read_procedure(text)


def told(after) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {change.question: (change.kind, change.what) for change in changes(OLD, after)}


def test_the_same_file_changes_nothing_and_carries_everything():
    answers = {"Q01": "alone", "Q07": 2, "Q12": None}
    assert changes(OLD, OLD) == ()
    assert carry(answers, OLD, OLD).kept == answers


def test_a_question_removed_another_added_are_said():
    after = new(('code = "Q11"', 'code = "Q26"'))
    assert told(after) == {"Q26": ("added", ()), "Q11": ("removed", ())}
    carried = carry({"Q11": 12, "Q01": "alone"}, OLD, after)
    assert (carried.kept, carried.dropped, carried.asked_again) == ({"Q01": "alone"}, ("Q11",), {})


def test_a_question_reworded_is_asked_again_and_one_better_explained_is_not():
    after = new(
        ("Dans quelle commune", "Où"),
        ("Son nom, ou son code postal.", "Son nom."),
        ("Le consentement se demande", "Il se demande"),
    )
    assert told(after) == {
        "Q03": ("reworded", ("la question", "l’aide")),
        "Q25": ("reworded", ("la note pour la personne qui reçoit",)),
    }
    carried = carry({"Q03": "Firminy", "Q25": {"who": ["door"], "months": "6"}}, OLD, after)
    assert set(carried.kept) == {"Q25"}
    assert set(carried.asked_again) == {"Q03"}


def test_an_answer_no_longer_offered_is_asked_again_and_the_others_are_kept():
    after = new(
        (
            'code = "members"\nwording.fr = "les membres, une personne une voix"',
            'code = "assembly"\nwording.fr = "l’assemblée"',
        )
    )
    assert told(after) == {"Q17": ("reshaped", ("les réponses proposées",))}
    assert carry({"Q17": "workers"}, OLD, after).kept == {"Q17": "workers"}
    assert set(carry({"Q17": "members"}, OLD, after).asked_again) == {"Q17"}


def test_an_answer_of_another_shape_is_asked_again():
    after = new(
        ('code = "Q06"\nsection = "idee"\nkind = "int"', 'code = "Q06"\nsection = "idee"\nkind = "text"'),
        ("steps = [1, 5, 10]\n", ""),
    )
    assert told(after)["Q06"][0] == "reshaped"
    assert set(carry({"Q06": 5}, OLD, after).asked_again) == {"Q06"}


def test_a_question_moved_is_said_and_its_answer_carries_over():
    text_17, text_18 = (
        TEXT[TEXT.index(f'[[question]]\ncode = "{one}"') : TEXT.index(f'[[question]]\ncode = "{two}"')]
        for one, two in (("Q17", "Q18"), ("Q18", "Q19"))
    )
    after = read_procedure(TEXT.replace(text_17 + text_18, text_18 + text_17))
    assert {change.kind for change in changes(OLD, after)} == {"moved"}
    assert carry({"Q17": "me"}, OLD, after).kept == {"Q17": "me"}
