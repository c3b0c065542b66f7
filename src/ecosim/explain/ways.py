"""The quarter as a table, and the shortest ways of a parameter to the outcomes.

Nothing here is written by hand but the Chinese sentences: `flow` reads the links off the code.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import count

from .. import outcomes, policies
from ..errors import Fault, SpecError
from ..parameters import catalogue
from ..schedule import QUARTER
from ..units import unit_text
from ..wording import Language, Words, meant, nearest, told
from .flow import Link, flow

STAGES_ZH = {
    "environment": ("环境", "日历翻页：各行业需求、外部竞争者、研发价格。"),
    "offers": ("出台", "政策杠杆归零，有效权益生效，每项在效政策被询问一次。"),
    "apply": ("申请", "企业对公开征集作出回应；高企认定待年度账目。"),
    "awards": ("评审", "政策在预算内择优，写下权益，支付应付款。"),
    "pursue": ("备认定", "第一季度企业决定是否争取高企认定。"),
    "research": ("研发", "企业决定并开展研发。"),
    "projects": ("项目", "不可分割的项目出现、放弃、启动和推进。"),
    "services": ("服务", "企业购买研发服务；已使用的补贴付给服务方。"),
    "partners": ("合作", "企业与院所相互寻找，签订合同。"),
    "licences": ("许可", "技术转移机构把院所的发明带给企业。"),
    "study": ("院所研究", "院所开展研究并披露发明；转移机构支付薪酬。"),
    "pool": ("知识池", "各技术类在本市、合作院所和外地的知识，2019年=1。"),
    "learn": ("学习", "研发、服务和溢出变成知识。"),
    "patent": ("专利", "企业申请，专利局授权或驳回，专利失效。"),
    "trade": ("市场", "市场使企业扩张或收缩；销售、成本、利息。"),
    "invest": ("创投", "创业投资轮次与退出。"),
    "house": ("孵化", "在孵企业交租；载体用于维护和人员。"),
    "certify": ("认定", "年末，三年账目达标的企业申请高企认定。"),
    "comply": ("核查", "政策核查承诺并追回资金。"),
    "close_year": ("年结", "第四季度：纳税、分配和政府其他支出。"),
    "settle": ("结算", "本季收付进入企业存款；银行贷出不足、收回多余。"),
    "leave": ("退出", "企业关闭；团队转化，在孵毕业，小企业升规。"),
    "found": ("新设", "创业者起步，招引项目落地，载体接纳入驻。"),
    "wages": ("薪酬", "研发人员供不应求，抬高下一季研发价格。"),
    "audit": ("审计", "本季资金核对到分。"),
    "outcomes": ("统计", "读出各项结果。"),
}
AGENTS_ZH = {
    "world": "外部", "government": "政府", "firm": "企业", "institute": "院所", "transfer agency": "转移机构",
    "investor": "投资机构", "incubator": "孵化载体", "bank": "银行", "talent": "人才",
}  # fmt: skip
ALIVE = "identity.alive"
HIDDEN = ("survey.", "identity.id", "identity.alive")
ORDER = {stage.name: place for place, stage in enumerate(QUARTER)} | {"outcomes": len(QUARTER)}
DECIDES, LATER, SURVIVAL = 1, 2, 6
"""Added to the length of a way: for a link that only decides, for one that waits for the next quarter,
and for one that works by whether a firm is still in business, which in the end touches everything."""


def schedule_table(language: Language) -> list[dict[str, str]]:
    """The quarter, one entry for each stage in order; keys: stage, agents, meaning, reads, writes."""
    known = [flow(name) for name in policies.names()]
    rows = []
    for stage in QUARTER:
        name, meaning = (stage.name, stage.meaning) if language == "en" else STAGES_ZH[stage.name]
        agents = [word if language == "en" else AGENTS_ZH[word] for word in stage.agents.split(", ")]
        reads = _gathered(found.reads[stage.name] for found in known if stage.name in found.reads)
        writes = _gathered(found.writes[stage.name] for found in known if stage.name in found.writes)
        comma = ", " if language == "en" else "、"
        rows.append(
            {
                "stage": name,
                "agents": comma.join(agents),
                "meaning": meaning,
                "reads": reads,
                "writes": writes,
            }
        )
    return rows


def _gathered(places: Iterable[Mapping[str, None]]) -> str:
    """Places grouped by table: "market: sales, edge; money: cash"."""
    groups: dict[str, dict[str, None]] = {}
    for place in (place for found in places for place in found):
        if not place.startswith(HIDDEN):
            table, _, column = place.rpartition(".")
            groups.setdefault(table, {})[column] = None
    return "; ".join(f"{table}: {', '.join(columns)}" if table else ", ".join(columns) for table, columns in groups.items())


@dataclass(frozen=True)
class Walk:
    """The way of one parameter through the quarter, with no other instrument in force.

    name: "policy.parameter"; meaning, unit: of the parameter; ways: outcome -> the shortest chain of
    links from the parameter to it.
    """

    name: str
    meaning: str
    unit: str
    ways: Mapping[str, tuple[Link, ...]]

    def text(self, language: Language) -> str:
        """The walk to print: what happens in the order of the quarter, then the way to each outcome."""
        label = policies.model(self.name.partition(".")[0])
        policy = label.label_en if language == "en" else label.label_zh
        heads = {
            "en": (
                "{0}: {1} ({2}); set in a scenario under policies",
                "In the order of the quarter",
                "Ways to outcomes",
            ),
            "zh": ("{0}：{1}（{2}）；写在情景文件的 policies 之下", "按季内次序", "到达各项结果的路径"),
        }[language]
        lines = [f"{policy} - {heads[0].format(self.name, told(self.meaning, language), unit_text(self.unit, language))}", "", heads[1]]
        lines += [f"  {line}" for line in self._steps(language)]
        lines += ["", heads[2]]
        comma, colon = (", ", ": ") if language == "en" else ("、", "：")
        for chain, keys in self._chains(language).items():
            lines.append(f"  {comma.join(outcomes.BY_KEY[key].label(language) for key in keys)}{colon}{chain}")
        return "\n".join(lines)

    def links(self) -> list[Link]:
        """Every link of some way, in the order of the quarter."""
        found = dict.fromkeys(link for way in self.ways.values() for link in way)
        return sorted(found, key=lambda link: ORDER[link.stage])

    def _steps(self, language: Language) -> list[str]:
        groups: dict[tuple[str, str], list[Link]] = {}
        for link in self.links():
            if link.stage != "outcomes":
                groups.setdefault((link.stage, link.function), []).append(link)
        lines = []
        for (stage, function), found in groups.items():
            name = stage if language == "en" else STAGES_ZH[stage][0]
            sources = ", ".join(dict.fromkeys(link.source for link in found))
            targets = ", ".join(dict.fromkeys(link.target for link in found))
            lines.append(f"{name} | {function} ({found[0].file}) | {sources} → {targets}")
        return lines

    def _chains(self, language: Language) -> dict[str, list[str]]:
        """Way as text -> the outcomes it leads to."""
        found: dict[str, list[str]] = {}
        for key, way in self.ways.items():
            found.setdefault(self._chain(way, language), []).append(key)
        return found

    def _chain(self, way: tuple[Link, ...], language: Language) -> str:
        words, last = [way[0].source.partition(".")[2]], -1
        for link in way:
            if ORDER[link.stage] < last:
                words.append("(next quarter)" if language == "en" else "（下一季）")
            last = ORDER[link.stage]
            if not link.target.startswith(("survey.", "outcomes.")):
                words.append(("⇢ " if link.decides else "→ ") + link.target)
        return " ".join(words)


@cache
def walk(name: str) -> Walk:
    """The walk of "policy.parameter". Raises SpecError, naming the nearest, for an unknown one."""
    policy, _, parameter = name.partition(".")
    if name in catalogue():
        meaning = catalogue()[name].meaning
        message = Words(f"{name} ({meaning}) belongs to the model, not to a policy", f"{name}（{meaning.zh}）是模型参数，不属于政策工具")
        command = f"`ecosim parameters {policy}`"
        raise SpecError([Fault("explain", message, Words(f"{command} shows its prior", f"先验见 {command}"))])
    known = {field.alias or key: field for key, field in policies.model(policy).model_fields.items()}
    if parameter not in known:
        close = nearest(parameter, known)
        remedy = Words(f"Its parameters are {', '.join(known)}", f"它的参数有 {'、'.join(known)}")
        message = Words(f"{policy} has no parameter {parameter!r}", f"{policy} 没有参数 {parameter!r}")
        raise SpecError([Fault("explain", message, meant(f"{policy}.{close}") if close else remedy)])
    described = known[parameter]
    extra = described.json_schema_extra
    unit = str(extra["unit"]) if isinstance(extra, dict) and "unit" in extra else ""
    return Walk(name, described.description or "", unit, _ways(name, list(flow(policy).links)))


def _ways(start: str, links: list[Link]) -> dict[str, tuple[Link, ...]]:
    """Outcome -> the shortest way to it; in the order of the catalogue of outcomes."""
    out: dict[str, list[Link]] = {}
    for link in links:
        out.setdefault(link.source, []).append(link)
    tick, best = count(), {}
    waiting: list[tuple[int, int, str, tuple[Link, ...]]] = [(0, next(tick), start, ())]
    while waiting:
        length, _, place, way = heapq.heappop(waiting)
        now = ORDER[way[-1].stage] if way else 0
        if (place, now) in best:
            continue
        best[place, now] = way
        for link in out.get(place, ()):
            further = length + 1 + LATER * (ORDER[link.stage] < now) + DECIDES * link.decides + SURVIVAL * (place == ALIVE)
            heapq.heappush(waiting, (further, next(tick), link.target, (*way, link)))
    reached = {place.removeprefix("outcomes."): way for (place, _), way in best.items() if place.startswith("outcomes.")}
    return {key: reached[key] for key in outcomes.KEYS if key in reached}
