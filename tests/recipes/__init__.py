"""Small complete examples of a chapter, a widget and an exercise, to copy: `python -m tests.recipes`."""
