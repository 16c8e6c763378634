"""Values in, text out: a folder for each kind of thing, in it a writer for each format; ``formats.py`` lists them."""
