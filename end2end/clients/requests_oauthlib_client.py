"""PyPI's `requests-oauthlib` as a confidential client of the demo provider: sign-in,
profile, automatic refresh, refresh by hand, validation, revocation.
"""

import os
import time

import requests
from requests_oauthlib import OAuth2Session

from authorize import CLIENT_ID, CLIENT_SECRET, ISSUER, REDIRECT_URI, SCOPE, authorize, report

# The demo provider speaks plain HTTP, on this machine only.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
credentials = (CLIENT_ID, CLIENT_SECRET)
metadata = requests.get(f"{ISSUER}/.well-known/openid-configuration").json()
token_endpoint = metadata["token_endpoint"]


def sign_in():
    """Returns the tokens of an authorization code."""
    session = OAuth2Session(CLIENT_ID, scope=SCOPE, redirect_uri=REDIRECT_URI, pkce="S256")
    url, _ = session.authorization_url(metadata["authorization_endpoint"], prompt="consent")
    answer = authorize(url)
    return session.fetch_token(token_endpoint, authorization_response=answer, auth=credentials)


def refresh_automatically(token):
    """Makes a call with a token that counts as expired. Returns the user's address and
    the tokens after it.
    """
    updated = []
    expired = {**token, "expires_at": time.time() - 10}
    session = OAuth2Session(
        CLIENT_ID,
        token=expired,
        auto_refresh_url=token_endpoint,
        auto_refresh_kwargs={"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
        token_updater=updated.append,
    )
    email = session.get(metadata["userinfo_endpoint"]).json()["email"]
    (newest,) = updated
    return email, newest


def refresh_by_hand(token):
    """Returns the tokens that a refresh gives."""
    session = OAuth2Session(CLIENT_ID, token=token)
    return session.refresh_token(token_endpoint, auth=credentials)


def ask(endpoint, token):
    """Asks the provider something about a token, as the confidential client."""
    answer = requests.post(metadata[endpoint], data={"token": token}, auth=credentials)
    answer.raise_for_status()
    return answer


first = sign_in()
email, second = refresh_automatically(first)
third = refresh_by_hand(second)
is_active = lambda: ask("introspection_endpoint", third["access_token"]).json()["active"]
active_before = is_active()
ask("revocation_endpoint", third["refresh_token"])
report(
    email=email,
    refreshed=len({token["access_token"] for token in (first, second, third)}) == 3,
    rotated=len({token["refresh_token"] for token in (first, second, third)}) == 3,
    activeBefore=active_before,
    activeAfter=is_active(),
)
