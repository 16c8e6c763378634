"""What an import read, guessed and left out."""
