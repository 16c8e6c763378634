"""What a plan looks like: nodes, edges and bands, the same for every format; and where each stands when it is drawn."""
