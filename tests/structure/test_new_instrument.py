"""Adding an instrument is adding one file: a made-up one, dropped into a folder, runs from its YAML block
to an outcome table."""

import json
import os
import subprocess
import sys
import textwrap

INSTRUMENT = '''
"""Rent relief: tenants pay a part of their rent."""

from ecosim.policies.contract import Policy, parameter
from ecosim.quantity import Dated, Share


class RentRelief(Policy):
    """A share of the rent that tenants are spared."""

    label_en = "Rent relief"
    label_zh = "租金减免"
    letter = "科技企业孵化器"
    dose = "relief"

    relief: Dated[Share] = parameter("share of rent spared", "share", zh="减免租金的比例")

    def offer(self, levers, region):
        """A lower rent for all who are eligible."""
        levers.offer("rent", 1.0 - self.relief.at(region.quarter), "rent_relief", self.members(region))
'''
PROGRAM = """
import json, runpy, sys
from ecosim import policies
policies.__path__.append(sys.argv[1])
from ecosim import outcomes, scenario
worlds = runpy.run_path(sys.argv[2])
city = worlds["small_city"](1.0, 4)
found = {"names": policies.names(), "rent": {}, "schema": "rent_relief" in json.dumps(scenario.json_schema())}
for relief in (None, 0.0, 0.5):
    given = city if relief is None else city.with_policy("rent_relief", relief=relief)
    region = worlds["begun"](given)
    rent, table = 0.0, []
    for now in worlds["quarters_of"](region, 4):
        rent += now.ledger.flows["firm", "incubator", "rent"]
        table.append(outcomes.read_quarter(now, now.research_price).tolist())
    found["rent"][str(relief)] = rent
    found[f"table {relief}"] = table
print(json.dumps(found))
"""


def test_a_dummy_instrument_runs_to_a_table_without_an_edit_elsewhere(tmp_path, request):
    folder = tmp_path / "instruments"
    folder.mkdir()
    (folder / "rent_relief.py").write_text(textwrap.dedent(INSTRUMENT), encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        PROGRAM,
        str(folder),
        str(request.config.rootpath / "tests" / "conftest.py"),
    ]

    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=True,
        timeout=250,
    )

    found = json.loads(done.stdout)
    assert "rent_relief" in found["names"]
    assert found["schema"]
    assert found["rent"]["0.0"] == found["rent"]["None"] > 0.0
    assert found["table 0.0"] == found["table None"]
    assert 0.45 < found["rent"]["0.5"] / found["rent"]["None"] < 0.55
    assert len(found["table 0.5"]) == 4
    assert len(found["table 0.5"][0]) > 40
