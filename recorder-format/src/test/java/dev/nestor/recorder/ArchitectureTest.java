package dev.nestor.recorder;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.nestor.recorder",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule KNOWS_THE_JDK_AND_ZSTD =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.nestor.recorder..",
              "java..",
              "javax.crypto..",
              "org.jspecify..",
              "com.github.luben.zstd..");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.nestor.recorder.(*)..").should().beFreeOfCycles();

  @ArchTest // a rule that is shown no classes passes
  static void theImporterSawTheModule(JavaClasses classes) {
    assertThat(classes.size()).isGreaterThan(60);
  }
}
