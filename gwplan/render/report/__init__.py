"""One page of a plan that opens offline: to hand over, to attach, to print, and to ask what a loss costs."""
