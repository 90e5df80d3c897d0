"""A made-up province: extracts of any size with planted faults, and apart from them the truth.

Run `python -m tests.province --help`. Nothing here reads or writes what the pipeline makes.
"""
