"""Every command, in the order of ``gwplan --help``."""

from gwplan.cli import explain, import_, resolve, rules, schema, sweep, whatif

COMMANDS = (resolve, explain, whatif, sweep, rules, schema, import_)
