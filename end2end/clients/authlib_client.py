"""PyPI's `authlib` as a confidential client of the demo provider."""

from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

from authorize import CLIENT_ID, CLIENT_SECRET, ISSUER, REDIRECT_URI, SCOPE, authorize, report

session = OAuth2Session(
    CLIENT_ID,
    CLIENT_SECRET,
    scope=" ".join(SCOPE),
    redirect_uri=REDIRECT_URI,
    code_challenge_method="S256",
    # The demo provider's tokens live for a minute, which is the default.
    leeway=5,
)
metadata = session.get(f"{ISSUER}/.well-known/openid-configuration", withhold_token=True).json()
verifier = generate_token(48)
url, _ = session.create_authorization_url(
    metadata["authorization_endpoint"], code_verifier=verifier, prompt="consent"
)
token_endpoint = metadata["token_endpoint"]
first = dict(
    session.fetch_token(token_endpoint, authorization_response=authorize(url), code_verifier=verifier)
)
email = session.get(metadata["userinfo_endpoint"]).json()["email"]
second = session.refresh_token(token_endpoint)


def is_active():
    """Asks the provider about the newest access token (RFC 7662)."""
    endpoint = metadata["introspection_endpoint"]
    return session.introspect_token(endpoint, token=second["access_token"]).json()["active"]


active_before = is_active()
session.revoke_token(
    metadata["revocation_endpoint"], token=second["refresh_token"], token_type_hint="refresh_token"
)
report(
    email=email,
    refreshed=second["access_token"] != first["access_token"],
    rotated=second["refresh_token"] != first["refresh_token"],
    activeBefore=active_before,
    activeAfter=is_active(),
)
