"""Executes submitted notebooks in a sandbox, checks what they hand in, and reports."""
