"""Plans: all decisions, the story of one, and the vendor's table that they follow."""
