#!/usr/bin/env python3
"""Makes japanese.otf and latin.ttf out of Debian's Noto fonts: see README.md. Not part of any build.

Usage: make.py NotoSansCJK-Regular.ttc NotoSans-Regular.ttf FOLDER_OF_CMAPS
FOLDER_OF_CMAPS is /usr/share/poppler/cMap/Adobe-Japan1 of Debian's poppler-data.
"""

import re
import sys
from pathlib import Path

from fontTools import subset

# The last character of Adobe-Japan1-5: what Japanese phones and computers have drawn since JIS X 0213.
LAST_CID = 20316


def adobe_japan(cmap: Path) -> set[int]:
    text, found = cmap.read_text(), set()
    for block in re.findall(r"begincidchar(.*?)endcidchar", text, re.S):
        for code, cid in re.findall(r"<([0-9a-f]+)>\s+(\d+)", block):
            if int(cid) <= LAST_CID:
                found.add(int(code, 16))
    for block in re.findall(r"begincidrange(.*?)endcidrange", text, re.S):
        for first, last, cid in re.findall(r"<([0-9a-f]+)>\s*<([0-9a-f]+)>\s+(\d+)", block):
            for at, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                if int(cid) + at <= LAST_CID:
                    found.add(code)
    return found


def coded(codec: str) -> set[int]:
    """Everything of two bytes in an encoding, without what a company defined for itself."""
    found = set()
    for first in range(0x81, 0xFD):
        for second in range(0x40, 0xFD):
            try:
                found.update(map(ord, bytes([first, second]).decode(codec)))
            except UnicodeDecodeError:
                pass
    return {it for it in found if not 0xE000 <= it < 0xF900}


def make(source: str, to: str, wanted: set[int], number: int) -> None:
    options = subset.Options()
    options.font_number = number
    options.layout_features = []
    options.layout_closure = False
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "MATH", "VORG", "vhea", "vmtx", "gasp"]
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    subset.save_font(font, to, options)
    print(to, len(font.getBestCmap()), "characters,", Path(to).stat().st_size, "bytes")


def main() -> None:
    japanese, latin, cmaps = sys.argv[1:]
    # Letters, Greek and Cyrillic with everything that Vietnam, Turkey or Poland add, and the dashes and quotes between them.
    western = {*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x300, 0x530), *range(0x1E00, 0x1F00)}
    western |= {0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2020, 0x20AC}
    wanted = coded("shift_jis_2004") | coded("cp932")
    for name in ["UniJIS-UTF32-H", "UniJIS2004-UTF32-H"]:
        wanted |= adobe_japan(Path(cmaps) / name)
    make(japanese, "japanese.otf", wanted - western, 0)
    make(latin, "latin.ttf", western, -1)


main()
