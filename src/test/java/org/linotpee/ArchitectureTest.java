package org.linotpee;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between packages, as docs/architecture.md draws them. */
@AnalyzeClasses(packages = "org.linotpee", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule LAYERS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("api")
          .definedBy("org.linotpee.api..")
          .layer("web")
          .definedBy("org.linotpee.web..")
          .layer("cli")
          .definedBy("org.linotpee.cli..")
          .layer("selfservice")
          .definedBy("org.linotpee.selfservice..")
          .layer("authentication")
          .definedBy("org.linotpee.authentication..")
          .layer("enrollment")
          .definedBy("org.linotpee.enrollment..")
          .layer("administration")
          .definedBy("org.linotpee.administration..")
          .layer("reporting")
          .definedBy("org.linotpee.reporting..")
          .layer("forwarding")
          .definedBy("org.linotpee.forwarding..")
          .layer("delivery")
          .definedBy("org.linotpee.delivery..")
          .layer("gsm")
          .definedBy("org.linotpee.gsm..")
          .layer("policy")
          .definedBy("org.linotpee.policy..")
          .layer("tokenfile")
          .definedBy("org.linotpee.tokenfile..")
          .layer("token")
          .definedBy("org.linotpee.token..")
          .layer("identity")
          .definedBy("org.linotpee.identity..")
          .layer("audit")
          .definedBy("org.linotpee.audit..")
          .layer("configuration")
          .definedBy("org.linotpee.configuration..")
          .layer("crypto")
          .definedBy("org.linotpee.crypto..")
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("web")
          .whereLayer("web")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("selfservice")
          .mayOnlyBeAccessedByLayers("api", "web")
          .whereLayer("gsm")
          .mayOnlyBeAccessedByLayers("delivery", "api", "cli")
          .whereLayer("authentication")
          .mayOnlyBeAccessedByLayers("api", "web", "cli", "selfservice", "administration")
          .whereLayer("enrollment")
          .mayOnlyBeAccessedByLayers("api", "web", "cli", "selfservice")
          .whereLayer("administration")
          .mayOnlyBeAccessedByLayers("api", "web", "cli", "selfservice")
          .whereLayer("reporting")
          .mayOnlyBeAccessedByLayers(
              "api", "web", "cli", "selfservice", "enrollment", "administration")
          .whereLayer("forwarding")
          .mayOnlyBeAccessedByLayers("authentication", "token")
          .whereLayer("delivery")
          .mayOnlyBeAccessedByLayers(
              "api", "web", "cli", "selfservice", "authentication", "enrollment", "token")
          .whereLayer("policy")
          .mayOnlyBeAccessedByLayers(
              "forwarding",
              "delivery",
              "api",
              "web",
              "cli",
              "selfservice",
              "authentication",
              "enrollment",
              "administration",
              "reporting",
              "token")
          .whereLayer("tokenfile")
          .mayOnlyBeAccessedByLayers("api", "web", "enrollment")
          .whereLayer("token")
          .mayOnlyBeAccessedByLayers(
              "api",
              "web",
              "cli",
              "selfservice",
              "authentication",
              "enrollment",
              "administration",
              "reporting")
          .whereLayer("identity")
          .mayOnlyBeAccessedByLayers(
              "api",
              "web",
              "cli",
              "selfservice",
              "authentication",
              "enrollment",
              "administration",
              "reporting",
              "token",
              "policy")
          .whereLayer("audit")
          .mayOnlyBeAccessedByLayers(
              "api", "web", "cli", "selfservice", "authentication", "enrollment", "administration")
          .whereLayer("configuration")
          .mayOnlyBeAccessedByLayers(
              "api",
              "web",
              "cli",
              "selfservice",
              "authentication",
              "enrollment",
              "administration",
              "reporting",
              "token",
              "tokenfile",
              "policy",
              "delivery",
              "forwarding",
              "identity",
              "audit")
          .whereLayer("crypto")
          .mayOnlyBeAccessedByLayers(
              "api",
              "web",
              "cli",
              "selfservice",
              "authentication",
              "enrollment",
              "administration",
              "reporting",
              "token",
              "tokenfile",
              "policy",
              "delivery",
              "identity",
              "audit");

  @ArchTest
  static final ArchRule CRYPTO_IS_FREE_OF_FRAMEWORKS =
      noClasses()
          .that()
          .resideInAPackage("org.linotpee.crypto..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta..", "org.eclipse..");

  @ArchTest
  static final ArchRule HTTP_STAYS_AT_THE_EDGE =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.linotpee.api..", "org.linotpee.web..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.ws.rs..", "jakarta.servlet..");

  @ArchTest
  static void packagesHaveNoCycles(JavaClasses classes) {
    slices().matching("org.linotpee.(*)..").should().beFreeOfCycles().check(classes);
  }
}
