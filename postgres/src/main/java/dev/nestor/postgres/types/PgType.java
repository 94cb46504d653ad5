package dev.nestor.postgres.types;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// PostgreSQL's own types whose binary form is known here, with their object ids, which never
/// change.
public enum PgType {
  /// True or false.
  BOOL(16, 1000),
  /// Bytes.
  BYTEA(17, 1001),
  /// One byte, as a letter.
  CHAR(18, 1002),
  /// A name of the catalog.
  NAME(19, 1003),
  /// 64 bits.
  INT8(20, 1016),
  /// 16 bits.
  INT2(21, 1005),
  /// 32 bits.
  INT4(23, 1007),
  /// Text.
  TEXT(25, 1009),
  /// Object id.
  OID(26, 1028),
  /// JSON as text.
  JSON(114, 199),
  /// XML.
  XML(142, 143),
  /// 32 bits, floating.
  FLOAT4(700, 1021),
  /// 64 bits, floating.
  FLOAT8(701, 1022),
  /// Padded text.
  BPCHAR(1042, 1014),
  /// Text of limited length.
  VARCHAR(1043, 1015),
  /// Day.
  DATE(1082, 1182),
  /// Time of day.
  TIME(1083, 1183),
  /// Day and time, without zone.
  TIMESTAMP(1114, 1115),
  /// A moment.
  TIMESTAMPTZ(1184, 1185),
  /// Months, days and microseconds.
  INTERVAL(1186, 1187),
  /// Time of day with an offset.
  TIMETZ(1266, 1270),
  /// Decimal number of any size.
  NUMERIC(1700, 1231),
  /// UUID.
  UUID(2950, 2951),
  /// JSON as a tree.
  JSONB(3802, 3807);

  private static final Map<Integer, PgType> BY_OID = new HashMap<>();
  private static final Map<Integer, PgType> BY_ARRAY_OID = new HashMap<>();

  static {
    for (PgType type : values()) {
      BY_OID.put(type.oid, type);
      BY_ARRAY_OID.put(type.arrayOid, type);
    }
  }

  private final int oid;
  private final int arrayOid;

  PgType(int oid, int arrayOid) {
    this.oid = oid;
    this.arrayOid = arrayOid;
  }

  /// Object id.
  public int oid() {
    return oid;
  }

  /// Object id of its array type.
  public int arrayOid() {
    return arrayOid;
  }

  /// As SQL writes it.
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether numbers of this type stand on the right of a column.
  public boolean isNumber() {
    return switch (this) {
      case INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC, OID -> true;
      default -> false;
    };
  }

  /// The type with this object id.
  public static Optional<PgType> ofOid(int oid) {
    return Optional.ofNullable(BY_OID.get(oid));
  }

  /// The type of the elements of the array type with this object id.
  public static Optional<PgType> ofArrayOid(int oid) {
    return Optional.ofNullable(BY_ARRAY_OID.get(oid));
  }

  /// The name of a type, or its object id where it is not known.
  public static String nameOf(int oid) {
    return ofOid(oid)
        .map(PgType::sqlName)
        .or(() -> ofArrayOid(oid).map(element -> element.sqlName() + "[]"))
        .orElse("type " + Integer.toUnsignedString(oid));
  }
}
