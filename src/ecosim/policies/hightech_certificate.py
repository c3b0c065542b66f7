"""High-tech certificate: firms whose research, staff and products pass thresholds pay less tax for years."""

from typing import TYPE_CHECKING, ClassVar, Self

import numpy as np
from pydantic import model_validator

from ..levers import CERTIFICATE, Call
from ..quantity import Dated, Share, Yuan
from ..units import yuan_text
from ..wording import Words, refused
from .contract import CORRECT_ONE, Payers, Policy, parameter, payers

if TYPE_CHECKING:
    from ..levers import Levers
    from ..region import Region


class HightechCertificate(Policy):
    """A lower tax rate for certified firms, and the city's award for being certified."""

    label_en: ClassVar[str] = "High-tech firm certificate"
    label_zh: ClassVar[str] = "高新技术企业认定"
    letter: ClassVar[str] = "高新技术企业"
    dose: ClassVar[str] = "tax_relief"

    tax_relief: Dated[Share] = parameter(
        "points taken off the tax rate on profit (0.10: 25% becomes 15%); 0 means: not in force",
        "share of profit",
        zh="利润税率降低的百分点（0.10 即由 25% 降到 15%）；0 表示不实施",
    )
    rd_share_small: Dated[Share] = parameter(
        "research over sales of three years that a firm with sales up to small_sales must show",
        "share of sales",
        zh="销售收入不超过 small_sales 的企业，三年研发费用占销售收入的最低比例",
    )
    rd_share_medium: Dated[Share] = parameter(
        "the same for a firm with sales between small_sales and large_sales",
        "share of sales",
        zh="同上，销售收入在 small_sales 与 large_sales 之间的企业",
    )
    rd_share_large: Dated[Share] = parameter(
        "the same for a firm with sales above large_sales", "share of sales", zh="同上，销售收入超过 large_sales 的企业"
    )
    small_sales: Yuan = parameter("last year's sales up to which a firm is small", "yuan a year", zh="小企业的上年销售收入上限")
    large_sales: Yuan = parameter("last year's sales above which a firm is large", "yuan a year", zh="大企业的上年销售收入下限")
    product_share: Share = parameter(
        "least share of high-tech products and services in sales", "share of sales", zh="高新技术产品（服务）收入占比的下限"
    )
    staff_share: Share = parameter("least share of science and technology staff", "share of staff", zh="科技人员占职工比例的下限")
    valid_years: int = parameter("years a certificate lasts", "years", zh="证书有效年数", ge=1, le=10)
    min_age_years: int = parameter("least age of the firm", "years", zh="企业最低成立年数", ge=0, le=10)
    first_award: Dated[Yuan] = parameter("award for the first certificate", "yuan per firm", zh="首次认定奖励")
    renewal_award: Dated[Yuan] = parameter("award for a renewed certificate", "yuan per firm", zh="重新认定奖励")
    payers: Payers = payers()

    @model_validator(mode="after")
    def _sizes_ascend(self) -> Self:
        if self.large_sales < self.small_sales:
            large, small = (f"{amount:g}（{yuan_text(amount, 'zh')}）" for amount in (self.large_sales, self.small_sales))
            message = f"'large_sales' {self.large_sales:g} is below 'small_sales' {self.small_sales:g}"
            raise refused(Words(message, f"'large_sales' {large}低于 'small_sales' {small}"), CORRECT_ONE)
        return self

    def offer(self, levers: "Levers", region: "Region") -> Call | None:
        """A lower rate for holders, the terms for all others; in the fourth quarter a call for applications."""
        now, name = region.quarter, "hightech_certificate"
        ceiling = region.pack.statute.general_rate.at(now) - self.tax_relief.at(now)
        held = region.promises.held(region.index_of(name), CERTIFICATE, now)
        table = region.promises.active()
        rows, left = table.row[held], table.until[held] + (1.0 - now)
        levers.offer("tax_ceiling", ceiling, name, rows)
        levers.offer("certified", left, name, rows)
        levers.offer_city(
            name,
            certificate_ceiling=ceiling,
            certificate_small=self.rd_share_small.at(now),
            certificate_medium=self.rd_share_medium.at(now),
            certificate_large=self.rd_share_large.at(now),
            certificate_small_sales=self.small_sales,
            certificate_large_sales=self.large_sales,
            certificate_income=self.product_share,
            certificate_staff=self.staff_share,
            certificate_age=4.0 * self.min_age_years,
            certificate_award=self.first_award.at(now),
            certificate_renewal=self.renewal_award.at(now),
        )
        return Call(self, CERTIFICATE, self.members(region)) if region.year_ends else None

    def award(self, call: Call, region: "Region") -> "np.ndarray":
        """Certify every applicant (the criteria are the law's); the award is paid at once."""
        now, name = region.quarter, "hightech_certificate"
        rows: np.ndarray = call.applicants()
        renews = region.levers.firm.certified[rows] > 0.0
        region.entitle(name, rows, CERTIFICATE, until=now + 4 * self.valid_years)
        amounts = np.where(renews, self.renewal_award.at(now), self.first_award.at(now))
        region.pay_firms(name, rows, amounts, "certificate award")
        region.count("certified_new", float((~renews).sum()))
        region.count("certified_renewed", float(renews.sum()))
        return rows
