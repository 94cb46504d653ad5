package dev.nestor.proxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nestor.recorder.archive.Archive;
import dev.nestor.recorder.archive.Frame;
import dev.nestor.recorder.archive.Statement;
import dev.nestor.recorder.event.ArchiveObject;
import dev.nestor.recorder.event.DecisionCode;
import dev.nestor.testservers.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The record holds what the client saw: masked values, and which mask stood on which column.
class MaskedRecordTest {
  private static final String POLICY =
      """
      policy: masking
      state: active
      labels: { ssn: [public.person.ssn] }
      rules:
        - { id: all, what: { verb: any, status: any }, then: allow }
        - { id: masked, what: { reads: ssn }, then: mask, mask: { ssn: keep-last-4 } }
      """;

  @Test
  void theRecordHasTheMasksOfEachResultAndNoValueBehindThem(@TempDir Path archive)
      throws Exception {
    try (PostgresServer server = PostgresServer.start(PostgresServer.Access.TRUST)) {
      server.run(
          "postgres",
          "create table person (id int, ssn text); insert into person values (1, '919-45-6001');"
              + " create view people as select ssn as number, id from person");
      try (PolicyGateway gateway = new PolicyGateway(server, archive, POLICY);
          RawClient client = gateway.raw(PolicyGateway.SERVICE)) {
        client.out.write(Frontend.query("select id, ssn from person"));
        client.until('Z', 1);
        client.out.write(Frontend.all(Frontend.run("select number from people"), Frontend.sync()));
        client.until('Z', 1);
        client.out.write(Frontend.query("select id from person"));
        client.until('Z', 1);
      }
    }

    List<Statement> statements;
    try (Archive recorded = Archive.open(archive)) {
      statements = recorded.statements().toList();
      for (Frame frame : recorded.frames(1).toList()) {
        assertThat(new String(frame.payload().orElseThrow(), StandardCharsets.ISO_8859_1))
            .doesNotContain("919-45");
      }
    }
    assertThat(statements)
        .extracting(Statement::counted)
        .containsExactly(DecisionCode.MASK, DecisionCode.MASK, DecisionCode.ALLOW);
    ArchiveObject.MaskedColumn table = statements.get(0).mask().orElseThrow().columns().getFirst();
    assertThat(table.outputNumber()).isEqualTo(2);
    assertThat(table.method()).isEqualTo("keep-last-4");
    assertThat(table.provenance()).isEqualTo(ArchiveObject.Provenance.COLUMN);
    assertThat(table.rule()).isNotNull();
    ArchiveObject.MaskedColumn view = statements.get(1).mask().orElseThrow().columns().getFirst();
    assertThat(view.outputNumber()).isEqualTo(1);
    assertThat(view.provenance()).isEqualTo(ArchiveObject.Provenance.VIEW);
    assertThat(Objects.requireNonNull(view.column()).name()).isEqualTo("ssn");
    assertThat(statements.get(2).mask()).isEmpty();
  }
}
