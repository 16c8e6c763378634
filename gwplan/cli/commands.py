"""Every command, in the order of ``gwplan --help``."""

from gwplan.cli import explain, import_, resolve, rules, schema

COMMANDS = (resolve, explain, rules, schema, import_)
