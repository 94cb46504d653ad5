package dev.nestor.evidence;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.nestor.evidence",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest // a rule that is shown no classes passes
  static void theImporterSawTheProject(JavaClasses classes) {
    assertThat(classes.size()).isGreaterThan(30);
  }

  @ArchTest
  static final ArchRule noScreenAndNoSocket =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.netty..", "javafx..", "java.net..", "java.awt..", "javax.swing..");

  @ArchTest
  static final ArchRule noPackageCycles =
      slices().matching("dev.nestor.evidence.(*)..").should().beFreeOfCycles();

  @ArchTest // the second parser gives an opinion; nothing else hears it
  static final ArchRule onlyFindingsKnowTheSecondParser =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.nestor.evidence.finding..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("net.sf.jsqlparser..");
}
