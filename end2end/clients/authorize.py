"""What the Python programs in this folder share: the test drives the browser."""

import json
import os
import sys

ISSUER = os.environ["ISSUER"]
CLIENT_ID = os.environ["CLIENT_ID"]
CLIENT_SECRET = os.environ["CLIENT_SECRET"]
REDIRECT_URI = os.environ["REDIRECT_URI"]
SCOPE = ["openid", "profile", "email", "offline_access"]


def authorize(url):
    """Has the test's user authorize at this URL. Returns the address that came back."""
    print(json.dumps({"authorize": url}), flush=True)
    return sys.stdin.readline().strip()


def report(**result):
    """Tells the test what happened."""
    print(json.dumps({"result": result}), flush=True)
