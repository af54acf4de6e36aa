"""`plumbline serve`: the pages, at 127.0.0.1:8000 unless said otherwise."""

import argparse
import sys

from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

from plumbline.site import worker

APPLICATION = "plumbline.site.wsgi:application"
THREADS = 8


def main(arguments: list[str]) -> int:
    """Serve until stopped; 2 where the database is not made yet."""
    options = parser().parse_args(arguments)
    if not migrated():
        print("数据库尚未建立或不是最新，请先运行 plumbline migrate", file=sys.stderr)
        return 2
    serve(options.host, options.port)
    return 0


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    found = argparse.ArgumentParser("plumbline serve", description="在本机提供网页。")
    found.add_argument("--host", default="127.0.0.1", help="监听地址，默认 127.0.0.1")
    found.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
    return found


def migrated() -> bool:
    """Whether every migration stands in the database."""
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except SystemExit:
        return False
    return True


def serve(host: str, port: int) -> None:
    """Serve the pages, with the worker that reads documents beside the server."""
    server = Granian(APPLICATION, address=host, port=port, interface=Interfaces.WSGI, workers=1,
                     blocking_threads=THREADS)
    with worker.beside():
        server.serve()
