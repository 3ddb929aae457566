"""Tests mirror the packages; benchmarks are run by `make bench` only."""
