"""Every command, in the order of ``gwplan --help``."""

from gwplan.cli import explain, resolve, rules, schema

COMMANDS = (resolve, explain, rules, schema)
