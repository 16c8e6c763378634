"""The door: text to a frozen inventory whose references all resolve."""
