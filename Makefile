# Every task is implemented once, in tasks.py; without make, run `python tasks.py demo` and so on.
# Another Python: make test PYTHON=python3.12      More words for the task: make test ARGS="tests/rules -k voucher"
PYTHON ?= python3
ARGS ?=
TASKS := setup demo test bench lint bundle lock clean

.DEFAULT_GOAL := help
.PHONY: help $(TASKS)

help:
	@sed -n '2,$$p' tasks.py | sed -n '/^    /p;/^"""/q'

$(TASKS):
	@$(PYTHON) tasks.py $@ $(ARGS)
