"""From a draft to an inventory: joined (join.py), completed (assemble.py), placed in sites, written or merged."""
