"""Findings, and the catalogue of the rules behind them."""
