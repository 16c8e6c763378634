"""Estates that already exist, read into inventories: one file per source, and what they share.

A source becomes a ``Draft`` (draft.py), a draft becomes an inventory (assemble.py, sites.py), an inventory becomes
text (write.py) or the change of a file that people have edited (merge.py). What was lost on the way is in the report.
"""
