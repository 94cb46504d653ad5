package dev.nestor.postgres.sql;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/// PostgreSQL's grammar: the LALR tables that bison made of `gram.y` of version 18, and its list of
/// keywords. `postgres/tables/README.md` says how the resource is made.
///
/// The names of the fields are bison's, without their `yy`.
final class Grammar {
  private static final String RESOURCE = "pg18.tables.gz";
  private static final Grammar INSTANCE = load();

  final int finalState;
  final int last;
  final int terminals;
  final int pactNone;
  final int tableNone;
  private final int tokenMax;
  private final short[] translate;
  final int[] pact;
  final short[] defact;
  final short[] pgoto;
  final short[] defgoto;
  final short[] table;
  final short[] check;
  final short[] ruleLeft;
  final short[] ruleLength;
  private final String[] names;
  private final Map<String, Integer> symbols = new HashMap<>();
  private final Map<String, Integer> tokens = new HashMap<>();
  private final KeywordTable keywords;
  private final List<String> keywordList;

  private Grammar(DataInputStream in) throws IOException {
    finalState = in.readInt();
    last = in.readInt();
    terminals = in.readInt();
    in.readInt(); // nonterminals
    in.readInt(); // rules
    pactNone = in.readInt();
    tableNone = in.readInt();
    tokenMax = in.readInt();
    translate = shorts(in);
    pact = new int[in.readInt()];
    for (int i = 0; i < pact.length; i++) {
      pact[i] = in.readInt();
    }
    defact = shorts(in);
    pgoto = shorts(in);
    defgoto = shorts(in);
    table = shorts(in);
    check = shorts(in);
    ruleLeft = shorts(in);
    ruleLength = shorts(in);
    names = new String[in.readInt()];
    for (int i = 0; i < names.length; i++) {
      names[i] = in.readUTF();
      symbols.put(names[i], i);
    }
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      tokens.put(in.readUTF(), in.readInt());
    }
    count = in.readInt();
    keywords = new KeywordTable(count);
    List<String> words = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String word = in.readUTF();
      keywords.add(word, in.readInt());
      words.add(word);
    }
    keywordList = List.copyOf(words);
  }

  private static short[] shorts(DataInputStream in) throws IOException {
    short[] values = new short[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readShort();
    }
    return values;
  }

  private static Grammar load() {
    try (InputStream raw = Grammar.class.getResourceAsStream(RESOURCE)) {
      if (raw == null) {
        throw new IllegalStateException("resource " + RESOURCE + " is missing");
      }
      return new Grammar(
          new DataInputStream(new BufferedInputStream(new GZIPInputStream(raw), 1 << 16)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Grammar get() {
    return INSTANCE;
  }

  /// Number that the lexer gives to a token, by its name in `gram.y`.
  int token(String name) {
    Integer number = tokens.get(name);
    if (number == null) {
      throw new IllegalStateException("the grammar has no token " + name);
    }
    return number;
  }

  /// Number of a symbol in the tables, by its name in `gram.y`.
  int symbol(String name) {
    Integer number = symbols.get(name);
    if (number == null) {
      throw new IllegalStateException("the grammar has no symbol " + name);
    }
    return number;
  }

  /// Symbol of a token that the lexer found.
  int symbolOf(int token) {
    return token < 0 || token > tokenMax ? 2 : translate[token];
  }

  String name(int symbol) {
    return names[symbol];
  }

  int symbolCount() {
    return names.length;
  }

  /// Token of a keyword, or -1.
  ///
  /// @param sql bytes in any case
  /// @param hash what [#hash] makes of the word's bytes, one after the other, from 0
  int keyword(byte[] sql, int start, int end, int hash) {
    return keywords.find(sql, start, end, hash);
  }

  /// Takes one more byte of a word into its hash.
  ///
  /// @param lowered the byte in lower case, 0 to 255
  static int hash(int hash, int lowered) {
    return hash * 31 + lowered;
  }

  List<String> keywordList() {
    return keywordList;
  }

  /// Finds keywords without making strings: open addressing over lower-cased bytes.
  private static final class KeywordTable {
    private final byte[][] words;
    private final int[] tokens;
    private final int mask;
    private int longest;

    KeywordTable(int count) {
      int size = Integer.highestOneBit(count * 4);
      words = new byte[size][];
      tokens = new int[size];
      mask = size - 1;
    }

    void add(String word, int token) {
      byte[] bytes = word.getBytes(StandardCharsets.US_ASCII);
      longest = Math.max(longest, bytes.length);
      int hash = 0;
      for (byte b : bytes) {
        hash = hash(hash, b);
      }
      int slot = slot(hash);
      while (words[slot] != null) {
        slot = (slot + 1) & mask;
      }
      words[slot] = bytes;
      tokens[slot] = token;
    }

    int find(byte[] sql, int start, int end, int hash) {
      if (end - start > longest) {
        return -1;
      }
      int slot = slot(hash);
      for (byte[] word = words[slot]; word != null; word = words[slot]) {
        if (same(word, sql, start, end)) {
          return tokens[slot];
        }
        slot = (slot + 1) & mask;
      }
      return -1;
    }

    private int slot(int hash) {
      return (hash ^ hash >>> 7) & mask;
    }

    private static boolean same(byte[] word, byte[] sql, int start, int end) {
      if (word.length != end - start) {
        return false;
      }
      for (int i = 0; i < word.length; i++) {
        if (word[i] != lower(sql[start + i])) {
          return false;
        }
      }
      return true;
    }

    private static int lower(byte b) {
      return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }
  }
}
