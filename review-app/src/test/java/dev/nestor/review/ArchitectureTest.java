package dev.nestor.review;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@AnalyzeClasses(
    packages = "dev.nestor.review",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest // a rule that is shown no classes passes
  static void theImporterSawTheProject(JavaClasses classes) {
    assertThat(classes.size()).isGreaterThan(40);
    assertThat(classes.stream().filter(each -> each.getSimpleName().endsWith("ViewModel")))
        .hasSizeGreaterThanOrEqualTo(2);
  }

  @ArchTest
  static final ArchRule viewModelsKnowNoScene =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("ViewModel")
          .or()
          .haveSimpleName("Workbench")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("javafx.scene..", "javafx.stage..", "javafx.application..");

  @ArchTest
  static final ArchRule featuresDoNotKnowEachOther =
      slices()
          .matching(
              "dev.nestor.review.(library|replay|integrity|credential|lineage|search|campaign)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule noPackageCycles =
      slices().matching("dev.nestor.review.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule screensKnowEvidenceAndNotTheFormat =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.nestor.recorder..", "io.netty..");

  @ArchTest
  static final ArchRule whatIsMadeOfNodesKnowsNoFeature =
      classes()
          .that()
          .resideInAPackage("dev.nestor.review.ui")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages(
              "dev.nestor.review.app..",
              "dev.nestor.review.library..",
              "dev.nestor.review.replay..",
              "dev.nestor.review.integrity..",
              "dev.nestor.review.tour..");

  @Test // one place turns time into text
  void onlyOneClassFormatsTime() throws IOException {
    List<String> others = new ArrayList<>();
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        String text = Files.readString(source);
        if ((text.contains("DateTimeFormatter") || text.contains("SimpleDateFormat"))
            && !source.endsWith("TimeText.java")) {
          others.add(source.toString());
        }
      }
    }
    assertThat(others).isEmpty();
  }

  @Test // colours stand in the token sheet alone
  void noOtherSheetNamesAColour() throws IOException {
    Path sheets = Path.of("src/main/resources/dev/nestor/review/ui");
    for (String sheet : List.of("workstation.css", "bridge.css")) {
      assertThat(Files.readString(sheets.resolve(sheet)))
          .as(sheet)
          .doesNotContainPattern("#[0-9a-fA-F]{3,8}\\b(?=\\s*[;,])");
    }
  }
}
