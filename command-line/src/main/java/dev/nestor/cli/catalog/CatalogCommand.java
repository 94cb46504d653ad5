package dev.nestor.cli.catalog;

import dev.nestor.cli.ExitCode;
import dev.nestor.postgres.catalog.CatalogSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `nestor catalog export`.
@Command(
    name = "catalog",
    mixinStandardHelpOptions = true,
    description = "Exports what a database holds: names and definitions, no data.",
    subcommands = CatalogCommand.Export.class)
public final class CatalogCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.err.println("usage: nestor catalog export; --help tells more");
    return ExitCode.USAGE;
  }

  @Command(
      name = "export",
      mixinStandardHelpOptions = true,
      description = {
        "Writes the catalog of a database as JSON, so that `nestor policy explain --catalog` can",
        "resolve names where the server cannot be reached."
      },
      footer = {
        "",
        "Example: nestor catalog export --database postgresql://me@db1/orders --out orders.json"
      })
  static final class Export implements Callable<Integer> {
    @Option(
        names = "--database",
        required = true,
        description = "postgresql://user@host:port/database, or a JDBC URL.")
    private String database = "";

    @Option(names = "--out", description = "File to write; standard output without it.")
    private @Nullable Path out;

    @Override
    public Integer call() {
      try {
        CatalogSnapshot catalog = CatalogSource.read(database);
        String text = CatalogFile.write(catalog);
        if (out == null) {
          System.out.println(text);
        } else {
          Files.writeString(out, text + "\n");
          System.err.println("nestor: " + catalog.relations().size() + " relations in " + out);
        }
        return ExitCode.OK;
      } catch (SQLException e) {
        System.err.println("nestor: the catalog cannot be read: " + e.getMessage());
        return ExitCode.INCOMPLETE;
      } catch (IOException e) {
        System.err.println("nestor: " + out + " cannot be written: " + e.getMessage());
        return ExitCode.INCOMPLETE;
      }
    }
  }
}
