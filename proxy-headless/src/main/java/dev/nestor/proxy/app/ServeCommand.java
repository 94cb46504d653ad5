package dev.nestor.proxy.app;

import dev.nestor.proxy.config.ConfigException;
import dev.nestor.proxy.config.GatewayConfig;
import dev.nestor.proxy.config.GatewayConfig.TrustedIssuer;
import dev.nestor.proxy.config.GatewayConfigFile;
import dev.nestor.proxy.net.GatewayServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `nestor serve`: runs a gateway until it is told to stop, then drains and seals.
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = "Runs the gateway until SIGTERM or Ctrl-C; then drains and seals the archive.",
    footer = {"", "Example: nestor serve --config gateway/nestor.yaml"})
final class ServeCommand implements Callable<Integer> {
  private static final Duration DRAIN = Duration.ofSeconds(10);

  @Option(names = "--config", required = true, description = "The gateway's YAML file.")
  private Path config = Path.of("nestor.yaml");

  @Override
  public Integer call() {
    PrintStream err = System.err;
    GatewayServer.withoutLeakDetection();
    Gateway gateway;
    try {
      GatewayConfig read = GatewayConfigFile.read(config);
      gateway = Gateway.start(read, false);
      for (TrustedIssuer issuer : read.issuers()) {
        if (issuer.trial()) {
          err.println(
              "nestor: WARNING: "
                  + issuer.issuer()
                  + " is a trial issuer; whoever can read its key can be anybody."
                  + " Replace it before anything that matters is behind this gateway.");
        }
      }
      Files.writeString(
          read.recording().directory().resolve("nestor.vkey"), gateway.verifierKey() + "\n");
    } catch (ConfigException e) {
      e.errors().forEach(error -> err.println("nestor: " + error));
      return 2;
    } catch (IOException e) {
      err.println("nestor: " + e.getMessage());
      return 3;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  err.println("nestor: draining");
                  try {
                    gateway.close(DRAIN);
                    err.println(
                        "nestor: archive sealed; the fullest ring held " + gateway.fullestRing());
                  } catch (IOException e) {
                    err.println("nestor: the archive could not be sealed: " + e.getMessage());
                  }
                  stopped.countDown();
                },
                "drain"));
    GatewayConfig read = gateway.config();
    err.println(
        "nestor: clients on "
            + read.listen().host()
            + ":"
            + gateway.port()
            + (read.listen().tls().isPresent() ? " (TLS)" : " (plain text, loopback only)")
            + gateway.controlPort().map(port -> ", control on https port " + port).orElse("")
            + ", recording to "
            + read.recording().directory());
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }
}
