package dev.nestor.recorder.chunk;

/// Numbers of the lanes of a chunk.
public final class Lane {
  public static final int META = 0;

  /// Client to gateway.
  public static final int CMD = 1;

  /// Gateway to client.
  public static final int RES = 2;

  /// Events and objects.
  public static final int EVT = 3;

  /// Events about persons.
  public static final int IDN = 4;

  /// What the server sent, where the client got something else. Reserved.
  public static final int ORIG = 5;

  /// How many there are.
  public static final int COUNT = 6;

  /// In a SUMMARY section or an attachment: belongs to no lane's key.
  public static final int NONE = 255;

  private Lane() {}

  /// The short name of a lane, for people.
  public static String name(int lane) {
    return switch (lane) {
      case META -> "META";
      case CMD -> "CMD";
      case RES -> "RES";
      case EVT -> "EVT";
      case IDN -> "IDN";
      case ORIG -> "ORIG";
      default -> "lane " + lane;
    };
  }
}
