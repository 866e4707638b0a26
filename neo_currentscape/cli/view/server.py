"""The server of the page: for this machine, and for whoever has the secret in its address."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from bokeh.application import Application
from bokeh.application.handlers.function import FunctionHandler
from bokeh.server.server import BaseServer
from bokeh.server.tornado import BokehTornado
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.web import ErrorHandler, OutputTransform, RequestHandler

from neo_currentscape.conventions.errors import ArgumentError

#: The only address that is listened to.
HERE = "127.0.0.1"

#: Pictures that are kept until they are fetched.
MOST_PICTURES = 8


def _headers(port: int) -> dict[str, str]:
    return {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws://{HERE}:{port}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }


class Pictures:
    """PDFs that wait to be fetched, each under a name that nobody guesses."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, bytes] = OrderedDict()

    def keep(self, content: bytes) -> str:
        """Keep one, and say where it is, seen from the page."""
        name = secrets.token_urlsafe(16)
        self._held[name] = content
        while len(self._held) > MOST_PICTURES:
            self._held.popitem(last=False)
        return f"pictures/{name}"

    def get(self, name: str) -> bytes | None:
        """The bytes of one; None where there is none of that name."""
        return self._held.get(name)


class _Fetch(RequestHandler):
    def initialize(self, pictures: Pictures) -> None:
        self.pictures = pictures

    def get(self, name: str) -> None:
        found = self.pictures.get(name)
        if found is None:
            self.send_error(404)
            return
        self.set_header("Content-Type", "application/pdf")
        self.finish(found)


class _Guarded(BokehTornado):
    """Answers what is asked of this machine by its own page, and nothing else."""

    def __init__(self, port: int, *given: Any, **options: Any) -> None:
        self._own = f"{HERE}:{port}"
        super().__init__(*given, **options)
        told = _headers(port)

        class Headed(OutputTransform):
            def transform_first_chunk(
                self, status_code: int, headers: Any, chunk: bytes, finishing: bool
            ) -> tuple[int, Any, bytes]:
                headers.update(told)
                return status_code, headers, chunk

        self.transforms.append(Headed)

    def find_handler(self, request: HTTPServerRequest, **options: Any) -> Any:
        """Refuse other names of this machine, as of a page elsewhere that had its name lead here."""
        origin = request.headers.get("Origin", f"http://{self._own}")
        if request.headers.get("Host") == self._own and origin == f"http://{self._own}":
            return super().find_handler(request, **options)
        return self.get_handler_delegate(request, ErrorHandler, {"status_code": 403})


class Server:
    """Serves a page until it is told to end.

    Parameters
    ----------
    page : callable
        Takes a document of Bokeh, and puts the page into it.
    pictures : Pictures
    port : int
        0 for any that is free.

    Raises
    ------
    ArgumentError
        When the port is taken, or may not be used.
    """

    def __init__(self, page: Callable[[Any], None], pictures: Pictures, port: int = 0) -> None:
        try:
            sockets = bind_sockets(port, HERE)
        except (OSError, OverflowError) as cause:
            reason = getattr(cause, "strerror", None) or cause
            raise ArgumentError(
                f"--port {port} cannot be used ({reason}): choose another, or leave it out."
            ) from cause
        self.port = int(sockets[0].getsockname()[1])
        secret = secrets.token_urlsafe(32)
        self.address = f"http://{HERE}:{self.port}/{secret}/view"
        application = Application(FunctionHandler(page))
        guarded = _Guarded(
            self.port,
            {"/view": application},
            prefix=secret,
            extra_websocket_origins=[f"{HERE}:{self.port}"],
            extra_patterns=[(r"/pictures/([\w-]+)", _Fetch, {"pictures": pictures})],
            use_index=False,
            redirect_root=False,
        )
        self._loop = IOLoop.current()
        http = HTTPServer(guarded)
        http.add_sockets(sockets)
        self._server = BaseServer(self._loop, guarded, http)

    def run(self, then: Callable[[], None]) -> None:
        """Serve; `then` is called once it does. Ends with what interrupts it."""
        self._server.start()
        self._loop.add_callback(then)
        try:
            self._loop.start()
        finally:
            self._server.stop()
            self._server.unlisten()
