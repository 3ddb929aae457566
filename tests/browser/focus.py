"""What the Tab key must reach on a page: `page.locator(PRESSED).evaluate_all(SHOWN)` counts it."""

from __future__ import annotations

PRESSED = "a[href], button, input, select, summary, [tabindex='0']"
SHOWN = "all => all.filter(e => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})).length"
