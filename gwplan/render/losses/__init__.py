"""What losses change: what-ifs, scenarios and sweeps."""
