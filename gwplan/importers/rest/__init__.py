"""The VBR REST API: answers saved in a folder (saved.py) or asked of a running server (live.py), read into facts."""
