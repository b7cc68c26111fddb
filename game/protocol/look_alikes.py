"""Look-alike names: two names that look alike have the same skeleton (UTS 39).  [pure]

The method is that of UTS 39, "Unicode Security Mechanisms", section 4. Unicode's table has 6,300
characters, most of scripts that no keyboard of a class has. This one has the letters of the scripts
that people type and that look like Latin ones, digits and punctuation.
"""

# ruff: noqa: RUF001 -- look-alike characters are the matter here

import unicodedata
from functools import lru_cache

# Each pair: characters, and in the same order what they look like.
_PAIRS = (
    # Cyrillic
    ("аеорсхуіјѕһԁԛԝѵӏүкгь", "aeopcxyijshdqwvlykrb"),
    ("АВЕКМНОРСТХУЅІЈѴԚԜҮӀЬ", "ABEKMHOPCTXYSlJVQWYlb"),
    # Greek
    ("οανριυγσϲϳκ", "oavpiuyocjk"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ", "ABEZHlKMNOPTYXC"),
    # Armenian
    ("օսհոցզՏՕյ", "ouhngqSOj"),
    # Cherokee
    ("ᎪᏴᏟᎠᎬᏀᎻᎫᏦᏞᎷᏢᏒᏚᎢᏙᎳᏃᎽ", "ABCDEGHJKLMPRSTVWZY"),
    # Lisu
    ("ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", "ABCDEFGHlJKLMNOPRSTUVWXYZ"),
    # Latin letters of phonetics and of Turkish
    ("ıɑɡɩʟ", "iagiL"),
    # One letter for all that are a vertical stroke, and for all that are a ring
    ("I1|ǀ∣׀", "llllll"),
    ("0౦੦", "OOO"),
    # Dashes, quotation marks and dots
    ("‐‑‒–—−⁃ー一", "---------"),
    ("`´‘’ʼʹ′", "'''''''"),
    ("․‚∶", ".,:"),
)
_PROTOTYPES = {
    ord(character): prototype
    for characters, prototypes in _PAIRS
    for character, prototype in zip(characters, prototypes, strict=True)
} | {ord("m"): "rn", ord("β"): "ß"}


@lru_cache(maxsize=4096)
def skeleton(name: str) -> str:
    """Return what a name looks like, for comparisons only; it is not to be shown."""
    # NFKD, where UTS 39 has NFD: it also makes wide, bold and ring letters plain.
    plain = unicodedata.normalize("NFKD", name).translate(_PROTOTYPES)
    return unicodedata.normalize("NFKD", plain)
