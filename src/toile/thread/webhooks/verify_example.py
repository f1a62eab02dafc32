"""Vérifier qu’un envoi vient de Toile, et d’il y a moins de cinq minutes."""

import hashlib
import hmac
import time


def is_from_toile(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """body : les octets reçus, tels quels, avant toute lecture du JSON."""
    timestamp = headers.get("Toile-Timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > 300:
        return False  # trop vieux : quelqu’un rejoue peut-être un envoi
    signed = timestamp.encode() + b"." + body
    expected = "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, headers.get("Toile-Signature", ""))
