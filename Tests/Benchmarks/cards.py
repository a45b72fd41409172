"""The cards that every server gets: their text, their names, and which of them a query finds."""

GIVEN = ["Ada", "Bruno", "Clara", "Dmitri", "Elif", "Femi", "Greta", "Hiro", "Ines", "Jonas"]
FAMILY = [
    "Abbott", "Bergmann", "Castillo", "Dubois", "Eriksen", "Fontaine", "Gallagher", "Hoffmann",
    "Ivanova", "Jansen", "Kowalski", "Lindqvist", "Moreau", "Nakamura", "Okafor", "Petrov",
    "Quispe", "Rossi", "Schneider", "Tanaka", "Ustinov", "Varga", "Weber", "Yilmaz", "Zimmermann",
]
# One card in 25 bears this name: 4 %.
WANTED = "Quispe"

TEMPLATE = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:bench-{index:06d}\r\nFN:{given} {family} {index:06d}\r\n"
    "N:{family};{given};{index:06d};;\r\nEMAIL;TYPE=WORK:contact{index}@example{domain}.com\r\n"
    "TEL;TYPE=CELL:+44 20 7946 {index:06d}\r\n"
    "ADR;TYPE=HOME:;;{index} Sample Street;London;;SW1A 1AA;United Kingdom\r\n"
    "NOTE:{note}\r\nEND:VCARD\r\n"
)


def given(index):
    return GIVEN[index // len(FAMILY) % len(GIVEN)]


def family(index):
    return FAMILY[index % len(FAMILY)]


def name(index):
    """The card's file name: the one that an import of ours would choose too."""
    return f"{given(index)}-{family(index)}-{index:06d}.vcf".lower()


def note(revision):
    """The line that an edit changes."""
    return f"Revision {revision} of a card about as long as real ones are."


def text(index, revision=0):
    """A card of about 350 bytes."""
    return TEMPLATE.format(
        index=index, given=given(index), family=family(index), domain=index % 40,
        note=note(revision),
    )


def is_card(body, index, revision):
    """Whether an answer holds this revision of this card, however the server wrote it anew."""
    marks = (f"UID:bench-{index:06d}", f"FN:{given(index)} {family(index)}", note(revision))
    return all(mark.encode() in body for mark in marks)


def matches(count):
    """How many of the first `count` cards a query for the wanted name finds."""
    return sum(family(index) == WANTED for index in range(count))


def write_all(path, count):
    """All cards in one file, as `contactsctl import` reads them."""
    with open(path, "w", newline="") as file:
        for index in range(count):
            file.write(text(index))


def write_folder(folder, count):
    """Each card in a file of its own."""
    for index in range(count):
        (folder / name(index)).write_text(text(index), newline="")
