"""Whether a procedure holds together: every question reached, no dead end, no unknown word, every need led to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from toile.pathway.rules.branches import Branches, depends_on
from toile.pathway.rules.conditions import Condition
from toile.pathway.rules.facts import FactDeclared, facts_declared
from toile.pathway.rules.procedure import CHOICES, Field, Procedure, Question, texts


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a procedure. code: its kind; where: what it is about; sentence: in French, how to mend it."""

    code: str
    where: str
    sentence: str


def check(procedure: Procedure, known_needs: Mapping[str, bool]) -> tuple[Fault, ...]:
    """Everything wrong with a procedure, in the order of its file by kind; nothing when it may be put in force.

    known_needs: need of the matrix → whether somebody serves it. Every need must have an answer that leads to it, or be
    served by nobody, or be declared in the procedure's `unserved` (issue « Parcours »: every need served or declared
    unserved). Branches are looked at one by one (rules/branches.py): a derived fact may have any of its values.
    """
    return tuple(
        chain(
            _doubles(procedure),
            _places(procedure),
            _translations(procedure),
            _conditions(procedure),
            _feeds(procedure, known_needs),
            _needs(procedure, known_needs),
            _ways(procedure),
        )
    )


def _doubles(procedure: Procedure) -> Iterator[Fault]:
    lists: list[tuple[str, Iterable[str]]] = [
        ("sections", (section.code for section in procedure.sections)),
        ("questions", (question.code for question in procedure.questions)),
    ]
    for question in procedure.questions:
        lists.append((f"parties de {question.code}", (each.code for each in question.parts)))
        lists += [(f"réponses de {_named(question, each)}", (o.code for o in each.options)) for each in question.parts]
    for name in ("contradictions", "needs", "potential", "attention"):
        if name != "needs":
            lists.append((name, (rule.code for rule in getattr(procedure, name))))
    for name, codes in lists:
        for code, count in Counter(codes).items():
            if count > 1:
                yield Fault(
                    "duplicate", code, f"« {code} » est dit {count} fois parmi les {name} : renommez l’un d’eux."
                )


def _named(question: Question, each: Field) -> str:
    return f"{question.code}.{each.code}" if each.code else question.code


def _places(procedure: Procedure) -> Iterator[Fault]:
    sections = {section.code for section in procedure.sections}
    for question in procedure.questions:
        if question.section not in sections:
            sentence = f"La question {question.code} est rangée dans une section inconnue, « {question.section} »."
            yield Fault("unknown_section", question.code, sentence)
    used = {question.section for question in procedure.questions}
    for code in sections - used:
        yield Fault("empty_section", code, f"La section « {code} » n’a aucune question.")
    for rule in procedure.contradictions:
        for code in (*rule.questions, *(() if rule.questions else ("",))):
            if procedure.question(code) is None:
                sentence = (
                    f"La contradiction « {rule.code} » ne dit pas quelle question reposer : « {code} » n’existe pas."
                )
                yield Fault("unknown_question", rule.code, sentence)


def _translations(procedure: Procedure) -> Iterator[Fault]:
    for where, words in texts(procedure):
        if not words:
            continue
        missing = [language for language in procedure.languages if not words.get(language, "").strip()]
        if missing:
            yield Fault("missing_translation", where, f"{where} : il manque le texte en {', '.join(missing)}.")
        if extra := sorted(set(words) - set(procedure.languages)):
            sentence = f"{where} : « {extra[0]} » n’est pas une langue déclarée ({', '.join(procedure.languages)})."
            yield Fault("undeclared_language", where, sentence)


# --- Conditions -------------------------------------------------------------------------------------------------------

_ORDERED = ("at_least", "at_most", "under", "over")


def _conditions(procedure: Procedure) -> Iterator[Fault]:
    for question in procedure.questions:
        for condition in question.conditions:
            yield from _condition(procedure, condition, f"question {question.code}", later=False)
    for rules in (procedure.contradictions, procedure.needs, procedure.potential, procedure.attention):
        for rule in rules:
            for condition in rule.conditions:
                yield from _condition(procedure, condition, f"règle {rule.code}", later=True)


def _condition(procedure: Procedure, condition: Condition, where: str, *, later: bool) -> Iterator[Fault]:
    asked = _asked(procedure, condition.fact)
    declared = facts_declared().get(condition.fact)
    if asked is None and (declared is None or (declared.origin == "later" and not later)):
        sentence = f"{where} : le fait « {condition.fact} » n’est ni une question, ni une partie, ni un fait connu."
        yield Fault("unknown_fact", where, sentence)
        return
    kind, values = _kind_and_values(asked, declared)
    if condition.test in ("among", "has") and values:
        assert isinstance(condition.bound, tuple)
        for code in condition.bound:
            if code not in values:
                sentence = f"{where} : « {code} » n’est pas une réponse possible de « {condition.fact} »."
                yield Fault("unknown_value", where, sentence)
    if condition.test in _ORDERED and kind not in ("int", "money", "scale", "level", "date"):
        sentence = (
            f"{where} : « {condition.fact} » n’est pas un nombre ni une date, « {condition.test} » n’a pas de sens."
        )
        yield Fault("wrong_test", where, sentence)
    if condition.test == "has" and kind != "many":
        yield Fault("wrong_test", where, f"{where} : « {condition.fact} » n’a qu’une valeur, écrivez « among ».")
    if condition.test == "among" and kind in ("many", "parts"):
        yield Fault("wrong_test", where, f"{where} : « {condition.fact} » a plusieurs valeurs, écrivez « has ».")


def _asked(procedure: Procedure, fact: str) -> Field | Question | None:
    """The question or the part that a fact names."""
    code, _, part = fact.partition(".")
    question = procedure.question(code)
    if question is None:
        return None
    if part:
        return question.part(part)
    return question if question.has_parts else question.parts[0]


def _kind_and_values(asked: Field | Question | None, declared: FactDeclared | None) -> tuple[str, tuple[str, ...]]:
    if asked is not None:
        options = asked.options if isinstance(asked, Field) else ()
        return asked.kind, tuple(option.code for option in options)
    assert declared is not None
    return declared.kind, declared.values


# --- What answers tell ------------------------------------------------------------------------------------------------


def _feeds(procedure: Procedure, known_needs: Mapping[str, bool]) -> Iterator[Fault]:
    for question in procedure.questions:
        if not question.feeds:
            sentence = (
                f"La question {question.code} ne sert à rien : dites ce qu’elle nourrit (« feeds »), ou retirez-la."
            )
            yield Fault("feeds_nothing", question.code, sentence)
        for each in question.parts:
            yield from (_unfed(_named(question, each), code) for code in each.feeds if not _is_fed(code))
            for option in each.options:
                where = f"{_named(question, each)}, réponse {option.code}"
                for code, given in option.gives.items():
                    if not _is_fed(code):
                        yield _unfed(where, code)
                    elif wrong := _wrong_gift(code, given, known_needs):
                        yield Fault("unknown_need" if code == "need" else "unknown_value", where, f"{where} : {wrong}")
                yield from _options_of_closed_fact(each, option.code, option.gives, where)


def _is_fed(code: str) -> bool:
    declared = facts_declared().get(code)
    return declared is not None and declared.origin == "fed"


def _unfed(where: str, code: str) -> Fault:
    return Fault("unknown_feed", where, f"{where} : « {code} » n’est pas un fait que des réponses nourrissent.")


def _wrong_gift(code: str, given: object, known_needs: Mapping[str, bool]) -> str:
    declared = facts_declared()[code]
    if code == "need":
        return "" if given in known_needs else f"le besoin « {given} » n’est pas dans la matrice."
    if declared.kind == "level":
        fits = isinstance(given, int) and 0 <= given <= declared.most
        return "" if fits else f"« {code} » va de 0 à {declared.most}, pas « {given} »."
    return "" if not declared.values or given in declared.values else f"« {given} » n’est pas une valeur de « {code} »."


def _options_of_closed_fact(each: Field, code: str, gives: Mapping[str, object], where: str) -> Iterator[Fault]:
    """An option whose own code would be told of a fact that has its values: it must be one of them."""
    for fact in each.feeds:
        declared = facts_declared().get(fact)
        if declared and declared.values and fact not in gives and code not in declared.values:
            sentence = f"{where} : « {code} » n’est pas une valeur de « {fact} » ({', '.join(declared.values)})."
            yield Fault("unknown_value", where, sentence)


def _needs(procedure: Procedure, known_needs: Mapping[str, bool]) -> Iterator[Fault]:
    led_to = {rule.code for rule in procedure.needs}
    for rule in procedure.needs:
        if rule.code not in known_needs:
            yield Fault("unknown_need", rule.code, f"Le besoin « {rule.code} » n’est pas dans la matrice.")
    for question in procedure.questions:
        led_to |= {str(o.gives["need"]) for each in question.parts for o in each.options if "need" in o.gives}
    for code in procedure.unserved:
        if code not in known_needs:
            yield Fault("unknown_need", code, f"Le besoin « {code} », dit non servi, n’est pas dans la matrice.")
        elif code in led_to:
            sentence = f"Le besoin « {code} » est dit non servi, et des réponses y mènent : choisissez."
            yield Fault("served_and_not", code, sentence)
    for code, is_served in known_needs.items():
        if is_served and code not in led_to and code not in procedure.unserved:
            sentence = (
                f"Aucune réponse ne mène au besoin « {code} » : ajoutez une règle, ou dites-le dans « unserved »."
            )
            yield Fault("unserved_need", code, sentence)


# --- Branches ---------------------------------------------------------------------------------------------------------


def _ways(procedure: Procedure) -> Iterator[Fault]:
    yield from _choices(procedure)
    circular = _loops(procedure)
    for codes in circular:
        sentence = f"Ces questions s’attendent l’une l’autre et ne seront jamais posées : {', '.join(codes)}."
        yield Fault("loop", codes[0], sentence)
    looping = {code for codes in circular for code in codes}
    order = {question.code: number for number, question in enumerate(procedure.questions)}
    early = False
    for question in procedure.questions:
        for code in depends_on(procedure, question):
            if code in order and order[code] > order[question.code] and question.code not in looping:
                early = True
                sentence = f"La question {question.code} dépend de {code}, posée après elle : changez leur ordre."
                yield Fault("too_early", question.code, sentence)
    if not looping and not early:
        yield from _reached(procedure)


def _choices(procedure: Procedure) -> Iterator[Fault]:
    for question in procedure.questions:
        for each in question.parts:
            where = _named(question, each)
            if each.kind in CHOICES and not each.options:
                yield Fault("dead_end", where, f"{where} demande de choisir et ne propose aucune réponse.")
            if each.kind not in CHOICES and each.options:
                yield Fault("wrong_options", where, f"{where} propose des réponses et demande d’écrire.")
            if each.kind == "scale" and each.options and [o.code for o in each.options] != ["0", "1", "2", "3"]:
                yield Fault(
                    "wrong_options", where, f"{where} est une échelle : ses réponses sont « 0 », « 1 », « 2 », « 3 »."
                )
            if each.kind in ("one", "many") and len(each.options) == 1:
                yield Fault("wrong_options", where, f"{where} ne propose qu’une réponse : il n’y a rien à choisir.")


def _loops(procedure: Procedure) -> list[list[str]]:
    """The groups of questions that wait for each other, each in the order of the file (strongly connected parts)."""
    waits = {question.code: set(depends_on(procedure, question)) for question in procedure.questions}

    def beyond(code: str) -> set[str]:
        seen: set[str] = set()
        todo = list(waits.get(code, ()))
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                todo += waits.get(one, ())
        return seen

    far = {code: beyond(code) for code in waits}
    groups: list[list[str]] = []
    for code in waits:
        if code in far[code] and not any(code in group for group in groups):
            groups.append([other for other in waits if other in far[code] and code in far[other]])
    return groups


def _reached(procedure: Procedure) -> Iterator[Fault]:
    branches = Branches(procedure)
    for question in procedure.questions:
        if question.conditions and not branches.can_be_asked(question.code):
            sentence = f"Aucune réponse ne mène à la question {question.code} : relisez ses conditions."
            yield Fault("unreachable", question.code, sentence)
    for code, fact in facts_declared().items():
        if not fact.must:
            continue
        telling = [question.code for question in procedure.questions if code in question.feeds]
        if not telling:
            yield Fault("dead_end", code, f"Aucune question ne demande « {fact.label} », que toute orientation attend.")
        elif not branches.always_one_of(telling):
            sentence = (
                f"Un chemin se termine sans que soit demandé « {fact.label} » : {', '.join(telling)} n’y est pas."
            )
            yield Fault("dead_end", telling[0], sentence)
