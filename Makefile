# Thin: each target is one documented command of README.md, run in the virtual environment .venv.
PYTHON ?= python3

grade: .venv/ready
	.venv/bin/python -m grader demo

test: .venv/ready
	.venv/bin/python -m pytest

lab: .venv/ready
	.venv/bin/jupyter lab --notebook-dir=notebooks

.venv/ready: requirements.txt
	@$(PYTHON) -c "import sys; sys.version_info >= (3, 11) or sys.exit('Python 3.11 or later is needed: make PYTHON=...')"
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --requirement requirements.txt
	touch $@

.PHONY: grade test lab
