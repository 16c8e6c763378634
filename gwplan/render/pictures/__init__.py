"""One picture in several formats: a file a format, each with the one place that makes names safe in it."""
