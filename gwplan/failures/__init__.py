"""What happens when something is lost: pure functions over plans."""
