"""What ``gwplan recommend`` found, in its formats."""
