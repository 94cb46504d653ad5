package dev.nestor.cli.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.nestor.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `nestor token mint|exchange`.
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = "Tokens.",
    subcommands = {TokenCommand.Mint.class, ExchangeCommand.class})
public final class TokenCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.err.println("usage: nestor token mint|exchange; --help tells more");
    return ExitCode.USAGE;
  }

  @Command(
      name = "mint",
      mixinStandardHelpOptions = true,
      description = "Prints a token of the trial issuer that `nestor init --trial` made.",
      footer = {
        "",
        "Example: PGPASSWORD=$(nestor token mint --dir gateway --name ann --kind human --group dba) \\",
        "  psql \"host=localhost port=6432 dbname=orders user=ann sslmode=verify-full"
            + " sslrootcert=gateway/server.crt\""
      })
  static final class Mint implements Callable<Integer> {
    private static final Duration LIFE_MAX = Duration.ofHours(24);

    @Option(names = "--dir", required = true, description = "The folder of `nestor init --trial`.")
    private Path directory = Path.of("gateway");

    @Option(names = "--name", required = true, description = "Who it is for.")
    private String name = "";

    @Option(
        names = "--kind",
        defaultValue = "human",
        description = "human, service or agent (default: ${DEFAULT-VALUE}).")
    private String kind = "human";

    @Option(names = "--group", split = ",", description = "Groups, with commas between.")
    private List<String> groups = List.of();

    @Option(names = "--scope", defaultValue = "", description = "Scopes, with blanks between.")
    private String scope = "";

    @Option(
        names = "--hours",
        defaultValue = "1",
        description = "How long it is good for, 1 to 24 (default: ${DEFAULT-VALUE}).")
    private int hours = 1;

    @Override
    public Integer call() {
      Duration life = Duration.ofHours(hours);
      if (hours < 1 || life.compareTo(LIFE_MAX) > 0) {
        System.err.println("nestor: --hours must be 1 to 24, found " + hours);
        return ExitCode.USAGE;
      }
      if (!List.of("human", "service", "agent").contains(kind)) {
        System.err.println("nestor: --kind must be human, service or agent, found " + kind);
        return ExitCode.USAGE;
      }
      Path file = directory.resolve("secrets").resolve("trial-issuer.jwk");
      try {
        ECKey key = ECKey.parse(Files.readString(file));
        Instant now = Instant.now();
        SignedJWT token =
            new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .type(new JOSEObjectType("at+jwt"))
                    .keyID(key.getKeyID())
                    .build(),
                new JWTClaimsSet.Builder()
                    .issuer("https://trial.nestor.invalid")
                    .subject("trial-" + name)
                    .audience("nestor")
                    .issueTime(Date.from(now))
                    .notBeforeTime(Date.from(now))
                    .expirationTime(Date.from(now.plus(life)))
                    .jwtID(UUID.randomUUID().toString())
                    .claim("client_id", "nestor-token-mint")
                    .claim("preferred_username", name)
                    .claim("nestor_kind", kind)
                    .claim("groups", groups)
                    .claim("scope", scope)
                    .build());
        token.sign(new ECDSASigner(key));
        System.out.println(token.serialize());
        return ExitCode.OK;
      } catch (IOException e) {
        System.err.println(
            "nestor: " + file + " cannot be read; `nestor init DIR --trial` makes a trial issuer");
        return ExitCode.USAGE;
      } catch (ParseException | JOSEException e) {
        System.err.println("nestor: " + file + " does not hold a trial issuer's key");
        return ExitCode.USAGE;
      }
    }
  }
}
