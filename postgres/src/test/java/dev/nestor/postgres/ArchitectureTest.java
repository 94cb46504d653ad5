package dev.nestor.postgres;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.nestor.postgres",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest // a rule that is shown no classes passes
  static void theImporterSawTheModule(JavaClasses classes) {
    assertThat(classes.size()).isGreaterThan(60);
  }

  @ArchTest
  static final ArchRule ONLY_THE_JDK_AND_JSPECIFY =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", "dev.nestor.postgres..");

  @ArchTest
  static final ArchRule NO_SOCKETS_AND_NO_FILES =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages("java.net..", "java.nio.file..", "java.nio.channels..");

  @ArchTest // for whoever has a connection of JDBC at hand; everybody else brings rows
  static final ArchRule JDBC_IN_ONE_PLACE =
      classes()
          .that()
          .doNotHaveSimpleName("JdbcCatalog")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackage("java.sql..");

  @ArchTest
  static final ArchRule THE_CATALOG_KNOWS_NO_SQL =
      classes()
          .that()
          .resideInAPackage("..catalog..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", "..catalog..");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("dev.nestor.postgres.(*)..").should().beFreeOfCycles();
}
