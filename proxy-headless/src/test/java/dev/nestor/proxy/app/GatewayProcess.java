package dev.nestor.proxy.app;

import dev.nestor.proxy.config.GatewayConfigFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A gateway in a process of its own, which can be killed as an operating system does.
final class GatewayProcess implements AutoCloseable {
  private static final String READY = "ready ";

  private final Process process;
  final int port;
  final int controlPort;

  private GatewayProcess(Process process, int port, int controlPort) {
    this.process = process;
    this.port = port;
    this.controlPort = controlPort;
  }

  static GatewayProcess start(Path config) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                GatewayProcess.class.getName(),
                config.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(READY)) {
        String[] ports = line.substring(READY.length()).split(" ");
        return new GatewayProcess(process, Integer.parseInt(ports[0]), Integer.parseInt(ports[1]));
      }
      said.append(line).append('\n');
    }
    throw new IOException("the gateway did not start: " + said);
  }

  /// Ends it without any warning: SIGKILL.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the gateway's process cannot be killed");
    }
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }

  public static void main(String[] arguments) throws Exception {
    Gateway gateway = Gateway.start(GatewayConfigFile.read(Path.of(arguments[0])), true);
    System.out.println(READY + gateway.port() + " " + gateway.controlPort().orElseThrow());
    Thread.currentThread().join();
  }
}
