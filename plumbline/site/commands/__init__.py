"""The command line: `plumbline NAME …` runs the module of that name, and loads no other.

A system with a `commands.py` has a command of its name.
"""

import importlib
import os
import sys
from pathlib import Path

COMMANDS = {
    "read": "读一份或多份报告，列出每个数字",
    "check": "核对报告中的数字，可与其他报告对照",
    "serve": "在本机提供网页",
    "demo": "建库、读入示例和报告，并提供网页",
    "take": "收下一份名册（网页上交不了的大文件）",
    "verify": "核验操作日志的哈希链",
    "migrate": "建立或更新数据库",
    "manage": "Django 的管理命令",
}
WITHOUT_DJANGO = ("read", "check")
SYSTEMS = Path(__file__).parents[2] / "systems"


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status is what it returns.

    Modules are loaded by name, so that `plumbline read` never waits for Django, and the modules that
    need Django's tables find them ready.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    name = arguments[0] if arguments else ""
    if name in ("", "-h", "--help"):
        print(usage())
        return 0
    if name not in COMMANDS and name not in of_systems():
        print(f"没有“{name}”这个命令。\n{usage()}", file=sys.stderr)
        return 2
    if name not in WITHOUT_DJANGO:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.site.settings")
        importlib.import_module("django").setup()
    return run(name, arguments[1:])


def run(name: str, arguments: list[str]) -> int:
    """Run the command's module; a reader that went away (`| head`) or Ctrl-C ends it quietly."""
    module = f"plumbline.site.commands.{name}" if name in COMMANDS else f"plumbline.systems.{name}.commands"
    try:
        status: int = importlib.import_module(module).main(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def of_systems() -> dict[str, str]:
    """The commands that systems bring, and what each says of itself: the first line of its file."""
    return {path.parent.name: path.read_text(encoding="utf-8").partition("\n")[0].strip('"')
            for path in sorted(SYSTEMS.glob("*/commands.py"))}


def usage() -> str:
    """What can be said after `plumbline`."""
    lines = "\n".join(f"  {name:<9}{meaning}" for name, meaning in (COMMANDS | of_systems()).items())
    return f"用法：plumbline 命令 …\n{lines}\n各命令的参数：plumbline 命令 --help"
