"""Addresses that come from a browser and are led to or kept: only paths of the office, never another site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import url_for

from backoffice.services import services


def safe_next(target: str) -> str:
    """`target` when it is a path of the office, else the first page."""
    base = services().settings.base_path
    parts = urlsplit(target)
    inside = target.startswith(f"{base}/") and not parts.scheme and not parts.netloc
    odd = "\\" in target or "//" in parts.path or any(ord(character) < 32 for character in target)
    return target if inside and not odd else url_for("home.today")
