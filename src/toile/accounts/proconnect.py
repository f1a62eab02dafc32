"""OpenID Connect as ProConnect speaks it: nonce and acr checked, userinfo a signed token, leaving as well as entering.

Source: OpenID Connect Core 1.0 and RP-Initiated Logout 1.0, ProConnect's « documentation fournisseur de service ».
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from requests import RequestException

from .tokens import BadToken, verified_claims

ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
SESSION_KEY = "oidc_logout"
LOGOUT_SECONDS = 600
_leaving = signing.TimestampSigner(salt="toile.accounts.logout")


class ProConnectAdapter(OpenIDConnectOAuth2Adapter):
    """The exchange with the provider. `state` is what we kept in the session when the person left for it."""

    def __init__(self, request: HttpRequest, provider_id: str) -> None:
        super().__init__(request, provider_id)
        self.state: dict[str, Any] = {}
        self._found: dict[str, Any] = {}

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's own description; it must be complete and speak of the server we asked."""
        if not self._found:
            provider = self.get_provider()
            found = self._get_json(provider.server_url)
            missing = [name for name in ENDPOINTS if not isinstance(found.get(name), str)]
            if missing:
                raise OAuth2Error(f"discovery lacks {', '.join(missing)}")
            if found["issuer"].rstrip("/") != provider.app.settings["server_url"]:
                raise OAuth2Error(f"discovery speaks of another issuer, {found['issuer']}")
            self._found = found
        return self._found

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """The person, once both tokens are checked. Raises `OAuth2Error`."""
        config, id_token = self.openid_config, kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise OAuth2Error("no id_token")
        keys = self._get_json(config["jwks_uri"])
        try:
            identity = self._identity(app, id_token, keys)
            person = self._userinfo(app, token.token, keys, identity)
        except BadToken as problem:
            raise OAuth2Error(str(problem)) from problem
        self.state |= {"id_token": id_token, "end_session": config.get("end_session_endpoint", "")}
        return self.get_provider().sociallogin_from_response(request, {"userinfo": person, "id_token": identity})

    def _identity(self, app: SocialApp, id_token: str, keys: Mapping[str, Any]) -> dict[str, Any]:
        claims = self._claims(app, id_token, keys, {"iss", "aud", "exp", "iat", "sub", "nonce"})
        if not hmac.compare_digest(
            str(claims["nonce"]).encode(), self.state.get("nonce", secrets.token_hex()).encode()
        ):
            raise BadToken("the nonce is not the one we sent")
        wanted = app.settings.get("acr_values")
        if wanted and claims.get("acr") not in wanted:
            raise BadToken(f"acr is {claims.get('acr')!r}, not one of {wanted}")
        return claims

    def _userinfo(
        self, app: SocialApp, access_token: str, keys: Mapping[str, Any], identity: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What the provider says of the person: as a signed token, or as plain JSON where the settings allow it."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.profile_url, headers={"Authorization": f"Bearer {access_token}"})
        answer.raise_for_status()
        if answer.headers.get("Content-Type", "").split(";")[0].strip().lower() == "application/jwt":
            claims = self._claims(app, answer.text.strip(), keys, {"iss", "aud", "sub"})
        elif app.settings.get("signed_userinfo", True):
            raise BadToken("userinfo is not signed")
        else:
            claims = _as_object(answer.json())
        if claims.get("sub") != identity["sub"]:
            raise BadToken("userinfo speaks of somebody else")
        return claims

    def _claims(self, app: SocialApp, token: str, keys: Mapping[str, Any], required: set[str]) -> dict[str, Any]:
        issuer = self.openid_config["issuer"]
        return verified_claims(token, keys, issuer=issuer, audience=app.client_id, required=required)

    def _get_json(self, url: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(url)
        answer.raise_for_status()
        return _as_object(answer.json())


def _as_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise OAuth2Error("the provider did not answer with a JSON object")
    return value


class ProConnectProvider(OpenIDConnectProvider):
    """What we ask, and the little that we keep of the answer."""

    oauth2_adapter_class = ProConnectAdapter

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Leave for the provider, with a nonce kept beside the state."""
        nonce = secrets.token_urlsafe(24)
        asked = self.get_auth_params() | {"nonce": nonce}
        if self.app.settings.get("acr_values"):
            asked["acr_values"] = " ".join(self.app.settings["acr_values"])
        return super().redirect(request, process, next_url, data, **{**kwargs, "auth_params": asked, "nonce": nonce})

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """The settings decide; the address of the page cannot ask for more."""
        return self.get_scope()

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        """As for the scope."""
        return self.get_auth_params()

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        person = data["userinfo"]
        name = [person.get("given_name"), person.get("usual_name") or person.get("family_name")]
        return {"email": person.get("email"), "name": " ".join(str(part) for part in name if part)}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        """Verified only when the provider says so in so many words."""
        addresses = super().extract_email_addresses(data)
        for address in addresses:
            address.verified = data["userinfo"].get("email_verified") is True
        return addresses

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """The address, to tell two identities apart; neither SIRET, nor telephone, nor the provider's own name."""
        return {"email": data["userinfo"].get("email", "")}


class _Callback(OAuth2CallbackView):
    """allauth's callback, which hands the adapter what was kept in the session."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[dict[str, Any] | None, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.state = state
        return state, response


def _answering(view_class: type, request: HttpRequest, provider_id: str) -> HttpResponse:
    """Run one of allauth's views; a provider that is down or talks nonsense gets the page of refused identities."""
    adapter = ProConnectAdapter(request, provider_id)
    try:
        provider = adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    view: Callable[[HttpRequest], HttpResponse] = view_class.adapter_view(adapter)
    try:
        return view(request)
    except (OAuth2Error, RequestException) as problem:
        return render_authentication_error(request, provider, exception=problem)


def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Leave for the identity provider."""
    return _answering(OAuth2LoginView, request, provider_id)


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from it."""
    return _answering(_Callback, request, provider_id)


def remember_for_logout(request: HttpRequest, state: Mapping[str, Any]) -> None:
    """Keep in the session what signing out at the provider will need; nothing when it offers no such page."""
    if state.get("end_session") and state.get("id_token"):
        request.session[SESSION_KEY] = {"address": state["end_session"], "id_token": state["id_token"]}


def end_session_address(request: HttpRequest) -> str | None:
    """Where to send a person who leaves, for the provider to end its own session; None when it opened none."""
    kept = request.session.get(SESSION_KEY)
    if not kept:
        return None
    query = urlencode(
        {
            "id_token_hint": kept["id_token"],
            "post_logout_redirect_uri": request.build_absolute_uri(reverse("accounts:signed_out")),
            "state": _leaving.sign("out"),
        }
    )
    return f"{kept['address']}{'&' if '?' in kept['address'] else '?'}{query}"


def came_back_from_logout(request: HttpRequest) -> bool:
    """Whether the `state` of this address is one that we sent in the last ten minutes."""
    try:
        return _leaving.unsign(request.GET.get("state", ""), max_age=LOGOUT_SECONDS) == "out"
    except signing.BadSignature:
        return False
