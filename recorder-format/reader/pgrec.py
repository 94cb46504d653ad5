#!/usr/bin/python3
"""A second reader of the recording format, written from FORMAT.md alone.

    pgrec.py verify PATH [--key FILE]     one JSON document; exit 0 verified, 1 damaged, 3 incomplete, 4 unsigned or
                                          unknown signer, 5 newer format or locked
    pgrec.py show PATH                    one JSON line per statement

PATH is a file or a directory of one archive. Needs Python 3.9 and the module zstandard (Debian: python3-zstandard).
It is meant to be read: nothing is fast here, everything is computed again.
"""

import base64
import datetime
import fcntl
import hashlib
import hmac
import json
import os
import struct
import sys

import zstandard

CHUNK, INDEX, CKPT, ATTACH, SUMMARY = 1, 2, 3, 6, 14
NO_ENTRY = {INDEX, CKPT, 8, 11}
KNOWN = {1, 2, 3, 4, 6, 7, 8, 9, 11, 14}
MAGIC = b"\x89PGR\r\n\x1a\n"
CMD, RES, EVT, IDN = 1, 2, 3, 4
MAX_RAW = 8 << 20


class Damage(Exception):
    pass


class Newer(Exception):
    pass


# ---------------------------------------------------------------- primitives


def _crc_table():
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
        table.append(n)
    return table


CRC_TABLE = _crc_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 255] ^ crc >> 8
    return crc ^ 0xFFFFFFFF


def sha(*parts):
    h = hashlib.sha256()
    for part in parts:
        h.update(part)
    return h.digest()


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def unzigzag(n):
    return n >> 1 if n & 1 == 0 else -(n >> 1) - 1


class Source:
    def __init__(self, name, data):
        self.name, self.data, self.at = name, data, 0

    def more(self):
        return self.at < len(self.data)

    def take(self, n):
        if n < 0 or self.at + n > len(self.data):
            raise Damage(self.name + ": ends too early")
        self.at += n
        return self.data[self.at - n : self.at]

    def num(self, n):
        return int.from_bytes(self.take(n), "little")

    def varint(self):
        value = shift = 0
        while True:
            byte = self.num(1)
            if shift == 63 and byte > 1:
                raise Damage(self.name + ": varint over 64 bits")
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                if byte == 0 and shift > 7:
                    raise Damage(self.name + ": over-long varint")
                return value

    def length(self):
        n = self.varint()
        if n > len(self.data) - self.at:
            raise Damage(self.name + ": length over what is left")
        return n

    def zigzag(self):
        return unzigzag(self.varint())

    def end(self):
        if self.more():
            raise Damage(self.name + ": bytes left over")


def unzstd(data, raw):
    if raw > 1 << 28:
        raise Damage("zstd: over the limit")
    if raw == 0 and not data:
        return b""
    try:
        out = zstandard.ZstdDecompressor().decompress(data, max_output_size=raw or 1)
    except zstandard.ZstdError as e:
        raise Damage("zstd: %s" % e)
    if len(out) != raw:
        raise Damage("zstd: another length")
    return out


# AES-256, encryption of single blocks: the salts need nothing else.


def _sbox():
    p = q = 1
    box = [0] * 256
    while True:
        p = p ^ (p << 1 & 255) ^ (0x1B if p & 128 else 0)
        q ^= q << 1
        q ^= q << 2
        q ^= q << 4
        q &= 255
        if q & 128:
            q ^= 9
        x = q ^ (q << 1 | q >> 7) ^ (q << 2 | q >> 6) ^ (q << 3 | q >> 5) ^ (q << 4 | q >> 4)
        box[p] = (x ^ 0x63) & 255
        if p == 1:
            break
    box[0] = 0x63
    return box


SBOX = _sbox()


def _x2(b):
    return (b << 1 ^ 0x1B) & 255 if b & 128 else b << 1


class Aes256:
    def __init__(self, key):
        words = [list(key[i : i + 4]) for i in range(0, 32, 4)]
        rcon = 1
        for i in range(8, 60):
            w = list(words[i - 1])
            if i % 8 == 0:
                w = [SBOX[b] for b in w[1:] + w[:1]]
                w[0] ^= rcon
                rcon = _x2(rcon)
            elif i % 8 == 4:
                w = [SBOX[b] for b in w]
            words.append([a ^ b for a, b in zip(words[i - 8], w)])
        self.round_keys = [sum(words[i : i + 4], []) for i in range(0, 60, 4)]

    def encrypt(self, block):
        s = [a ^ b for a, b in zip(block, self.round_keys[0])]
        for r in range(1, 15):
            s = [SBOX[b] for b in s]
            s = [s[(i + 4 * (i % 4)) % 16] for i in range(16)]
            if r < 14:
                t = []
                for c in range(0, 16, 4):
                    a, b, d, e = s[c : c + 4]
                    x = a ^ b ^ d ^ e
                    t += [a ^ x ^ _x2(a ^ b), b ^ x ^ _x2(b ^ d), d ^ x ^ _x2(d ^ e), e ^ x ^ _x2(e ^ a)]
                s = t
            s = [a ^ b for a, b in zip(s, self.round_keys[r])]
        return bytes(s)


# Ed25519 verification, RFC 8032, in extended coordinates.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P:
        return None
    return P - x if x & 1 != sign else x


def _point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = _recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _add(p, q):
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _mul(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = _add(q, p)
        p = _add(p, p)
        n >>= 1
    return q


_GY = 4 * pow(5, P - 2, P) % P
_GX = _recover_x(_GY, 0)
G = (_GX, _GY, 1, _GX * _GY % P)


def ed25519(key, message, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = _point(key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    p, q = _mul(s, G), _add(r, _mul(h, a))
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def vkey(text):
    name, digest, key = text.strip().split("+", 2)
    key = base64.b64decode(key)
    if len(key) != 33 or key[0] != 1 or key_hash(name, key[1:]).hex() != digest:
        raise ValueError("not a vkey")
    return name, key[1:]


def key_hash(name, key):
    return sha(name.encode() + b"\n\x01" + key)[:4]


# ---------------------------------------------------------------- trees


class Tree:
    """RFC 6962."""

    def __init__(self):
        self.leaves = []

    def add(self, entry):
        self.leaves.append(sha(b"\0", entry))

    def root(self):
        def mth(nodes):
            if len(nodes) == 1:
                return nodes[0]
            k = 1
            while k * 2 < len(nodes):
                k *= 2
            return sha(b"\1", mth(nodes[:k]), mth(nodes[k:]))

        return mth(self.leaves)


def lane_root(leaves):
    while len(leaves) > 1:
        leaves = [sha(b"\1", *leaves[i : i + 16]) for i in range(0, len(leaves), 16)]
    return leaves[0]


# ---------------------------------------------------------------- objects and events

UNSET = ""

# n number, z zigzag, f flag, t text, b bytes, R reference, e enumeration, [..] list, (..) message
OBJECTS = {
    1: ("TEMPLATE", "text:t length:n"),
    2: ("POLICY", "sha256:b name:t version:t state:t"),
    3: ("REL", "oid:n schema:t name:t relkind:t labels:t* epoch:n"),
    4: ("COL", "rel:R attnum:z name:t type:n label:t"),
    5: ("FUNC", "oid:n signature:t class:n"),
    6: ("FACTS", "status:n verb:t reads:R* writes:R* columns:m* functions:R* flags:t* position:n class:n settings:t* behind:R*"),
    7: ("RULE", "id:t line:n reason:t"),
    8: ("DECISION", "code:n policy:R rules:R* inputs:R* evaluated:n sqlstate:t message:t dryRun:n"),
    9: ("MASK", "columns:m* nulls:f"),
    10: ("PLAN", "template:R facts:R decision:R mask:R capture:n forwarded:n"),
    11: ("STRING", "text:t"),
    12: ("INPUT", "name:t value:t"),
    13: ("TYPE", "oid:n schema:t name:t typtype:t element:n"),
    14: ("INPUTS", "inputs:R*"),
}
NESTED = {
    (6, "columns"): "col:R use:n",
    (9, "columns"): "output:n col:R type:n format:n rule:R method:t parameter:t provenance:n",
}
EVENTS = {
    1: "id:b database:t roleAsked:t role:t application:t protocol:n tls:n cipher:n driver:t principal:n credential:n"
    " method:n parameters:t* connection:t serverVersion:t pid:n serverTls:n again:f refusal:t decision:R ofSession:n",
    64: "no:n kind:n issuer:t subject:t client:t claims:m* groups:t*",
}


def decode(shape, body, resolve, nested=lambda name: None):
    fields = [f.split(":") for f in shape.split()]
    value = {}
    for name, form in fields:
        value[name] = [] if form.endswith("*") else {"n": 0, "z": 0, "f": False, "t": "", "b": b"", "R": None}[form]
    source = Source("body", body)
    while source.more():
        tag = source.varint()
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            raw = source.varint()
        elif wire == 2:
            raw = source.take(source.length())
        elif wire in (1, 5):
            raw = source.take(8 if wire == 1 else 4)
        else:
            raise Damage("wire type %d" % wire)
        if not 1 <= number <= len(fields):
            continue
        name, form = fields[number - 1]
        kind, many = form[0], form.endswith("*")
        if many and kind in "nR":
            if wire != 2:
                raise Damage("a list that is not packed")
            packed = Source("list", raw)
            while packed.more():
                n = packed.varint()
                value[name].append(resolve(n) if kind == "R" else n)
            continue
        if wire != (0 if kind in "nzfR" else 2):
            raise Damage("wire type %d" % wire)
        if kind == "z":
            raw = unzigzag(raw)
        elif kind == "f":
            raw = raw != 0
        elif kind == "t":
            raw = raw.decode("utf-8", "replace")
        elif kind == "R":
            raw = resolve(raw) if raw else None
        elif kind == "m":
            shape_of = nested(name)
            raw = decode(shape_of, raw, resolve) if shape_of else raw
        if many:
            value[name].append(raw)
        else:
            value[name] = raw
    return value


class Objects:
    def __init__(self, stored):
        self.stored, self.decoded = stored, {}

    def get(self, number, limit=None):
        limit = len(self.stored) + 1 if limit is None else limit
        if not 1 <= number < limit:
            raise Damage("object %d is not defined yet" % number)
        if number not in self.decoded:
            kind, body = self.stored[number - 1]
            shape = OBJECTS.get(kind)
            value = {"kind": kind, "name?": shape[0] if shape else "unknown"}
            if shape:
                value.update(
                    decode(shape[1], body, lambda n: self.get(n, number), lambda name: NESTED.get((kind, name)))
                )
            self.decoded[number] = value
        return self.decoded[number]


# ---------------------------------------------------------------- chunk

Frame = dict


class Chunk:
    def __init__(self, header, body, keys, earlier):
        (self.no, self.first, self.count, self.session_count, self.t_first, self.t_last, self.mask, self.key_class,
         self.span, self.ordinal, self.begun, self.dict_base, self.exceptions) = struct.unpack(
            "<QQIIQQHHIQIHH", header[64:128])
        self.committed = header[64:128]
        self.root, self.stored_hash, self.bloom = header[224:256], header[256:288], header[288:296]
        self.body, self.keys, self.earlier = body, keys, earlier
        if any(header[296:304]):
            raise Damage("reserved bytes")
        self.lanes = {}
        at = 0
        for slot in range(6):
            lane, codec, cipher, zero, raw, transformed, stored = struct.unpack_from("<BBBBIII", header, 128 + 16 * slot)
            if not self.mask >> slot & 1:
                if any((lane, codec, cipher, zero, raw, transformed, stored)):
                    raise Damage("a descriptor of an absent lane")
                continue
            if lane != slot or zero or raw > MAX_RAW or transformed > 2 * MAX_RAW:
                raise Damage("lane descriptor %d" % slot)
            if cipher or codec > 2 or slot == 5:
                raise Newer("lane %d: codec %d, cipher %d" % (slot, codec, cipher))
            if at + stored > len(body):
                raise Damage("lane %d ends behind the body" % slot)
            data = body[at : at + stored]
            at += stored
            if codec == 2:
                data = untranspose(unzstd(data, transformed), raw)
            elif codec == 1:
                data = unzstd(data, raw)
            if len(data) != raw or (codec < 2 and raw != transformed):
                raise Damage("lane %d: lengths" % slot)
            self.lanes[slot] = data
        if len(body) - at > 7 or len(body) % 8 or any(body[at:]):
            raise Damage("chunk body: padding")
        if sha(body) != self.stored_hash:
            raise Damage("chunk body: SHA-256")
        self.meta()
        self.events()
        self.rows_of()

    def meta(self):
        source, columns, before = Source("META", self.lanes[0]), {}, 0
        while source.more():
            column = source.num(1)
            if column <= before:
                raise Damage("META: columns out of order")
            before = column
            columns[column] = Source("META column %d" % column, source.take(source.length()))
        table, self.sessions = columns.pop(1), []
        while table.more():
            self.sessions.append([table.varint() for _ in range(4)])
        if len(self.sessions) != self.session_count:
            raise Damage("META: sessions")
        bloom = 0
        for session in self.sessions:
            h = sha(struct.pack("<Q", session[0]))
            bloom |= 1 << (h[0] & 63) | 1 << (h[1] & 63)
        if struct.pack("<Q", bloom) != self.bloom:
            raise Damage("bloom")
        self.frames, seen = [], [0] * len(self.sessions)
        no, ts, at = self.first - 1, self.t_first, {CMD: 0, RES: 0, EVT: 0, IDN: 0}
        for i in range(self.count):
            no += 1 + (columns[12].varint() if 12 in columns else 0)
            ts += columns[2].zigzag()
            place = columns[3].varint()
            local, lane = place >> 3, place & 7
            if local >= len(self.sessions) or lane not in at:
                raise Damage("META: session or lane")
            seen[local] += 1
            length = columns[4].varint()
            if length > 32768:
                raise Damage("META: frame over 32 KiB")
            self.frames.append(
                Frame(no=no, ts=ts, lane=lane, session=self.sessions[local][0], seq=self.sessions[local][1] + seen[local],
                      length=length, at=at[lane], type=columns[5].varint(), messages=columns[6].varint(),
                      flags=columns[7].varint(), wire=length + (columns[13].zigzag() if 13 in columns else 0)))
            at[lane] += length
        for column in (2, 3, 4, 5, 6, 7, 12, 13):
            if column in columns:
                columns.pop(column).end()
        if self.frames and (self.frames[0]["ts"] != self.t_first or ts != self.t_last or no - self.first + 1 != self.span):
            raise Damage("META: does not fit the header")
        self.lane_bytes = at
        rows = columns.pop(31).varint() if 31 in columns else 0
        self.columns = {}
        for column in sorted(columns):
            if column >= 32:
                values = [columns[column].varint() for _ in range(rows)]
                columns[column].end()
                self.columns[column] = values
        self.row_count = rows

    def events(self):
        self.objects, self.objects_before, self.payload_at = [], 0, {CMD: 0, RES: 0, EVT: 0, IDN: 2}
        if EVT in self.lanes:
            source = Source("EVT", self.lanes[EVT])
            size, self.objects_before = source.length(), source.varint()
            if self.objects_before != len(self.earlier):
                raise Damage("EVT: objects before")
            objects = Source("objects", source.take(size))
            while objects.more():
                kind = objects.varint()
                body = objects.take(objects.length())
                if len(body) > 32768:
                    raise Damage("object over 32 KiB")
                self.objects.append((kind, body))
            self.payload_at[EVT] = source.at
        self.table = Objects(self.earlier + self.objects)
        for number in range(len(self.earlier) + 1, len(self.earlier) + len(self.objects) + 1):
            self.table.get(number)
        if IDN in self.lanes and self.lanes[IDN][:2] != b"\0\0":
            raise Damage("IDN holds objects")
        for lane in (CMD, RES, EVT, IDN):
            if self.payload_at[lane] * (lane in self.lanes) + self.lane_bytes[lane] != len(self.lanes.get(lane, b"")):
                raise Damage("lane %d: not the length of its frames" % lane)

    def payload(self, frame):
        at = self.payload_at[frame["lane"]] + frame["at"]
        return self.lanes[frame["lane"]][at : at + frame["length"]]

    def value(self, column, row):
        values = self.columns.get(column)
        return values[row] if values else 0

    def rows_of(self):
        self.rows = []
        commands = [f for f in self.frames if f["lane"] == CMD]
        by_seq = {(f["session"], f["seq"]): f for f in self.frames}
        by_no = {s[0]: s for s in self.sessions}
        following, previous, last_tag, begun, anchor = {}, {}, {}, {}, 0
        for r in range(self.row_count):
            v = lambda column: self.value(column, r)
            state, outcome, plan, tag = v(32), v(41), v(36), v(42)
            row = dict(state=state, outcome=outcome, message=v(34), part=v(35), final=v(37), endMessage=v(39), rows=v(40),
                       sqlstate=v(43), tx=v(44), decide=v(45), bytes=unzigzag(v(46)), continues=v(47), inputs=v(48),
                       credential=v(50), anchor=None, anchorSeq=0, end=None)
            if state > 4:
                raise Damage("state %d" % state)
            end_seq = 0
            if state == 2:
                session = self.local(v(33))
                row["statement"] = session[2] - v(49)
                if row["statement"] < 1:
                    raise Damage("the end of a statement that never began")
                end_seq = session[1] + v(38) if v(38) else 0
            else:
                if state < 2:
                    anchor += unzigzag(v(33))
                    if not 1 <= anchor <= len(commands):
                        raise Damage("anchor %d" % anchor)
                    row["anchor"] = commands[anchor - 1]
                    row["anchorSeq"] = row["anchor"]["seq"]
                    session = by_no[row["anchor"]["session"]]
                else:
                    session = self.local(v(33))
                    row["anchorSeq"] = session[1] + 1 - v(51)
                begun[session[0]] = begun.get(session[0], 0) + 1
                row["statement"] = session[2] + begun[session[0]]
                row["ordinal"] = self.ordinal + sum(begun.values()) - 1
                plan = plan or following.get(previous.get(session[0], 0), 0)
                if not plan:
                    raise Damage("a statement without a plan")
                following[previous.get(session[0], 0)] = plan
                previous[session[0]] = plan
                if state in (0, 3):
                    if outcome == 0:
                        tag = tag or last_tag.get(plan, 0)
                        last_tag[plan] = tag
                    if outcome < 4:
                        end_seq = row["anchorSeq"] + 1 + v(38)
            row["session"], row["plan"], row["tag"] = session[0], plan, tag
            if end_seq:
                row["end"] = by_seq.get((session[0], end_seq))
                if row["end"] is None:
                    raise Damage("the end of a statement in a frame that is not here")
            for reference in (plan, tag, row["inputs"]):
                if reference:
                    self.table.get(reference)
            self.rows.append(row)
        if sum(begun.values()) != self.begun:
            raise Damage("statements that begin here")

    def local(self, index):
        if index >= len(self.sessions):
            raise Damage("session %d" % index)
        return self.sessions[index]

    def content_root(self):
        roots = []
        for lane in range(1, 6):
            if lane not in self.lanes:
                roots.append(bytes(32))
                continue
            key = hmac.new(hmac.new(bytes(32), self.keys[lane], "sha256").digest(),
                           b"salt\0" + struct.pack("<Q", self.no) + b"\1", "sha256").digest()
            aes = Aes256(key)
            salt = lambda i: aes.encrypt(struct.pack("<QQ", i, 0))
            leaves = []
            if lane == EVT:
                for i, (kind, body) in enumerate(self.objects):
                    number = self.objects_before + i + 1
                    leaves.append(sha(b"\4", salt(len(leaves)), varint(number), varint(kind), body))
                for r, row in enumerate(self.rows):
                    line = b"".join(varint(n) for n in (
                        row["anchor"]["no"] if row["anchor"] else 0, row["end"]["no"] if row["end"] else 0,
                        row["session"], row["statement"]))
                    values = {c: v[r] for c, v in self.columns.items() if c not in (33, 38, 49, 51)}
                    values[36], values[42] = row["plan"], row["tag"]
                    for column in sorted(values):
                        if values[column]:
                            line += varint(column) + varint(values[column])
                    leaves.append(sha(b"\2", salt(len(leaves)), line))
            for i, f in enumerate(self.frames):
                if f["lane"] == lane:
                    m = struct.pack("<QqQIHBBB7x", f["no"], f["ts"], f["session"], f["length"], f["messages"] & 0xFFFF,
                                    f["type"], f["lane"], f["flags"])
                    leaves.append(sha(b"\0", salt(len(leaves) if lane == EVT else i), m, self.payload(f)))
            roots.append(lane_root(leaves) if leaves else bytes(32))
        return sha(b"\3", self.committed, sha(self.lanes[0]), *roots)


def untranspose(data, raw):
    source = Source("transposed", data)
    sizes = [source.length() for _ in range(4)]
    ops, rest, lens, vals = (Source("transposed", source.take(n)) for n in sizes)
    source.end()
    out = bytearray()
    while True:
        out += rest.take(ops.varint())
        rows = ops.varint()
        if rows == 0:
            break
        columns = ops.varint()
        if not 1 <= columns <= 32767 or rows * columns > len(lens.data) - lens.at:
            raise Damage("transposed rows")
        cells = [[None] * columns for _ in range(rows)]
        for c in range(columns):
            for r in range(rows):
                n = lens.varint()
                cells[r][c] = vals.take(n - 1) if n else None
        for row in cells:
            body = b"".join(b"\xff\xff\xff\xff" if x is None else struct.pack(">i", len(x)) + x for x in row)
            out += b"D" + struct.pack(">iH", 6 + len(body), columns) + body
        if len(out) > raw:
            raise Damage("transposed: too long")
    for part in (ops, rest, lens, vals):
        part.end()
    if len(out) != raw:
        raise Damage("transposed: another length")
    return bytes(out)


# ---------------------------------------------------------------- segment


class Segment:
    def __init__(self, path, data, base, closed):
        self.path, self.data, self.base, self.closed = path, data, base, closed
        self.findings, self.states, self.chunks = [], set(), []
        self.frames = self.signed_frames = 0
        self.header_problem = None
        try:
            self.header()
        except Damage as e:
            self.header_problem = str(e)

    def header(self):
        h = self.data[:4096]
        if len(h) < 4096 or h[:8] != MAGIC or crc32c(h[:4092]) != struct.unpack("<I", h[4092:])[0]:
            raise Damage("segment header")
        self.major, self.minor, self.used, self.incompatible = struct.unpack("<HHIQ", h[8:24])
        self.uuid, self.archive = h[32:48], h[48:64]
        self.number = struct.unpack("<Q", h[64:72])[0]
        self.previous, self.segment_key, self.tag = h[88:120], h[128:160], h[40:48]
        self.certificate, self.keys, self.predecessor = None, {}, None
        if not 160 <= self.used <= 4092:
            raise Damage("segment header: bytes used")
        source = Source("segment header", h[160 : self.used])
        while source.more():
            tag, _, length = source.num(2), source.num(2), source.num(4)
            tlv = Source("TLV %d" % tag, source.take(length))
            if tag == 1:
                self.certificate = tlv.take(32), tlv.take(64), tlv.take(length - 96).decode()
            elif tag == 2:
                key_class, lane, _, _, n = tlv.num(1), tlv.num(1), tlv.take(16), tlv.num(1), tlv.num(1)
                for _ in range(n):
                    envelope = tlv.take(97)
                    if envelope[0] == 0 and key_class == 0:
                        self.keys[lane] = envelope[49:81]
            elif tag == 3:
                self.next_frame = struct.unpack("<Q", tlv.take(8))[0]
            elif tag == 6:
                self.predecessor = struct.unpack("<Q", tlv.take(8))[0], tlv.take(32)

    def origin(self):
        h = self.archive.hex()
        return "nestor/%s-%s-%s-%s-%s/%d" % (h[:8], h[8:12], h[12:16], h[16:20], h[20:], self.number)

    def find(self, state, what, offset, frame=0):
        self.states.add(state)
        entry = {"what": what, "offset": self.base + offset}
        if frame:
            entry["frame"] = frame
        self.findings.append(entry)

    def record(self, at):
        """The record at an offset: (header fields, header bytes, body or None), or None."""
        h = self.data[at : at + 64]
        if len(h) < 64 or h[:4] != b"PGR1":
            return None
        kind, flags, size, seq, own, body, last_index, durable = struct.unpack("<BBHQQQQQ", h[4:48])
        if own != at or size < 64 or size > 4096 or size % 8 or (kind == CHUNK and size < 304):
            return None
        h = self.data[at : at + size]
        crc = struct.unpack("<I", h[60:64])[0] if len(h) == size else None
        if crc is None or crc32c(h[:60] + bytes(4) + h[64:]) != crc:
            return None
        content = self.data[at + size : at + size + body]
        if len(content) != body or crc32c(content) != struct.unpack("<I", h[56:60])[0]:
            content = None
        return dict(kind=kind, flags=flags, seq=seq, at=at, end=at + size + body, last_index=last_index, durable=durable,
                    tag=h[48:56]), h, content

    def verify(self, trusted):
        if self.header_problem:
            self.find("damaged", self.header_problem, 0)
            return
        if self.major > 1 or self.incompatible:
            self.find("newerFormat", "written by a newer version", 0)
            return
        self.signer(trusted)
        self.tree, self.last_checkpoint = Tree(), bytes(32)
        self.tree.add(sha(self.data[:4096]))
        self.walk()

    def signer(self, trusted):
        if not self.certificate:
            self.find("unsigned", "the segment's key has no certificate", 0)
            return
        key, signature, _ = self.certificate
        if not ed25519(key, b"pgr-key/v1" + self.archive + self.uuid + self.segment_key, signature):
            self.find("damaged", "the host key did not sign the segment's key", 0)
        elif key not in trusted:
            self.states.add("unknownSigner")

    def walk(self):
        end = len(self.data) - (64 if self.closed else 0)
        at, seq, last_index, since, entries, signed = 4096, 0, 0, [self.tree.leaves[0]], [], False
        last = summary = None
        offsets = []
        while at < end:
            found = self.record(at)
            if not found or found[0]["tag"] != self.tag or (found[2] is None and not self.closed and found[0]["end"] > end):
                break
            record, header, body = found
            if record["seq"] != seq or record["last_index"] != last_index or record["durable"] > at:
                self.find("damaged", "the record's bookkeeping is wrong", at)
            seq += 1
            following = record["end"] + 7 & ~7
            if any(self.data[record["end"] : following]):
                self.find("damaged", "the bytes behind the record are not 0", at)
            if body is None:
                if not self.closed and not any(self.record(x) for x in range(following, end, 8)):
                    break
                self.find("damaged", "body: CRC does not hold", at)
            kind = record["kind"]
            if kind not in KNOWN and record["flags"] & 1:
                self.find("newerFormat", "record of type %d" % kind, at)
            if kind == CHUNK:
                self.chunk(record, header, body, at)
                entries.append(struct.pack("<Q", at) + header[72:80] + header[88:104]
                               + struct.pack("<I", record["end"] - at) + header[80:84] + header[108:112]
                               + header[106:107] + header[126:127]
                               + struct.pack("<H", min(65535, struct.unpack("<I", header[120:124])[0]))
                               + header[288:296] + bytes(8))
                offsets.append(entries[-1])
                since.append(self.tree.leaves[-1])
            elif body is not None:
                if kind not in NO_ENTRY:
                    self.entry(kind, record["seq"], sha(body), sha(body))
                    since.append(self.tree.leaves[-1])
                if kind == INDEX:
                    expected = struct.pack("<II", len(entries), len(since)) + b"".join(entries) + b"".join(since)
                    if body != expected:
                        self.find("damaged", "INDEX does not say what the chunks say", at)
                    entries, since, last_index = [], [], at
                elif kind == CKPT:
                    signed |= self.checkpoint(body, at)
                    last = at
                elif kind == SUMMARY:
                    summary = record
                    self.summary(body, at, offsets)
            at = following
        self.end_of(at, end, signed, last, summary, len(offsets))

    def entry(self, kind, seq, content, stored):
        self.tree.add(struct.pack("<BQ", kind, seq) + content + stored)

    def chunk(self, record, header, body, at):
        self.entry(CHUNK, record["seq"], header[224:256], header[256:288])
        try:
            if body is None:
                raise Damage("body")
            base = struct.unpack("<H", header[124:126])[0]
            earlier = []
            for chunk in self.chunks[len(self.chunks) - base :] if base else []:
                earlier += chunk.objects if chunk else []
            chunk = Chunk(header, body, self.keys, earlier)
            if chunk.no != len(self.chunks) or chunk.content_root() != chunk.root:
                raise Damage("content root")
            self.chunks.append(chunk)
            self.frames += chunk.count
        except Damage as e:
            self.chunks.append(None)
            if body is not None:
                self.find("damaged", "chunk: %s" % e, at, struct.unpack("<Q", header[72:80])[0])
        except Newer as e:
            self.chunks.append(None)
            self.find("newerFormat", str(e), at)

    def checkpoint(self, body, at):
        try:
            text, signatures = body.decode().split("\n\n", 1)
            text += "\n"
            expected = "%s\n%d\n%s\n" % (
                self.origin(), len(self.tree.leaves), base64.b64encode(self.tree.root()).decode())
            prefix = "\u2014 %s " % self.origin()
            ours = [s[len(prefix) :] for s in signatures.split("\n") if s.startswith(prefix)]
            raw = base64.b64decode(ours[0], validate=True)
            good = (signatures.endswith("\n") and raw[:4] == key_hash(self.origin(), self.segment_key)
                    and ed25519(self.segment_key, text.encode(), raw[4:]))
        except (ValueError, IndexError):
            good, text, expected = False, "", ""
        if not good or text != expected:
            self.find("damaged", "checkpoint", at)
            return False
        self.last_checkpoint = sha(body)
        self.signed_frames = self.frames
        return True

    def summary(self, body, at, entries):
        try:
            source = Source("SUMMARY", body)
            sections = {}
            while source.more():
                tag, _, codec, _, raw, stored = struct.unpack("<HBBIQQ", source.take(24))
                data = source.take(stored)
                sections[tag] = unzstd(data, raw) if codec else data
            if sections[1] != b"".join(entries):
                raise Damage("its index is not that of the chunks")
            totals = Source("totals", sections[2])
            numbers = [totals.varint() for _ in range(21)]
            lanes = [sum(f["lane"] == lane for c in self.chunks if c for f in c.frames) for lane in range(6)]
            if all(self.chunks) and numbers[2:8] != lanes:
                raise Damage("its frames are not those of the chunks")
        except (Damage, KeyError, struct.error) as e:
            self.find("damaged", "SUMMARY: %s" % e, at)

    def end_of(self, at, end, signed, last, summary, chunks):
        if self.closed:
            if at != end:
                self.find("damaged", "no record here", at)
                return
            trailer = struct.unpack("<8sQQQQQQ4sI", self.data[-64:])
            expected = (summary["at"] if summary else 0, summary["end"] - summary["at"] if summary else 0, chunks)
            if trailer[1:4] != expected or trailer[5] != last or trailer[7] != self.tag[:4]:
                self.find("damaged", "the trailer does not say what the records say", end)
            if self.signed_frames != self.frames and "damaged" not in self.states:
                self.find("damaged", "frames behind the final checkpoint", end)
        else:
            if summary and last and last > summary["at"] and len(self.data) - at >= 64:
                self.find("damaged", "the trailer does not hold", at)
            elif any(self.record(x) or self.displaced(x) for x in range(at + 8, len(self.data) - 63, 8)):
                self.find("damaged", "records behind bytes that are none", at)
            elif held(self.path):
                self.states.add("growing")
            else:
                self.states.add("incomplete")
                if any(self.data[at:]):
                    self.find("incomplete", "bytes behind the last whole record", at)
        if not signed:
            self.states.add("unsigned")

    def displaced(self, at):
        h = self.data[at : at + 64]
        return h[:4] == b"PGR1" and h[48:56] == self.tag and struct.unpack("<Q", h[16:24])[0] != at


ORDER = ["newerFormat", "damaged", "unsigned", "unknownSigner", "locked", "growing", "incomplete", "redacted", "verified"]


def held(path):
    """Whether a living recorder holds the lock beside a segment."""
    lock = os.path.join(os.path.dirname(os.path.abspath(path)), "recorder.lock")
    try:
        with open(lock, "rb") as f:
            fcntl.lockf(f, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    except OSError:
        return False


def worst(states):
    return min(states or {"verified"}, key=ORDER.index)


def cut(path):
    """The segments of a file, from its end."""
    with open(path, "rb") as f:
        data = f.read()
    segments, end = [], len(data)
    while end > 0:
        tail = data[max(0, end - 64) : end]
        if len(tail) == 64 and tail[:8] == b"PGRTAIL1" and crc32c(tail[:60]) == struct.unpack("<I", tail[60:])[0]:
            length = struct.unpack("<Q", tail[48:56])[0]
            if length <= end:
                segments.append(Segment(path, data[end - length : end], end - length, True))
                end -= length
                continue
        start = last_record(data, end)
        segments.append(Segment(path, data[start:end], start, False))
        end = start
    return segments[::-1]


def last_record(data, end):
    """Where the segment of the last good record begins."""
    for at in range(end & ~7, -1, -8):
        if data[at : at + 4] == b"PGR1":
            own = struct.unpack("<Q", data[at + 16 : at + 24])[0] if at + 24 <= end else at + 1
            if own <= at and data[at - own + 40 : at - own + 48] == data[at + 48 : at + 56]:
                segment = Segment("", data[at - own : end], 0, False)
                found = segment.record(own)
                if found and found[2] is not None:
                    return at - own
    last = max(0, end - 4096) & ~7
    return last if data[last : last + 8] == MAGIC else 0


def open_archive(path):
    if os.path.isdir(path):
        files = sorted(os.path.join(path, f) for f in os.listdir(path) if f.endswith(".pgrec"))
    else:
        files = [path]
    segments = [s for f in files for s in cut(f)]
    segments.sort(key=lambda s: getattr(s, "number", 1 << 62))
    return segments


def verify(path, trusted):
    segments = open_archive(path)
    states, findings = set(), []
    before, expected = None, 1
    for s in segments:
        s.verify(trusted)
        if s.header_problem or not hasattr(s, "tree"):
            before = None
            continue
        if s.number > expected:
            states.add("incomplete")
            findings.append({"what": "segments %d to %d are not here" % (expected, s.number - 1), "offset": 0})
        if before and s.number == before.number + 1:
            if s.previous != before.last_checkpoint:
                s.find("damaged", "the segment does not follow the one before", 0)
            elif not before.closed and s.predecessor:
                if s.predecessor == (len(before.tree.leaves), before.tree.root()):
                    before.states -= {"incomplete", "unsigned"}
                    before.signed_frames = before.frames
                else:
                    before.find("damaged", "cut since it was recovered", 0)
        elif before and s.number == before.number:
            s.find("damaged", "the segment is here twice", 0)
        before, expected = s, s.number + 1
    for s in segments:
        states |= s.states
        findings += s.findings
    if not segments:
        states.add("damaged")
    return {
        "path": path,
        "state": worst(states),
        "segments": len(segments),
        "frames": sum(s.frames for s in segments),
        "unsignedFrames": sum(s.frames - s.signed_frames for s in segments),
        "findings": findings,
    }


# ---------------------------------------------------------------- statements

DECISIONS = {1: "allow", 2: "mask", 3: "hold", 4: "block", 5: "kill", 16: "hold", 17: "hold", 18: "hold", 19: "hold",
             20: "hold", 21: "kill", 22: "block"}


def show(path):
    segments = open_archive(path)
    for s in segments:
        s.verify(set())
    chunks = [c for s in segments for c in s.chunks if c]
    frames = {(f["session"], f["seq"]): f for c in chunks for f in c.frames}
    heads, principals = {}, {}
    for c in chunks:
        for f in c.frames:
            if f["lane"] == EVT and f["type"] == 1:
                head = decode(EVENTS[1], c.payload(f), c.table.get)
                heads.setdefault(head["ofSession"] or f["session"], head)
            elif f["lane"] == IDN and f["type"] == 64:
                principal = decode(EVENTS[64], c.payload(f), c.table.get)
                principals.setdefault(principal["no"], principal)
    results = {}
    for (session, seq), f in frames.items():
        if f["lane"] == RES:
            results.setdefault(session, []).append((seq, f["length"]))
    ends = {}
    for c in chunks:
        for row in c.rows:
            if row["state"] == 2:
                ends[row["session"], row["statement"]] = row, c
    texts = Texts(chunks)
    for c in chunks:
        for row in c.rows:
            if row["state"] == 2:
                continue
            end, end_chunk = (row, c) if row["state"] in (0, 3) else ends.get((row["session"], row["statement"]), (None, c))
            yield statement(c, row, end_chunk, end, frames, results, heads, principals, texts)


class Texts:
    """SQL of each message that runs something, found by walking what the clients sent."""

    def __init__(self, chunks):
        self.of = {}
        names, portals, partial = {}, {}, {}
        for c in chunks:
            for f in c.frames:
                if f["lane"] != CMD or f["type"] in range(1, 7):
                    continue
                key, data = f["session"], c.payload(f)
                if f["flags"] & 1:
                    first, so_far = partial.get(key, (f, b""))
                    partial[key] = first, so_far + data
                    if not f["flags"] & 2:
                        continue
                    f, data = partial.pop(key)
                self.walk(f, data, key, names, portals)

    def walk(self, frame, data, session, names, portals):
        at = index = 0
        while at + 5 <= len(data):
            kind, length = data[at : at + 1], struct.unpack(">I", data[at + 1 : at + 5])[0]
            body = data[at + 5 : at + 1 + length]
            if kind == b"Q":
                self.of[frame["no"], index] = text(body)
            elif kind == b"P":
                name, rest = body.split(b"\0", 1)
                names[session, name] = self.of[frame["no"], index] = text(rest)
            elif kind == b"B":
                portal, name = body.split(b"\0", 2)[:2]
                portals[session, portal] = self.of[frame["no"], index] = names.get((session, name), "")
            elif kind == b"E":
                self.of[frame["no"], index] = portals.get((session, body.split(b"\0", 1)[0]), "")
            at += 1 + length
            index += 1


def text(body):
    return body.split(b"\0", 1)[0].decode("utf-8", "replace")


def instant(micros):
    when = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=micros)
    base, fraction = when.strftime("%Y-%m-%dT%H:%M:%S"), "%06d" % when.microsecond
    return base + ("" if fraction == "000000" else "." + (fraction[:3] if fraction.endswith("000") else fraction)) + "Z"


def statement(chunk, row, end_chunk, end, frames, results, heads, principals, texts):
    plan = chunk.table.get(row["plan"])
    anchor = row["anchor"] or frames.get((row["session"], row["anchorSeq"]))
    decision = plan.get("decision") or {}
    final = (end["final"] if end else 0) or row["final"]
    tag = end_chunk.table.get(end["tag"])["text"] if end and end["tag"] else ""
    if tag.endswith(" "):
        tag += str(end["rows"])
    answered = end and end["end"] and anchor
    size = end["bytes"] if end else 0
    if answered:
        size += sum(n for seq, n in results.get(row["session"], [])
                    if anchor["seq"] < seq <= end["end"]["seq"])
    head = heads.get(row["session"], {})
    return {
        "session": row["session"],
        "statement": row["statement"],
        "ordinal": row["ordinal"],
        "firstFrame": anchor["no"] if anchor else 0,
        "message": row["message"],
        "part": row["part"],
        "startedAt": instant(anchor["ts"] if anchor else chunk.t_first),
        "subject": principals.get(head.get("principal", 0), {}).get("subject", ""),
        "application": head.get("application", ""),
        "sql": texts.of.get((anchor["no"], row["message"]), "") if anchor else "",
        "template": (plan.get("template") or {}).get("text", ""),
        "decision": DECISIONS.get(final or decision.get("code", 0), "allow"),
        "rules": [rule["id"] for rule in decision.get("rules", [])],
        "ended": end is not None,
        "lastFrame": end["end"]["no"] if end and end["end"] else 0,
        "rows": end["rows"] if end else 0,
        "outcome": end["outcome"] if end else 0,
        "tag": tag,
        "sqlState": base36(end["sqlstate"]) if end and end["sqlstate"] else "",
        "transaction": "ITE"[end["tx"]] if end else "I",
        "bytes": max(0, size),
        "durationMicros": max(0, end["end"]["ts"] - anchor["ts"]) if answered else None,
    }


def base36(n):
    digits = ""
    for _ in range(5):
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[n % 36] + digits
        n //= 36
    return digits


def main(arguments):
    sys.setrecursionlimit(10000)
    if len(arguments) < 2 or arguments[0] not in ("verify", "show"):
        print(__doc__, file=sys.stderr)
        return 2
    if arguments[0] == "show":
        for each in show(arguments[1]):
            print(json.dumps(each, separators=(",", ":"), ensure_ascii=False))
        return 0
    trusted = set()
    if len(arguments) == 4 and arguments[2] == "--key":
        with open(arguments[3]) as f:
            trusted.add(vkey(f.read())[1])
    report = verify(arguments[1], trusted)
    print(json.dumps(report, separators=(",", ":"), ensure_ascii=False))
    return {"verified": 0, "damaged": 1, "redacted": 0, "incomplete": 3, "growing": 3, "unsigned": 4, "unknownSigner": 4}.get(
        report["state"], 5)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
