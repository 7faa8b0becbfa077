"""Headers and hosts: what a browser may do with our pages."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)


def init_app(app: Flask) -> None:
    if app.config["PROXIES"]:
        count = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]

    @app.after_request
    def headers(response: Response) -> Response:
        kept = response.headers
        kept.setdefault("Content-Security-Policy", POLICY)
        kept["X-Content-Type-Options"] = "nosniff"
        kept["X-Frame-Options"] = "DENY"
        # not no-referrer: the check of forged forms over HTTPS needs the address of the page
        kept["Referrer-Policy"] = "same-origin"
        kept["Cross-Origin-Opener-Policy"] = "same-origin"
        kept["Cross-Origin-Resource-Policy"] = "same-origin"
        kept["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()"
        if app.config["PRODUCTION"]:
            kept["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        if request.endpoint == "static":
            kept["Cache-Control"] = "public, max-age=31536000, immutable" if "v" in request.args else "public, max-age=300"
        else:
            kept["Cache-Control"] = "no-store"
        return response
