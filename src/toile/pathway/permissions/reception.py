"""Who may do what in the reception of holders."""

from __future__ import annotations

from toile.kernel.permissions import PUBLIC, Permission
from toile.pathway.permissions.cases import ACCOMPANY, READ, STEER

PERMISSIONS: list[Permission] = []
ROUTES: dict[str, str] = {
    # A holder alone: no account; what their link opens, the link says.
    "pathway:begin": PUBLIC.code,
    **dict.fromkeys(
        [f"pathway:held{page}" for page in ("", "_question", "_summary", "_summary_text", "_send", "_link")],
        PUBLIC.code,
    ),
    "pathway:twin_answer": PUBLIC.code,
    "pathway:waiting": ACCOMPANY.code,
    "pathway:receive": ACCOMPANY.code,
    "pathway:initiation": ACCOMPANY.code,
    "pathway:take_in": ACCOMPANY.code,
    "pathway:reception": ACCOMPANY.code,
    "pathway:answer": ACCOMPANY.code,
    "pathway:conclude": ACCOMPANY.code,
    "pathway:summary": READ.code,
    "pathway:summary_text": READ.code,
    "pathway:twin_ask": ACCOMPANY.code,
    "pathway:twin_note": ACCOMPANY.code,
    "pathway:procedures": STEER.code,
    "pathway:procedure": STEER.code,
    "pathway:procedure_force": STEER.code,
    "pathway:procedure_file": STEER.code,
    "pathway:procedure_running": PUBLIC.code,
}
