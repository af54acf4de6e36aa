"""`plumbline demo`: a database with accounts and reports to look at, and the pages; `plumbline demo ring`: one figure's ring.

May be run as often as one likes: what is there already stays as it is.
"""

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command

from plumbline.kernel import CITY, BadInput, area_name, area_of
from plumbline.site import jobs
from plumbline.site.commands import demo_firms, demo_orders, demo_plan, demo_records, demo_report, demo_ring, demo_tasks, serve
from plumbline.store import documents, people
from plumbline.store.models import Document, Draft, Office, User

EXAMPLE = Path(__file__).parent.parent / "example" / "yunxi-2025h1.txt"
# The demo answers on this machine only; whoever opens it to others makes accounts of their own.
PASSWORD = "zhunsheng-demo"
# as many characters as a report's title and occasion take
HEAD = 300
LOOPBACK = ("127.0.0.1", "::1", "localhost")
EXAMPLE_AREA = "990101"
OFFICES = (
    "区发展改革委", "区商务局", "区科学技术和经济信息化局", "区生态环境局", "区城市管理委员会", "区农业农村局",
    "区人力资源和社会保障局", "区政务服务和数据管理局", "区应急管理局",
)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in to the demo."""

    username: str
    label: str
    role: str
    area: str
    office: str = ""
    staff: bool = False


ACCOUNTS = (
    Account("yunxi", "云溪区计划员", "planner", EXAMPLE_AREA, staff=True),
    Account("shangwu", "云溪区商务局", "office", EXAMPLE_AREA, office="区商务局"),
    Account("zhen", "云溪区模拟街道", "office", EXAMPLE_AREA, office="云溪模拟01街道"),
    Account("leader", "云溪区领导", "leader", EXAMPLE_AREA),
    Account("deputy", "云溪区人大代表", "deputy", EXAMPLE_AREA),
    Account("city", "北京市计划员", "planner", "110000", staff=True),
    Account("tongzhou", "通州区计划员", "planner", "110112", staff=True),
    Account("reviewer", "通州区审核员", "planner", "110112"),
    Account("chief", "通州区领导", "leader", "110112"),
    Account("delegate", "通州区人大代表", "deputy", "110112"),
    Account("huawu", "市热线话务员", "operator", "110000"),
    Account("paidan", "市热线派单员", "dispatcher", "110000"),
    Account("jiedao", "通州区模拟街道", "office", "110112", office="通州模拟01街道"),
    Account("chengguan", "通州区模拟城管委", "office", "110112", office="通州模拟城管委"),
    Account("weijian", "通州区模拟卫健委", "office", "110112", office="通州模拟卫健委"),
    Account("fuwu", "通州区企业服务专员", "planner", "110112", office="通州模拟企业服务中心"),
    Account("zoufang", "通州区走访人员", "office", "110112", office="通州模拟企业服务中心"),
    Account("shenpi", "通州区补贴审核员", "office", "110112", office="通州模拟人社局"),
    Account("caiwu", "通州区资金拨付员", "planner", "110112"),
    Account("yinhang", "模拟银行经办人", "office", "110112", office="模拟银行01"),
    Account("qiye", "通州模拟企业经办人", "firm", "110112"),
)
REPORTED = "110112"
# what is made ready for whom
BEGINS = {"yunxi": "任务看板、月度填报、调度会（在“计划”的“任务与调度”里）",
          "huawu": "话务台、回访台", "paidan": "派单台", "jiedao": "收件箱，本街道的三率和申诉", "chengguan": "收件箱",
          "weijian": "收件箱", "zhen": "收件箱", "fuwu": "企业诉求派单，该走访谁、服务包、一企一策", "zoufang": "手机上走访",
          "shenpi": "补贴审核", "caiwu": "预算和拨付", "yinhang": "贷款收件箱", "qiye": "我的企业"}


def main(arguments: list[str]) -> int:
    """Make ready, say where to look and as whom, then serve; with --no-serve, only make ready."""
    if arguments[:1] == ["ring"]:
        return demo_ring.main(arguments[1:])
    options, rest = parser().parse_known_args(arguments)
    address = serve.parser().parse_args(rest)
    if not options.no_serve and (trouble := not_here(address.host) or serve.taken(address.host, address.port)):
        print(trouble, file=sys.stderr)
        return 2
    call_command("migrate", verbosity=0)
    if trouble := in_use():
        print(trouble, file=sys.stderr)
        return 2
    demo_orders.offices()
    planners = accounts()
    for path in reports():
        receive(path, planners)
    jobs.take_up()
    demo_plan.confirm(User.objects.get(username="yunxi"), "演示数据")
    if many := demo_tasks.walk(User.objects.get(username="yunxi"), PASSWORD):
        print(f"计划任务和调度会：模拟 {many} 件", flush=True)
    ring(planners)
    announce()
    if options.no_serve:
        return 0
    print(f"网址 http://{address.host}:{address.port}/    按 Ctrl-C 停止\n", flush=True)
    return serve.main(rest)


def parser() -> argparse.ArgumentParser:
    """The command's own argument; the others are those of `plumbline serve`."""
    found = argparse.ArgumentParser("plumbline demo", description="建库、读入报告并提供网页；可加 serve 的参数。")
    found.add_argument("--no-serve", action="store_true", help="只准备数据，不提供网页")
    return found


def not_here(host: str) -> str:
    """Why the demo does not answer at an address: its passwords are known to everybody."""
    return "" if host in LOOPBACK else "演示账号的口令是公开的，演示只在本机（127.0.0.1）提供。"


def in_use() -> str:
    """Why the demo keeps out of a database: people of its own are in it, and none of the demo's."""
    demo = User.objects.filter(username__in=[account.username for account in ACCOUNTS])
    if not User.objects.exists() or demo.exists():
        return ""
    return "这个数据库已有正式账号，不放入演示账号；请用 PLUMBLINE_DATA 指定另一个数据文件夹，并去掉 DATABASE_URL。"


def accounts() -> dict[str, User]:
    """Make the accounts and offices that are not there yet; the planner of each area."""
    for name in OFFICES:
        if not Office.objects.filter(name=name, area=EXAMPLE_AREA).exists():
            people.create_office(None, name, EXAMPLE_AREA)
    for account in ACCOUNTS:
        if not User.objects.filter(username=account.username).exists():
            office = Office.objects.filter(name=account.office, area=account.area).first()
            people.create_user(None, account.username, PASSWORD, label=account.label, role=account.role,
                               area=account.area, office=office, is_staff=account.staff)
    names = [account.username for account in ACCOUNTS if account.role == "planner"]
    return {user.area: user for user in User.objects.filter(username__in=names)}


def reports() -> list[Path]:
    """The example, and the reports of the shared folder where there is one."""
    shared = Path(os.environ.get("PLUMBLINE_SHARED", "../shared")) / "reports"
    return [EXAMPLE, *sorted(shared.glob("*.txt"))]


def receive(path: Path, planners: dict[str, User]) -> None:
    """Hand a report in, as the planner of the area its head names, else the city's; what is there already stays."""
    data = path.read_bytes()
    about = area_of(data.decode("utf-8", errors="ignore")[:HEAD])
    planner = planners.get(about.code if about else "", planners[CITY.code])
    try:
        documents.receive(planner, path.name, data, published=True, example=path == EXAMPLE)
    except BadInput as known:
        if not all(finding.check == "document.twice" for finding in known.findings):
            raise


def ring(planners: dict[str, User]) -> None:
    """Hand in the invented records, and write and send a report from them; once."""
    for line in demo_records.deliver(planners[CITY.code]):
        print(f"导入 {line}", flush=True)
    for line in demo_orders.take_in(planners[CITY.code]):
        print(f"导入 {line}", flush=True)
    demo_orders.under_way(*(User.objects.get(username=name) for name in ("huawu", "paidan")))
    demo_orders.object_to(User.objects.get(username="jiedao"))
    demo_orders.whistle(User.objects.get(username="jiedao"), User.objects.filter(username__in=("chengguan", "weijian")))
    if many := demo_firms.publish(*(User.objects.get(username=name) for name in ("tongzhou", "chief"))):
        print(f"发布 {many} 项模拟政策", flush=True)
    for line in demo_firms.reckon(User.objects.get(username="fuwu")):
        print(line, flush=True)
    demo_firms.begin({name: User.objects.get(username=name) for name in demo_firms.WHO})
    demo_firms.pay({name: User.objects.get(username=name) for name in demo_firms.PAYERS})
    if not Draft.objects.filter(area=REPORTED).exists():
        writer, reviewer, sender = (User.objects.get(username=name) for name in ("tongzhou", "reviewer", "chief"))
        demo_report.sent(demo_report.written(writer, REPORTED), writer, reviewer, sender)
        demo_report.written(writer, REPORTED)


def announce() -> None:
    """Say who may sign in and what was read."""
    print("\n准绳演示：口令都是", PASSWORD)
    for account in ACCOUNTS:
        at = BEGINS.get(account.username, "")
        print(f"  {account.username:<10}{account.label}（{area_name(account.area)}）{f'：{at}' if at else ''}")
    print("  不用登录    市民提交诉求 /ask/，凭编号和查询码查进度 /ask/track/；惠企政策 /policies/")
    for document in Document.objects.order_by("received_at"):
        print(f"  《{document}》 {document.get_state_display()}，数字 {document.claims.count()} 个")
    print(flush=True)
