"""Cost against size, as SVG: two panels, sizes on a logarithmic axis, milliseconds from 0."""

import math

WIDTH, HEIGHT, LEFT, TOP, BETWEEN = 300, 220, 50, 40, 80
COLOURS = {"exec": "#1b6ca8", "credential-process": "#2a9d5c", "secret-tool": "#999999"}
TITLES = {"stored": "sessions and keys stored", "profiles": "profiles in the config"}


def picture(series):
    total = LEFT + 2 * WIDTH + BETWEEN + 150
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{total}" height="{HEIGHT + TOP + 60}" '
             'font-family="sans-serif" font-size="12">', '<rect width="100%" height="100%" fill="white"/>']
    for number, (name, found) in enumerate(series.items()):
        parts += panel(LEFT + number * (WIDTH + BETWEEN), TITLES[name], found)
    parts += legend(LEFT + 2 * WIDTH + BETWEEN + 15)
    return "\n".join(parts + ["</svg>"]) + "\n"


def panel(left, title, found):
    sizes = list(found)
    top = 1.1 * max(value for times in found.values() for value in times.values())

    def x(size):
        return left + WIDTH * math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])

    def y(value):
        return TOP + HEIGHT * (1 - value / top)

    parts = [text(left + WIDTH / 2, TOP - 15, title), line([(left, TOP), (left, y(0)), (left + WIDTH, y(0))], "black")]
    for size in sizes:
        parts.append(text(x(size), y(0) + 18, f"{size:,}".replace(",", " ")))
    for tick in range(0, int(top) + 1, max(1, int(top) // 5)):
        parts.append(text(left - 8, y(tick) + 4, f"{tick} ms" if tick else "0", "end"))
    for name in found[sizes[0]]:
        points = [(x(size), y(found[size][name])) for size in sizes]
        parts.append(line(points, COLOURS[name]))
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{COLOURS[name]}"/>' for a, b in points]
    return parts


def legend(left):
    names = {"exec": "daypass exec", "credential-process": "daypass credential-process", "secret-tool": "secret-tool lookup"}
    for number, (name, words) in enumerate(names.items()):
        height = TOP + 20 * number
        yield line([(left, height - 4), (left + 12, height - 4)], COLOURS[name])
        yield f'<text x="{left + 16}" y="{height}" font-size="10">{words}</text>'


def line(points, colour):
    places = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
    return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.5"/>'


def text(x, y, words, anchor="middle"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'
