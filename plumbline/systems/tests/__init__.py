"""The standard suite: what every system must keep."""
