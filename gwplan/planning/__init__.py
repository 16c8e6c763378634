"""How a plan is made: the vendor's table, the pipeline pool, filter, rank, and the trace that is the result."""
