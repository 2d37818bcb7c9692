"""nncourse."""
