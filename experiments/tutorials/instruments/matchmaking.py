"""Matchmaking: an office that knows who does what in the city's institutes, so that partners cost less to find."""

from ecosim.policies.contract import Policy, parameter
from ecosim.quantity import Dated, Share


class Matchmaking(Policy):
    """Firms bear a smaller share of the cost of finding a partner; what the office itself costs is not told here."""

    label_en = "Matchmaking"
    label_zh = "对接服务"
    letter = "产学研对接"
    dose = "relief"

    relief: Dated[Share] = parameter("share of the search cost that firms are spared", "share", zh="企业免去的寻找伙伴成本的比例")

    def offer(self, levers, region):
        """A lower cost of search for every firm in business."""
        levers.offer("search_cost", 1.0 - self.relief.at(region.quarter), "matchmaking", self.members(region))
