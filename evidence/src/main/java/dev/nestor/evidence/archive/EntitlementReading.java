package dev.nestor.evidence.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nestor.evidence.archive.Entitlements.TablePrivilege;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads a snapshot of who may do what: an array of JSON in each line, whose first element says
/// what the line is. A line that is none makes the snapshot incomplete, never wrong.
final class EntitlementReading {
  /// A snapshot of a thousand tables for a hundred roles has some 30 MB.
  static final int BYTES_MAX = 64 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Set<String> superusers = new HashSet<>();
  private final Map<String, Set<String>> memberOf = new HashMap<>();
  private final Map<String, Set<TablePrivilege>> granted = new HashMap<>();
  private boolean whole = true;

  private EntitlementReading() {}

  static Entitlements read(long frame, Instant taken, String database, byte[] content) {
    EntitlementReading reading = new EntitlementReading();
    if (content.length > BYTES_MAX) {
      reading.whole = false;
    } else {
      new String(content, StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> reading.whole &= reading.line(line));
    }
    return new Entitlements(
        frame,
        taken,
        database,
        reading.superusers,
        reading.memberOf,
        reading.granted,
        reading.whole);
  }

  /// @return whether it could be read
  private boolean line(String line) {
    List<String> fields = fields(line);
    if (fields.isEmpty()) {
      return false;
    }
    return switch (fields.getFirst()) {
      case "role" -> fields.size() > 2 && role(fields.get(1), fields.get(2));
      case "member" ->
          fields.size() > 2
              && known(
                  memberOf.computeIfAbsent(fields.get(2), _ -> new HashSet<>()), fields.get(1));
      case "grant" -> fields.size() > 4 && grant(fields);
      default -> true;
    };
  }

  private boolean role(String name, String superuser) {
    return !superuser.equals("true") || known(superusers, name);
  }

  private boolean grant(List<String> fields) {
    String object = fields.get(2);
    Set<TablePrivilege> ofGrantee =
        fields.get(1).equals("table") || fields.get(1).equals("column")
            ? granted.computeIfAbsent(fields.get(3), _ -> new HashSet<>())
            : Set.of();
    return switch (fields.get(1)) {
      case "table" -> known(ofGrantee, new TablePrivilege(object, fields.get(4)));
      // what is granted on a column is used where its table is: finer than facts can tell
      case "column" ->
          object.lastIndexOf('.') > 0
              && known(
                  ofGrantee,
                  new TablePrivilege(object.substring(0, object.lastIndexOf('.')), fields.get(4)));
      default -> true;
    };
  }

  private static <T> boolean known(Set<T> all, T one) {
    all.add(one);
    return true;
  }

  /// The elements as text; nothing where the line is no array.
  private static List<String> fields(String line) {
    try {
      JsonNode array = JSON.readTree(line);
      List<String> fields = new ArrayList<>();
      if (array != null && array.isArray()) {
        array.forEach(each -> fields.add(each.asText()));
      }
      return fields;
    } catch (JsonProcessingException e) {
      return List.of();
    }
  }
}
