"""The peers of bench/decide.py, in an environment of their own: prints JSON."""

import json
import statistics
import sys
import tempfile
import time
from datetime import date
from functools import reduce
from importlib.metadata import version
from pathlib import Path

import polars
import zen


def main() -> None:
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps({**of_zen(asked["one"], asked["firms"]), **of_polars(asked["all"], asked["files"])}))


def cell(sign, limit) -> str:
    """A condition as a cell of a decision table."""
    if sign == "between":
        return f"[{limit[0]}..{limit[1]}]"
    if sign == "in":
        return ", ".join(f"'{value}'" for value in limit)
    return ("true" if limit else "false") if sign == "is" else f"{sign} {limit}"


def table(policies):
    """All policies as one decision table, a row each; all rows that hit are collected."""
    keys = sorted({key for terms in policies for key, _, _ in terms})
    rules = [{"_id": f"r{at}", "out": str(at), **{f"in_{key}": "" for key in keys},
              **{f"in_{key}": cell(sign, limit) for key, sign, limit in terms}} for at, terms in enumerate(policies)]
    content = {"hitPolicy": "collect", "inputs": [{"id": f"in_{key}", "name": key, "field": key} for key in keys],
               "outputs": [{"id": "out", "name": "policy", "field": "policy"}], "rules": rules}
    return decision("decisionTableNode", content)


def decision(kind, content):
    nodes = [{"id": "a", "type": "inputNode", "name": "a"}, {"id": "b", "type": kind, "name": "b", "content": content},
             {"id": "c", "type": "outputNode", "name": "c"}]
    edges = [{"id": "ab", "sourceId": "a", "targetId": "b"}, {"id": "bc", "sourceId": "b", "targetId": "c"}]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


def every(policies):
    """Every condition of every policy as an expression of its own: an answer, and so a reason, for each."""
    told = [{"id": f"c{at}_{place}", "key": f"c{at}_{place}", "value": said(*term)}
            for at, terms in enumerate(policies) for place, term in enumerate(terms)]
    return decision("expressionNode", {"expressions": told})


def said(key, sign, limit) -> str:
    if sign == "in":
        return f"{key} in [{', '.join(repr(value) for value in limit)}]"
    if sign == "between":
        return f"{key} in [{limit[0]}..{limit[1]}]"
    return (key if limit else f"not {key}") if sign == "is" else f"{key} {sign} {limit}"


def of_zen(policies, firms):
    asked, reasons = table(policies), every(policies)
    numbers = [{key: float(told) if key.endswith("_yuan") else told for key, told in firm.items()} for firm in firms]
    answers, plain, traced = [], [], []
    for firm in numbers:
        begin = time.perf_counter()
        hit = asked.evaluate(firm)["result"]
        plain.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        each = reasons.evaluate(firm)["result"]
        traced.append(time.perf_counter() - begin)
        found = {one["policy"] for one in hit or []}
        answers.append([at in found for at in range(len(policies))])
        assert answers[-1] == [all(each[f"c{at}_{place}"] for place in range(len(one))) for at, one in enumerate(policies)]
    return {"zen_answers": answers, "zen_ms": statistics.median(plain) * 1000, "zen_reasons_ms": statistics.median(traced) * 1000,
            "zen": f"zen-engine {version('zen-engine')}, from Python"}


def expression(key, sign, limit):
    column = polars.col(key)
    if sign == "between":
        return column.is_between(*limit)
    if sign == "in":
        return column.is_in(limit)
    if sign == "is":
        return column if limit else ~column
    if sign == "like":
        return column.str.starts_with(limit)
    if sign == "share":
        return column * 100 <= polars.col("revenue_2019_yuan") * limit
    told = date.fromisoformat(limit) if isinstance(limit, str) else limit
    return {"<": column < told, "<=": column <= told, ">": column > told, ">=": column >= told}[sign]


def of_polars(policies, files):
    wholes = [reduce(lambda one, other: one & other, (expression(*term) for term in terms)) for terms in policies]
    begin, processor = time.perf_counter(), time.process_time()
    counted = [part for at, one in enumerate(wholes) for part in (one.sum().alias(f"t{at}"), one.is_null().sum().alias(f"n{at}"))]
    polars.scan_parquet(files).select(counted).collect(engine="streaming")
    spent, counting = time.perf_counter() - begin, time.process_time() - processor
    terms = {json.dumps(term): expression(*term) for one in policies for term in one}
    begin, processor = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory(dir=Path(sys.argv[1]).parent) as folder:
        both = (("c", terms.values()), ("p", wholes))
        kept = [one.alias(f"{name}{at}") for name, these in both for at, one in enumerate(these)]
        for at, file in enumerate(files):
            polars.scan_parquet(file).select(kept).collect().write_ipc(Path(folder) / f"{at}.arrow")
    return {"polars_s": spent, "polars_cpu": counting, "polars_kept_s": time.perf_counter() - begin,
            "polars_kept_cpu": time.process_time() - processor, "polars": f"Polars {version('polars')}"}


if __name__ == "__main__":
    main()
