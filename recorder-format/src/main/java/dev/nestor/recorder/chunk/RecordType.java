package dev.nestor.recorder.chunk;

/// Numbers of record types.
public final class RecordType {
  public static final int CHUNK = 1;
  public static final int INDEX = 2;
  public static final int CKPT = 3;
  public static final int KEYS = 4;
  public static final int ATTACH = 6;
  public static final int NOTE = 7;
  public static final int COSIG = 8;
  public static final int KEYEPOCH = 9;
  public static final int PROOF = 11;
  public static final int SUMMARY = 14;

  private RecordType() {}

  /// True for records that are entries of the segment's tree.
  public static boolean isEntry(int type) {
    return type != INDEX && type != CKPT && type != COSIG && type != PROOF;
  }

  public static boolean isKnown(int type) {
    return switch (type) {
      case CHUNK, INDEX, CKPT, KEYS, ATTACH, NOTE, COSIG, KEYEPOCH, PROOF, SUMMARY -> true;
      default -> false;
    };
  }

  /// The name of a type, for people.
  public static String name(int type) {
    return switch (type) {
      case CHUNK -> "CHUNK";
      case INDEX -> "INDEX";
      case CKPT -> "CKPT";
      case KEYS -> "KEYS";
      case ATTACH -> "ATTACH";
      case NOTE -> "NOTE";
      case COSIG -> "COSIG";
      case KEYEPOCH -> "KEYEPOCH";
      case PROOF -> "PROOF";
      case SUMMARY -> "SUMMARY";
      default -> "record type " + type;
    };
  }
}
