package dev.nestor.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(
    packages = "dev.nestor.policy",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest // a rule that is shown no classes passes
  static void theImporterSawTheModule(JavaClasses classes) {
    assertThat(classes.size()).isGreaterThan(20);
  }

  @ArchTest
  static final ArchRule ONLY_WHAT_IS_ALLOWED =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "dev.nestor.policy..",
              "dev.nestor.postgres..",
              "dev.cel..",
              "com.google.common..",
              "com.google.errorprone..",
              "org.yaml.snakeyaml..",
              "com.networknt.schema..",
              "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule NO_SOCKETS_AND_NO_CLOCK =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.net..", "java.nio.channels..", "java.sql..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Clock.class)
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");

  @ArchTest
  static final ArchRule ONLY_THE_POLICY_FILE_IS_READ_FROM_DISK =
      noClasses()
          .that()
          .doNotHaveSimpleName("PolicyFile")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("dev.nestor.(policy..)").should().beFreeOfCycles();
}
