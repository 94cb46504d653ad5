package dev.nestor.proxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/// The gateway's rooms.
@AnalyzeClasses(packages = "dev.nestor.proxy", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ONLY_NET_AND_CONTROL_KNOW_NETTY =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.nestor.proxy.net", "dev.nestor.proxy.control")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.netty..");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.nestor.proxy.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule THE_SESSION_KNOWS_NO_CLOCK_AND_NO_SOCKET =
      noClasses()
          .that()
          .resideInAPackage("dev.nestor.proxy.session")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.net..", "java.time..", "java.nio.channels..", "dev.nestor.recorder..")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest // a rule that is shown no classes passes
  static void theImporterSawTheGateway(JavaClasses classes) {
    assertThat(classes.size()).isGreaterThan(60);
  }
}
