"""`plumbline serve`: the pages, at 127.0.0.1:8000 unless said otherwise."""

import argparse
import socket
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from plumbline.site import worker
from plumbline.site.commands.migrate import unmade

APPLICATION = "plumbline.site.wsgi:application"
THREADS = 4


def main(arguments: list[str]) -> int:
    """Serve until stopped; 2 where the database is not made yet or the port is taken."""
    options = parser().parse_args(arguments)
    if trouble := taken(options.host, options.port) or unmade():
        print(trouble, file=sys.stderr)
        return 2
    serve(options.host, options.port)
    return 0


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    found = argparse.ArgumentParser("plumbline serve", description="在本机提供网页。")
    found.add_argument("--host", default="127.0.0.1", help="监听地址，默认 127.0.0.1")
    found.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
    return found


def taken(host: str, port: int) -> str:
    """Why the address cannot be had; empty where it can. The server itself would share it silently."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as found:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, port))
        except OSError as trouble:
            return f"不能在 {host} 的端口 {port} 上提供网页（{trouble.strerror}）；请用 --port 换一个端口。"
    return ""


def serve(host: str, port: int) -> None:
    """Serve the pages, with the worker that reads documents beside the server."""
    server = Granian(APPLICATION, address=host, port=port, interface=Interfaces.WSGI, workers=1,
                     blocking_threads=THREADS, websockets=False, log_level=LogLevels.warning)
    with worker.beside():
        server.serve()
