"""Renders widgets on static pages."""
