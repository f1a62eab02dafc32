"""An identity provider on this machine, as strict as ProConnect, which can be told to misbehave in one way."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "toile-essai", "un-secret-d-essai"
REGISTERED = "http://testserver/compte/oidc/proconnect/login/callback/"
REGISTERED_LOGOUT = "http://testserver/compte/deconnecte/"
KEY, FORGED = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class FakeProvider:
    """`fault`: the one thing it does wrong, "" for nothing. `person`: what its userinfo says. `ended`: its logouts."""

    def __init__(self) -> None:
        self.fault = ""
        self.person: dict[str, Any] = {
            "sub": "sujet-1",
            "email": "Agente@Example.org",
            "given_name": "Angélique",
            "usual_name": "Cornouiller",
            "siret": "13002526500013",
        }
        self.codes: dict[str, dict[str, str]] = {}
        self.tokens: set[str] = set()
        self.asked: dict[str, str] = {}
        self.ended: list[dict[str, str]] = []
        handler = type("Handler", (_Handler,), {"provider": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @cached_property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/api/v2"

    def app(self, **settings: Any) -> dict[str, Any]:
        """The provider as toile.accounts.configuration describes one."""
        return {
            "provider_id": "proconnect",
            "name": "ProConnect",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {
                "server_url": self.url,
                "scope": ["openid", "given_name", "usual_name", "email"],
                "acr_values": ["eidas1"],
                "signed_userinfo": True,
                "token_auth_method": "client_secret_post",
                "oauth_pkce_enabled": True,
                "verified_email": False,
                "email_authentication": False,
                **settings,
            },
        }

    # What is served at each address -----------------------------------------------------------------------------------

    def discovery(self) -> dict[str, Any]:
        endpoints = {
            "authorization": "authorize",
            "token": "token",
            "userinfo": "userinfo",
            "end_session": "session/end",
        }
        found = {f"{name}_endpoint": f"{self.url}/{path}" for name, path in endpoints.items()}
        issuer = "https://ailleurs.invalid" if self.fault == "discovery_issuer" else self.url
        found |= {"issuer": issuer, "jwks_uri": f"{self.url}/jwks"}
        if self.fault == "discovery_incomplete":
            del found["jwks_uri"]
        return found

    def jwks(self) -> dict[str, Any]:
        key = RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        return {"keys": [] if self.fault == "no_keys" else [{**key, "kid": "k1", "use": "sig", "alg": "RS256"}]}

    def authorize(self, query: dict[str, str]) -> str:
        """Where to send the browser: back with a code, or with an error."""
        self.asked = query
        assert query["redirect_uri"] == REGISTERED
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        assert "openid" in query["scope"].split()
        if self.fault == "cancelled" or not query.get("nonce"):
            return f"{REGISTERED}?{urlencode({'error': 'access_denied', 'state': query['state']})}"
        code = secrets.token_urlsafe()
        self.codes[code] = query
        state = "un-autre-etat" if self.fault == "state" else query["state"]
        return f"{REGISTERED}?{urlencode({'code': code, 'state': state, 'iss': self.url})}"

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        query = self.codes.pop(form.get("code", ""), None)
        if query is None or (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != query["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe()
        self.tokens.add(access)
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": self.id_token(query)}
        if self.fault == "no_id_token":
            del answer["id_token"]
        return 200, answer

    def id_token(self, query: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": "https://ailleurs.invalid" if self.fault == "issuer" else self.url,
            "aud": "un-autre-service" if self.fault == "audience" else CLIENT,
            "sub": self.person["sub"],
            "iat": now,
            "exp": now - 120 if self.fault == "expired" else now + 60,
            "nonce": "une-autre-fois" if self.fault == "nonce" else query["nonce"],
            "acr": "eidas0" if self.fault == "acr" else query.get("acr_values", "").split(" ")[0],
        }
        if self.fault == "no_nonce":
            del claims["nonce"]
        return self.signed(claims, "signature")

    def signed(self, claims: dict[str, Any], fault: str) -> str:
        if self.fault == f"{fault}_none":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": "k1"})
        if self.fault == f"{fault}_hmac":
            public = json.dumps(self.jwks()["keys"][0]).encode()
            return jwt.encode(claims, public, algorithm="HS256", headers={"kid": "k1"})
        key = FORGED if self.fault == fault else KEY
        return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "inconnu" if self.fault == "kid" else "k1"})

    def userinfo(self) -> tuple[str, str]:
        """Content type and body."""
        claims = dict(self.person) | {"iss": self.url, "aud": CLIENT}
        if self.fault == "userinfo_other":
            claims["sub"] = "quelqu-un-d-autre"
        if self.fault == "userinfo_audience":
            claims["aud"] = "un-autre-service"
        if self.fault == "userinfo_plain":
            return "application/json", json.dumps(claims)
        return "application/jwt", self.signed(claims, "userinfo_signature")

    def end_session(self, query: dict[str, str]) -> str:
        claims = jwt.decode(query["id_token_hint"], KEY.public_key(), algorithms=["RS256"], audience=CLIENT)
        assert claims["sub"] == self.person["sub"]
        assert query["post_logout_redirect_uri"] == REGISTERED_LOGOUT
        self.ended.append(query)
        return f"{REGISTERED_LOGOUT}?{urlencode({'state': query['state']})}"


class _Handler(BaseHTTPRequestHandler):
    provider: FakeProvider

    def log_message(self, *args: Any) -> None:
        """Silent: the tests read what they need from the provider itself."""

    def answer(self, status: int, kind: str, body: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body.encode())), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self) -> None:
        provider, address = self.provider, urlsplit(self.path)
        path, query = address.path.removeprefix("/api/v2"), {k: v[0] for k, v in parse_qs(address.query).items()}
        if provider.fault == "down":
            self.answer(503, "text/plain", "en panne")
        elif provider.fault == "slow":
            time.sleep(1.5)
            self.answer(200, "application/json", "{}")
        elif provider.fault == "nonsense":
            self.answer(200, "application/json", "[1, 2")
        elif path == "/.well-known/openid-configuration":
            self.answer(200, "application/json", json.dumps(provider.discovery()))
        elif path == "/jwks":
            self.answer(200, "application/json", json.dumps(provider.jwks()))
        elif path == "/authorize":
            self.answer(302, "text/plain", "", Location=provider.authorize(query))
        elif path == "/session/end":
            self.answer(302, "text/plain", "", Location=provider.end_session(query))
        elif path == "/userinfo" and self.headers.get("Authorization", "").removeprefix("Bearer ") in provider.tokens:
            self.answer(200, *provider.userinfo())
        else:
            self.answer(401, "text/plain", "")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, answer = self.provider.token({key: values[0] for key, values in parse_qs(body).items()})
        self.answer(status, "application/json", json.dumps(answer))
