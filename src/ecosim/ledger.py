"""The ledger: every payment has a payer and a payee, every envelope a floor, and every quarter a closing.

Firms' payments are gathered in the column `money.net` while the quarter runs and settled at its end; the ledger keeps what passed
between sectors in exact units of 1/1024 yuan, so that totals do not depend on the order of rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite

from .errors import LedgerError
from .wording import Words

SECTORS = (
    "firm",
    "institute",
    "incubator",
    "fund",
    "agency",
    "household",
    "city",
    "province",
    "centre",
    "bank",
    "world",
)
GOVERNMENTS = ("city", "province", "centre")
UNIT = 1024
"""Exact units per yuan in totals over rows."""


@dataclass
class Envelope:
    """Money set aside for one policy in one year, yuan: what is left to promise and what is promised but not yet paid."""

    budget: float
    payers: dict[str, float]
    left: float = 0.0
    promised: float = 0.0


@dataclass
class Ledger:
    """Balances of sectors, payments of the quarter, envelopes and public cost.

    balance: yuan held by each sector (credit of the bank is negative); flows: (payer, payee, account) -> yuan this quarter;
    outlay and forgone: (policy, government) -> yuan this quarter.
    """

    balance: dict[str, float] = field(default_factory=lambda: dict.fromkeys(SECTORS, 0.0))
    flows: dict[tuple[str, str, str], float] = field(default_factory=dict)
    envelopes: dict[str, Envelope] = field(default_factory=dict)
    outlay: dict[tuple[str, str], float] = field(default_factory=dict)
    forgone: dict[tuple[str, str], float] = field(default_factory=dict)

    def open_quarter(self) -> None:
        """Forget last quarter's flows; balances and envelopes stay."""
        self.flows = {}
        self.outlay = {}
        self.forgone = {}

    def post(self, payer: str, payee: str, account: str, amount: float) -> None:
        """Book a payment between sectors, yuan; a negative amount runs the other way.

        Raises LedgerError for an unknown sector or an amount that is not a number.
        """
        balance = self.balance
        if payer not in balance or payee not in balance:
            raise LedgerError(f"payment {account!r} from {payer!r} to {payee!r}: the sectors are {', '.join(SECTORS)}")
        if not isfinite(amount):
            raise LedgerError(f"payment {account!r} from {payer!r} to {payee!r} is {amount}, not an amount")
        if amount == 0.0:
            return
        key = (payer, payee, account)
        self.flows[key] = self.flows.get(key, 0.0) + amount
        balance[payer] -= amount
        balance[payee] += amount

    def open_envelope(self, policy: str, budget: float, payers: dict[str, float]) -> None:
        """Appropriate a year's budget, yuan; what is promised from earlier years stays promised."""
        promised = self.envelopes[policy].promised if policy in self.envelopes else 0.0
        self.envelopes[policy] = Envelope(budget, payers, budget, promised)

    def promise(self, policy: str, amount: float) -> None:
        """Commit money of an envelope. Raises LedgerError where the envelope cannot bear it."""
        envelope = self.envelopes[policy]
        if amount > envelope.left * (1 + 1e-12):
            raise LedgerError(f"{policy} promises {amount:,.2f} yuan but its envelope holds {envelope.left:,.2f}")
        envelope.left = max(0.0, envelope.left - amount)
        envelope.promised += amount

    def release(self, policy: str, amount: float) -> None:
        """Give up a promise that was not used; the money lapses with the year in which it was appropriated."""
        envelope = self.envelopes[policy]
        envelope.promised = max(0.0, envelope.promised - amount)

    def pay_promised(self, policy: str, payee: str, account: str, amount: float) -> None:
        """Pay promised money to a sector, shared among the policy's payers. Raises LedgerError beyond what was promised."""
        if amount == 0.0:
            return
        envelope = self.envelopes[policy]
        if amount > envelope.promised * (1 + 1e-9) + 1e-6:
            raise LedgerError(f"{policy} pays {amount:,.2f} yuan but only {envelope.promised:,.2f} are promised")
        envelope.promised = max(0.0, envelope.promised - amount)
        self.spend(policy, envelope.payers, payee, account, amount)

    def spend(self, policy: str, payers: dict[str, float], payee: str, account: str, amount: float) -> None:
        """Public money for a policy that is an entitlement in law rather than an envelope, shared among its payers."""
        for government, share in payers.items():
            self.post("household", government, "general revenue", amount * share)
            self.post(government, payee, account, amount * share)
            key = (policy, government)
            self.outlay[key] = self.outlay.get(key, 0.0) + amount * share

    def forgo(self, policy: str, payers: dict[str, float], amount: float) -> None:
        """Record tax that a policy lets go, yuan, by the governments that lose it."""
        for government, share in payers.items():
            key = (policy, government)
            self.forgone[key] = self.forgone.get(key, 0.0) + amount * share

    def check(self, held: dict[str, float], before: dict[str, float]) -> float:
        """Relative residual between what agents hold and what the ledger says they should.

        held, before: yuan held by the sectors that consist of agents, now and at the quarter's start. Raises LedgerError above 1e-9.
        """
        worst = 0.0
        turnover = sum(map(abs, self.flows.values())) + 1.0
        booked = dict.fromkeys(SECTORS, 0.0)
        for (payer, payee, _), amount in self.flows.items():
            booked[payee] += amount
            booked[payer] -= amount
        for sector, amount in held.items():
            worst = max(worst, abs(amount - before[sector] - booked[sector]) / turnover)
        worst = max(worst, abs(sum(self.balance.values())) / (max(map(abs, self.balance.values())) + 1.0))
        if worst > 1e-9:
            raise LedgerError(Words(f"money does not close: relative residual {worst:.2e}", f"资金不平衡：相对残差 {worst:.2e}"))
        return worst

    def matrix(self) -> dict[tuple[str, str], float]:
        """Transaction-flow matrix of the quarter: (account, sector) -> yuan received less paid; every account sums to zero."""
        table: dict[tuple[str, str], float] = {}
        for (payer, payee, account), amount in self.flows.items():
            table[account, payer] = table.get((account, payer), 0.0) - amount
            table[account, payee] = table.get((account, payee), 0.0) + amount
        return table
