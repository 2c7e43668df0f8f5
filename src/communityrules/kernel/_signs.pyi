"""What a text has that links, names and numbers need. See `communityrules.library.signs`."""

def signs_of(text: str, table: bytes, /) -> int:
    """The signs of a text. `table`: for each of the first 131072 characters its class."""
