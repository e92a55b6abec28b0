"""Runs PyPI's `django-oauth-toolkit`, an authorization server that this project did
not write, until its standard input closes. Prints one line of JSON when it is ready.

The environment: PORT, APP_ORIGIN (the application's origin), CLIENT_SECRET, FOLDER
(for its database). Beside the server's own endpoints there is `/control/…` for tests.
"""

import base64
import json
import os
import sys
import threading
from importlib.metadata import version
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.http import JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

PORT, APP_ORIGIN = os.environ["PORT"], os.environ["APP_ORIGIN"]
ISSUER = f"http://127.0.0.1:{PORT}/o"
KINDS = ["browser", "browser-dpop", "worker"]
LOGIN = """<!DOCTYPE html><html lang="en"><title>Log in</title>
<link rel="icon" href="data:,"><form method="post">{% csrf_token %}{{ form.as_p }}
<button type="submit">Log in</button></form></html>"""

# What tests read and change.
control = {
    "accessTokenSeconds": 3600,
    "lostAnswers": 0,
    # Numbers of token requests by client and grant type.
    "requests": {},
    # How often a refresh token was presented after another had replaced it.
    "replays": 0,
    # Every token ever issued.
    "issued": {"access_token": [], "refresh_token": [], "id_token": []},
}
replaced = set()


def count_token_requests(get_response):
    """Counts token requests and, on command, closes the connection after one took
    effect."""

    def middleware(request):
        if request.path != "/o/token/" or request.method != "POST":
            return get_response(request)
        from oauth2_provider.settings import oauth2_settings

        oauth2_settings.ACCESS_TOKEN_EXPIRE_SECONDS = control["accessTokenSeconds"]
        form = request.POST
        response = get_response(request)
        grant_type = form.get("grant_type", "unknown")
        counts = control["requests"].setdefault(client_of(request), {})
        counts[grant_type] = counts.get(grant_type, 0) + 1
        answer = json.loads(response.content)
        for kind, tokens in control["issued"].items():
            if answer.get(kind):
                tokens.append(answer[kind])
        if grant_type == "refresh_token":
            before = form.get("refresh_token")
            control["replays"] += before in replaced
            if answer.get("refresh_token", before) != before:
                replaced.add(before)
            if control["lostAnswers"] > 0:
                control["lostAnswers"] -= 1
                # The connection closes before all that is announced was sent.
                response.content = b"{"
                response["Content-Length"] = "1000"
        return response

    return middleware


def client_of(request):
    """Returns the id of the client, from the Basic scheme or the form."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Basic":
        return base64.b64decode(credentials).decode().partition(":")[0]
    return request.POST.get("client_id", "unknown")


@csrf_exempt
def control_view(request, name=None, value=None):
    """Shows the counts, after a change of one setting."""
    if request.method == "PUT":
        control[name] = value
    return JsonResponse(control)


settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    CORS_ALLOWED_ORIGINS=[APP_ORIGIN],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(os.environ["FOLDER"]) / "provider.db",
            "OPTIONS": {"transaction_mode": "IMMEDIATE"},
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.staticfiles",
        "corsheaders",
        "oauth2_provider",
    ],
    LOGIN_URL="/login/",
    MIDDLEWARE=[
        "corsheaders.middleware.CorsMiddleware",
        f"{__name__}.count_token_requests",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    OAUTH2_PROVIDER={
        "OAUTH2_VALIDATOR_CLASS": f"{__name__}.Validator",
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": rsa.generate_private_key(65537, 2048)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode(),
        "PKCE_REQUIRED": True,
        "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 60,
        # The consent page once, and not again while a token of the user lives.
        "REQUEST_APPROVAL_PROMPT": "auto",
        "ROTATE_REFRESH_TOKEN": True,
        "SCOPES": {"openid": "Who you are", "profile": "Your name", "email": "Your address"},
    },
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ROOT_URLCONF=__name__,
    SECRET_KEY=os.urandom(32).hex(),
    STATIC_URL="/static/",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": ["django.template.context_processors.request"],
                "loaders": [
                    ("django.template.loaders.locmem.Loader", {"login.html": LOGIN}),
                    "django.template.loaders.app_directories.Loader",
                ],
            },
        }
    ],
    USE_TZ=True,
)
django.setup()

# They need the settings.
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from oauth2_provider.models import get_application_model
from oauth2_provider.oauth2_validators import OAuth2Validator


class Validator(OAuth2Validator):
    """What a deployment has to add: the claims of the scopes `profile` and `email`,
    and `prompt=none`, where the view itself looks for a login and a consent."""

    def get_additional_claims(self, request):
        name = request.user.username
        return {"name": name, "email": f"{name}@example.com"}

    def validate_silent_login(self, request):
        return True

    def validate_silent_authorization(self, request):
        return True


class Server(ThreadingMixIn, WSGIServer):
    """Answers each request in a thread of its own, and closes its connection."""

    daemon_threads = True


urlpatterns = [
    path("login/", LoginView.as_view(template_name="login.html")),
    path("o/", include("oauth2_provider.urls")),
    path("control/", control_view),
    path("control/<name>/<int:value>", control_view),
]


def fill_database():
    """Creates the user and both clients."""
    call_command("migrate", verbosity=0)
    User.objects.create_user("alice", password="any")
    application = get_application_model()
    common = {
        "authorization_grant_type": application.GRANT_AUTHORIZATION_CODE,
        "algorithm": application.RS256_ALGORITHM,
        "post_logout_redirect_uris": f"{APP_ORIGIN}/",
    }
    application.objects.create(
        name="Confidential",
        client_id="confidant-web",
        client_secret=os.environ["CLIENT_SECRET"],
        client_type=application.CLIENT_CONFIDENTIAL,
        redirect_uris=f"{APP_ORIGIN}/callback",
        **common,
    )
    application.objects.create(
        name="Public",
        client_id="confidant-spa",
        client_type=application.CLIENT_PUBLIC,
        redirect_uris=" ".join(f"{APP_ORIGIN}/{kind}/callback" for kind in KINDS),
        **common,
    )


def end_with_standard_input():
    """Ends this process when the test that started it is gone."""
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    fill_database()
    handler = StaticFilesHandler(get_wsgi_application())
    with make_server("127.0.0.1", int(PORT), handler, server_class=Server) as server:
        threading.Thread(target=end_with_standard_input, daemon=True).start()
        ready = {
            "issuer": ISSUER,
            "name": "django-oauth-toolkit",
            "version": version("django-oauth-toolkit"),
        }
        print(json.dumps(ready), flush=True)
        server.serve_forever()
