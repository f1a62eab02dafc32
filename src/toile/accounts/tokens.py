"""Reading a signed token (JWT) of an identity provider, and trusting none of it before its signature is checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import jwt

# Asymmetric only: with HS256 an attacker could sign with what everybody can read, the public key.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
CLOCKS_DIFFER_BY = 30


class BadToken(Exception):
    """The token is not what it should be; the message says why, for the log only."""


def verified_claims(
    token: str, keys: Mapping[str, Any], *, issuer: str, audience: str, required: Collection[str]
) -> dict[str, Any]:
    """The claims of `token`, once checked: signature, issuer, audience, dates, presence of the `required` claims.

    keys: a JSON Web Key Set (RFC 7517). Checks follow OpenID Connect Core 1.0, § 3.1.3.7. Clocks may differ by 30 s.
    Raises `BadToken`.
    """
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(
            token,
            _key(keys, header.get("kid")),
            algorithms=list(ALGORITHMS),
            issuer=issuer,
            audience=audience,
            leeway=CLOCKS_DIFFER_BY,
            options={"require": sorted(required)},
        )
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError) as problem:
        raise BadToken(f"{type(problem).__name__}: {problem}") from problem
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != audience:
        raise BadToken("several audiences, and we are not the authorised party")
    return claims


def _key(keys: Mapping[str, Any], kid: str | None) -> jwt.PyJWK:
    usable = [key for key in jwt.PyJWKSet.from_dict(dict(keys)).keys if key.public_key_use in (None, "sig")]
    named = [key for key in usable if key.key_id == kid] if kid is not None else usable
    if len(named) != 1:
        raise BadToken(f"{len(named)} keys answer to kid {kid!r}")
    return named[0]
