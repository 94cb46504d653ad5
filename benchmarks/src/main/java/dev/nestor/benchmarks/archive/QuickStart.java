package dev.nestor.benchmarks.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Starts a program of ours again and again in a JVM of its own, each time in a fraction of what a
/// first start takes: its classes lie in a cache that a run beforehand has made (JEP 514).
final class QuickStart {
  private final Path jar;
  private final Path cache;
  private final Class<?> program;

  private QuickStart(Path work, Class<?> program) {
    this.jar = work.resolve("quick-start.jar");
    this.cache = work.resolve("quick-start.aot");
    this.program = program;
  }

  /// Makes the cache. A JVM that cannot use it starts without, only later.
  ///
  /// @param work where the cache goes
  /// @param program has `main`
  /// @param needs classes of what else it needs, one of each jar or folder
  /// @param arguments with which the program ends by itself, having done what it will do later
  static QuickStart train(Path work, Class<?> program, List<Class<?>> needs, String... arguments)
      throws IOException, InterruptedException {
    QuickStart start = new QuickStart(work, program);
    List<Class<?>> all = new ArrayList<>(needs);
    all.add(program);
    start.pack(all);
    Path said = work.resolve("quick-start.log");
    Process trained =
        start
            .process(work, "-XX:AOTCacheOutput=" + start.cache, arguments)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    if (trained.waitFor() != 0) {
      throw new IOException(program.getName() + " failed: " + Files.readString(said));
    }
    return start;
  }

  /// The program, not started yet.
  ///
  /// @param temporary where it leaves what it unpacks: nothing takes that away when it is killed
  ProcessBuilder process(Path temporary, String... arguments) {
    return process(temporary, "-XX:AOTCache=" + cache, arguments);
  }

  private ProcessBuilder process(Path temporary, String cacheOption, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            cacheOption,
            "-Xlog:disable",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx96m",
            "-Djava.io.tmpdir=" + temporary,
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            jar.toString(),
            program.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /// One jar of everything: a cache knows no folders.
  private void pack(List<Class<?>> classes) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.setLevel(1);
      for (Class<?> each : classes) {
        Path place = Path.of(each.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(place)) {
          packFolder(place, zip);
        } else {
          try (var jarSystem = java.nio.file.FileSystems.newFileSystem(place)) {
            packFolder(jarSystem.getPath("/"), zip);
          }
        }
      }
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static void packFolder(Path root, ZipOutputStream zip) throws IOException {
    try (Stream<Path> walked = Files.walk(root)) {
      for (Path file : walked.filter(Files::isRegularFile).toList()) {
        String name = root.relativize(file).toString().replace('\\', '/');
        if (!name.startsWith("META-INF/") && !name.equals("module-info.class")) {
          zip.putNextEntry(new ZipEntry(name));
          Files.copy(file, zip);
          zip.closeEntry();
        }
      }
    }
  }
}
