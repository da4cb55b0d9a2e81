"""Types commands at a real bash on a pseudo-terminal, and draws what was seen as an animated SVG.

Usage: scene.py CODE-URL SVG    in the world that Tests/Demo/record makes

What is drawn is what the terminal showed; only the scratch folder's name is replaced by /home/alice. Without animation, as in
a browser that was asked to reduce motion, the picture is the whole transcript.
"""
import html
import os
import re
import sys
import urllib.request

import pexpect

CODE_URL, SVG = sys.argv[1:]
COLUMNS = 100
PROMPT = "$ "


def code():
    return urllib.request.urlopen(CODE_URL).read().decode().strip()


# A command, and what is typed at each of its questions.
SCENE = [
    ("daypass add alice", [
        ("Access key ID", "AKIAIOSFODNN7EXAMPLE"),
        ("Secret access key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("use MFA device", ""),
        ("region", "eu-west-1"),
        ("let aws", ""),
    ]),
    ("daypass list-buckets alice", [("MFA code", code)]),
    ("daypass exec readonly -- aws s3 ls    # a role of alice's: no second code", []),
    ("daypass use readonly                  # the same in this shell", []),
    ("aws sts get-caller-identity --query Arn --output text", []),
    ("daypass off", []),
]


def play():
    """What the terminal showed, a text for each command; \\0 stands where a person began to type."""
    environment = os.environ | {"TERM": "dumb", "PS1": PROMPT}
    shell = pexpect.spawn(
        "bash", ["--norc", "--noediting", "-i"], env=environment, encoding="utf-8", dimensions=(60, COLUMNS), timeout=60)
    shell.expect_exact(PROMPT)
    shell.sendline('eval "$(daypass init bash)"')
    shell.expect_exact("\r\n" + PROMPT)
    for command, answers in SCENE:
        seen = PROMPT + "\0"
        shell.sendline(command)
        for question, answer in answers:
            shell.expect_exact(question)
            seen += shell.before + question
            shell.expect(r"(\]|\(hidden\))?: |\] ")
            seen += shell.before + shell.after + "\0"
            shell.sendline(answer() if callable(answer) else answer)
        shell.expect_exact("\r\n" + PROMPT)
        yield (seen + shell.before).replace(os.environ["HOME"], "/home/alice")
    shell.sendeof()


# Drawing


SIZE, ADVANCE, LEADING, MARGIN = 13, 7.8, 18, 16
STYLE = f"""
text {{ font: {SIZE}px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #c9d1d9; white-space: pre }}
.p {{ fill: #7ee787 }} .t {{ fill: #fff; font-weight: 600 }}
.l {{ animation: show 0s both }} .c {{ fill: #0d1117; transform: scaleX(0); transform-origin: right; transform-box: fill-box; animation: type 0s both }}
@keyframes show {{ from {{ visibility: hidden }} }}
@keyframes type {{ from {{ transform: scaleX(1) }} }}
@media (prefers-reduced-motion: reduce) {{ * {{ animation: none !important }} }}
"""


class Drawing:
    """Lines from top to bottom, each shown at a moment; what is typed is uncovered letter by letter."""

    def __init__(self):
        self.rows, self.parts, self.now = 0, [], 0.5

    def line(self, text):
        shown, _, typed = text.partition("\0")
        y = MARGIN + SIZE + self.rows * LEADING
        self.rows += 1
        self.parts.append(f'<g class="l" style="animation-delay:{self.now:.2f}s">')
        if shown == PROMPT:
            shown = f'<tspan class="p">{shown}</tspan>'
            column = len(PROMPT)
        else:
            column = len(shown)
            shown = html.escape(shown, quote=False)
        letters = f'<tspan class="t">{html.escape(typed, quote=False)}</tspan>' if typed else ""
        self.parts.append(f'<text xml:space="preserve" x="{MARGIN}" y="{y}">{shown}{letters}</text>')
        if typed:
            self.now += 0.7
            seconds = 0.04 * len(typed)
            self.parts.append(
                f'<rect class="c" x="{MARGIN + column * ADVANCE:.1f}" y="{y - SIZE}" width="{len(typed) * ADVANCE + 2:.1f}"'
                f' height="{LEADING}" style="animation-duration:{seconds:.2f}s;animation-delay:{self.now:.2f}s;'
                f'animation-timing-function:steps({len(typed)})"/>')
            self.now += seconds + 0.3
        elif "\0" in text:
            self.now += 0.7
        self.parts.append("</g>")
        self.now += 0.08

    def svg(self):
        width, height = MARGIN * 2 + COLUMNS * ADVANCE, MARGIN * 2 + self.rows * LEADING
        return "\n".join([
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}">',
            "<title>daypass at a terminal: a key is added, one MFA code serves every command</title>",
            f"<style>{STYLE}</style>", f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>', *self.parts, "</svg>", ""])


drawing = Drawing()
for text in play():
    for line in text.rstrip().split("\r\n"):
        drawing.line(line)
    drawing.now += 0.9
with open(SVG, "w", encoding="utf-8") as file:
    file.write(drawing.svg())
