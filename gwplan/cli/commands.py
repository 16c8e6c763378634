"""Every command, in the order of ``gwplan --help``."""

from gwplan.cli import explain, resolve, rules, schema, sweep, whatif

COMMANDS = (resolve, explain, whatif, sweep, rules, schema)
