"""Region packs: what is known and what is assumed of a city at the start.

Every number carries unit, year, source and grade. A pack is a folder here: figures.csv (single numbers),
the tables of `tables.TABLES`, statute.yaml (dated law), pack.yaml (what the pack is) and a README.md.
A pack may ship a posterior of the parameters, posterior.csv and posterior.yaml, written by `ecosim calibrate`.
A new folder is a new region; no list has to be edited. Read in this order: `tables` (which columns),
`statute`, `pack` (the loader), `posterior`.

>>> from ecosim import regions
>>> pack = regions.load("nantong")
>>> pack["hightech_firms_2019"]
1706.0
>>> pack.table("sectors")["key"][0]
'textiles'
"""

from .pack import Figure, RegionPack, load, names
from .posterior import Posterior, posterior
from .statute import FeeScale, Provision, Statute

__all__ = ["FeeScale", "Figure", "Posterior", "Provision", "RegionPack", "Statute", "load", "names", "posterior"]
