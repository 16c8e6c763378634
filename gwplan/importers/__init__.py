"""Estates that already exist, read into inventories.

pipeline.py is the way of an import: a source's facts (rest/, health_check/) are judged (judge.py) into a draft
(draft.py), which is joined, placed in sites and written, or merged into a file that people have edited (estate/). What
was lost on the way is in the report.
"""
