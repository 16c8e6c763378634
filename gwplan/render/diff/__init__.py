"""What an edit changes: for people, for programs, and as the comment of a pull request."""
