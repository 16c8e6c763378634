"""Every command, in the order of ``gwplan --help``."""

from gwplan.cli import explain, import_, resolve, rule, rules, schema, sweep, validate, whatif

COMMANDS = (resolve, explain, validate, whatif, sweep, rules, rule, schema, import_)
