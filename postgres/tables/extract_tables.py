#!/usr/bin/env python3
"""Turns the parser that bison made of PostgreSQL's gram.y into the resource that our driver runs on.

usage: extract_tables.py SOURCE-TREE OUTPUT.gz

SOURCE-TREE is a PostgreSQL source tree in which src/backend/parser/gram.c was generated ("make -C
src/backend/parser gram.c", or a release tarball that ships it). README.md has the whole recipe and
describes the format.
"""
import gzip
import re
import struct
import sys
from pathlib import Path

HEADER = ("YYFINAL", "YYLAST", "YYNTOKENS", "YYNNTS", "YYNRULES", "YYPACT_NINF", "YYTABLE_NINF",
          "YYMAXUTOK")
ARRAYS = ("yytranslate", "yypact", "yydefact", "yypgoto", "yydefgoto", "yytable", "yycheck",
          "yyr1", "yyr2")
WIDE = "yypact"  # the only array whose values do not fit 16 bits


def first_existing(tree, *names):
    for name in names:
        if (tree / name).exists():
            return (tree / name).read_text()
    sys.exit(f"none of {', '.join(names)} is in {tree}")


def constant(source, name):
    match = re.search(rf"#define {name}\s+\(?(-?\d+)\)?", source)
    return int(match.group(1)) if match else sys.exit(f"gram.c does not define {name}")


def array(source, name):
    match = re.search(rf"static const \w+ {name}\[\] =\s*\{{(.*?)\}};", source, re.S)
    if not match:
        sys.exit(f"gram.c has no array {name}")
    return [int(n) for n in re.findall(r"-?\d+", re.sub(r"/\*.*?\*/", "", match.group(1)))]


def symbol_names(source):
    body = re.search(r"static const char \*const yytname\[\] =\s*\{(.*?)\};", source, re.S).group(1)
    return [name.replace('\\"', '"') for name in re.findall(r'"((?:[^"\\]|\\.)*)"', body)]


def main():
    tree, output = Path(sys.argv[1]), sys.argv[2]
    gram_c = first_existing(tree, "src/backend/parser/gram.c")
    gram_h = first_existing(tree, "src/backend/parser/gram.h", "src/include/parser/gram.h")
    keyword_list = first_existing(tree, "src/include/parser/kwlist.h")

    tokens = {m.group(1): int(m.group(2))
              for m in re.finditer(r"^\s+(\w+) = (\d+),?", gram_h, re.M)}
    keywords = re.findall(r'PG_KEYWORD\("(\w+)", (\w+), \w+', keyword_list)

    out = bytearray()

    def int32(value):
        out.extend(struct.pack(">i", value))

    def text(value):
        encoded = value.encode()
        out.extend(struct.pack(">H", len(encoded)) + encoded)

    for name in HEADER:
        int32(constant(gram_c, name))
    for name in ARRAYS:
        values = array(gram_c, name)
        int32(len(values))
        for value in values:
            out.extend(struct.pack(">i" if name == WIDE else ">h", value))
    names = symbol_names(gram_c)
    int32(len(names))
    for name in names:
        text(name)
    for entries in (list(tokens.items()), [(word, tokens[token]) for word, token in keywords]):
        int32(len(entries))
        for name, number in entries:
            text(name)
            int32(number)

    with gzip.GzipFile(output, "wb", 9, mtime=0) as file:
        file.write(bytes(out))
    print(f"{len(names)} symbols, {len(keywords)} keywords, {len(out)} bytes")


if __name__ == "__main__":
    main()
