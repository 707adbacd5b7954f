"""The inline styles of a card.

Inline, because a style sheet does not survive sanitizing, VS Code's output frame, or nbgrader's feedback page.
In a narrow window what is wide goes below what names it.
Colours of text and ground come from the theme of JupyterLab or VS Code, with fallbacks for a bare page;
white on each status colour keeps a contrast of 4.5 or more in every theme.
"""

from __future__ import annotations

from quizlib.judging.verdict import Status

GREEN, AMBER, RED, BLUE, GREY = "#1a7f37", "#8a5a00", "#b3261e", "#0b5cad", "#57606a"

STATUS_COLOURS: dict[Status, str] = {
    "correct": GREEN,
    "partial": AMBER,
    "wrong": RED,
    "unanswered": GREY,
    "recorded": BLUE,
    "invalid": AMBER,
    "error": RED,
    "timeout": RED,
    "memory": RED,
    "died": RED,
    "missing": GREY,
    "infrastructure": BLUE,
}

MARK_COLOURS = {"met": GREEN, "partly met": AMBER, "not met": RED, "not shown": GREY, "not judged": GREY}

MARK_SIGNS = {"met": "✓", "partly met": "½", "not met": "✗", "not shown": "–", "not judged": "–"}

_TEXT = "var(--jp-content-font-color1, var(--vscode-editor-foreground, #1f2328))"
_GROUND = "var(--jp-layout-color1, var(--vscode-editor-background, #ffffff))"
_INSET = "var(--jp-layout-color2, var(--vscode-textCodeBlock-background, #eeeeee))"
_EDGE = "var(--jp-border-color2, var(--vscode-panel-border, #d0d7de))"
_FONT = "var(--jp-content-font-family, var(--vscode-font-family, system-ui, sans-serif))"
_MONO = "var(--jp-code-font-family, var(--vscode-editor-font-family, monospace))"


def card(colour: str) -> str:
    """Return the style of the whole card, marked at its left edge with the colour of its status."""
    return (
        f"max-width: 52em; margin: 6px 0; padding: 12px 16px; border: 1px solid {_EDGE};"
        f" border-left: 5px solid {colour}; border-radius: 6px; background-color: {_GROUND}; color: {_TEXT};"
        f" font-family: {_FONT}; font-size: 14px; line-height: 1.5; text-align: left"
    )


def badge(colour: str) -> str:
    """Return the style of a status: white words on its colour."""
    return (
        f"background-color: {colour}; color: #ffffff; border-radius: 12px; padding: 2px 11px; font-weight: 600;"
        " white-space: nowrap"
    )


def dot(colour: str) -> str:
    """Return the style of the round sign before a criterion."""
    return (
        f"display: inline-block; width: 18px; height: 18px; line-height: 18px; border-radius: 9px;"
        f" background-color: {colour}; color: #ffffff; text-align: center; font-size: 12px; font-weight: 700;"
        " margin-right: 6px"
    )


def bar(colour: str, share: float) -> str:
    """Return the style of the filled part of the score's bar, `share` of its width."""
    return f"width: {share:.0%}; height: 6px; border-radius: 3px; background-color: {colour}"


HEAD = "display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px"
TITLE = "font-size: 16px; font-weight: 600; margin-right: auto"
RESULT = "display: inline-flex; align-items: center; gap: 10px; white-space: nowrap"
TRACK = f"height: 6px; border-radius: 3px; background-color: {_EDGE}; margin: 8px 0 10px 0; overflow: hidden"
PARAGRAPH = "margin: 6px 0 0 0"
LINES = "list-style: none; margin: 4px 0 0 0; padding: 0"
LINE = "display: flex; flex-wrap: wrap; gap: 0 10px; align-items: baseline; margin: 2px 0"
NAME = "flex: 0 0 72px"
ROWS = f"list-style: none; margin: 8px 0 0 0; padding: 0; border-bottom: 1px solid {_EDGE}"
ROW = (
    "display: flex; flex-wrap: wrap; gap: 0 10px; align-items: baseline; margin: 0; padding: 5px 0;"
    f" border-top: 1px solid {_EDGE}"
)
MARK = "flex: 0 0 106px; white-space: nowrap"
WIDE = "flex: 1 1 260px; min-width: 0; overflow-wrap: anywhere"
BOX = f"margin: 10px 0 0 0; padding: 8px 12px; border-radius: 5px; background-color: {_INSET}"
CODE = (
    f"font-family: {_MONO}; font-size: 13px; background-color: transparent; color: {_TEXT}; padding: 0;"
    " white-space: pre-wrap; overflow-wrap: anywhere; flex: 1 1 240px; min-width: 0"
)
INLINE_CODE = f"font-family: {_MONO}; font-size: 13px; background-color: transparent; color: {_TEXT}; padding: 0"
WHOLE = "white-space: nowrap"
REMEDY = "margin: 4px 0 0 0"
FOOT = "margin: 8px 0 0 0; font-size: 12px"
