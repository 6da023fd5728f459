"""Sign people in with `entrada.flask`, call Graph and the Colors API for them, renew their tokens, sign them out."""

import os
from hashlib import sha256

from flask import Flask, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.serving import make_server

from entrada.flask import Entrada, WebSettings

PORT = int(os.environ.get("PORT", "3002"))
PLATFORM = os.environ.get("PLATFORM", "https://localhost:8443")
TENANT = os.environ.get("TENANT", "c0105000-0000-4000-8000-000000000001")
CLIENT_ID = os.environ.get("CLIENT_ID", "c0105000-0000-4000-8000-00000000e951")
CLIENT_SECRET = os.environ.get("CLIENT_SECRET", "repsys-dev-secret")
COLORS = os.environ.get("COLORS", "http://127.0.0.1:5001")
ORIGIN = f"http://localhost:{PORT}"
GRAPH_SCOPES = ["User.Read"]
COLORS_SCOPES = ["api://c0105000-0000-4000-8000-00000000ba51/Colors.Read"]

app = Flask(__name__)
auth = Entrada(
    WebSettings.from_mapping(
        {
            "authority": f"{PLATFORM}/{TENANT}",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "public_url": ORIGIN,
            "after_logout": "/",
            "cookie": "example-flask",  # cookies ignore ports, and other examples of this host are the same application
            "scopes": GRAPH_SCOPES + COLORS_SCOPES,  # consent to all of it at once
            "apis": {
                "graph": {"base_url": f"{PLATFORM}/v1.0", "scopes": GRAPH_SCOPES},
                "colors": {"base_url": COLORS, "scopes": COLORS_SCOPES},
            },
        }
    )
)
auth.init_app(app)


@app.get("/")
def home() -> str:
    if auth.user() is None:
        return render_template("welcome.html")
    me = auth.session("graph").get("me").json()
    colors = auth.session("colors").get("colors").json()
    token = sha256(auth.token(*GRAPH_SCOPES).encode()).hexdigest()[:12]
    return render_template("home.html", me=me, colors=colors["colors"], token=token)


@app.get("/painters")
@auth.login_required(roles={"Painter"})
def painters() -> str:
    return render_template("painters.html")


@app.post("/renew")
@auth.login_required
def renew() -> ResponseReturnValue:
    """New tokens now; ordinarily they are renewed by themselves when they have expired."""
    if not auth.is_ours():
        abort(403)
    auth.token(*GRAPH_SCOPES, force=True)
    auth.token(*COLORS_SCOPES, force=True)
    return redirect(url_for("home"), 303)


@app.after_request
def with_headers(answer: Response) -> Response:
    """The pages load nothing of others, and no cache keeps them."""
    policy = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'"
    answer.headers.setdefault("Content-Security-Policy", policy)
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    return answer


if __name__ == "__main__":
    server = make_server("127.0.0.1", PORT, app, threaded=True)  # for production: gunicorn app:app
    print(f"open {ORIGIN}", flush=True)
    server.serve_forever()
