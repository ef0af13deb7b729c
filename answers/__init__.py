"""For instructors only: solved notebooks as percent scripts, questions, keys and record checks."""
