"""Numbers as people read them, and Markdown tables."""


def number(value):
    """Three digits that count, thousands apart."""
    size = abs(value)
    if size >= 100 or value == int(value):
        return f"{value:,.0f}"
    if size < 0.001:
        return f"{value:.1g}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 1 else f"{value:.3f}"


def amount(value, unit):
    """A number with its unit."""
    if unit == "flushes":
        return number(value)
    if unit == "bytes":
        return f"{value:,.0f} B"
    return f"{number(value)}/s" if unit == "/s" else f"{number(value)} {unit}"


def cell(reading, unit):
    """What a server reached in a row; what was cut short or went wrong stands beside it."""
    if reading is None:
        return "–"
    if reading.failure:
        return f"failed ({reading.failure})".replace("|", "/").replace("\n", " ")
    text = amount(reading.value, unit)
    if reading.extra is not None:
        if unit == "bytes":
            text += f" ({reading.extra:,.0f} B)"
        elif unit == "MB":
            text += f" ({amount(reading.extra, unit)})"
        elif reading.extra < 1:
            text += f", {reading.extra:.1%} good"
    if reading.count < reading.wanted:
        text += f" [{reading.count:,}]"
    return text


def cpu(reading):
    """CPU milliseconds of a request; ours: gateway + backend."""
    if reading is None or reading.failure or not reading.cpu:
        return "–"
    roles = sorted(reading.cpu, key=lambda role: role != "gateway")
    return " + ".join(number(reading.cpu[role]) for role in roles)


def table(head, lines):
    """A Markdown table; all columns but the first stand at the right."""
    rows = [head, ["---"] + ["---:"] * (len(head) - 1), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
