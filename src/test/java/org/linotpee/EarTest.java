package org.linotpee;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The enterprise archive has some classes at its top instead of in the WAR; another class loader
 * reads them. So they must not need what stays in the WAR, and what stays cannot use their members
 * that are not public.
 */
class EarTest {
  private static final Path POM = Path.of("ear-packaging", "ear", "pom.xml");
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.linotpee");

  private static List<Pattern> patterns(String property) throws IOException {
    String pom = Files.readString(POM);
    String begin = "<" + property + ">";
    int from = pom.indexOf(begin) + begin.length();
    return Arrays.stream(pom.substring(from, pom.indexOf("</" + property + ">")).split(","))
        .map(
            name ->
                Pattern.compile(
                    name.replace("WEB-INF/classes/", "")
                        .replace(".class", "")
                        .replace("/", "\\.")
                        .replace("*", "[^.]*")))
        .toList();
  }

  private static boolean moved(List<Pattern> base, JavaClass type) {
    return base.stream().anyMatch(p -> p.matcher(type.getName()).matches());
  }

  @Test
  void whatIsPutAtTheTopIsTakenOutOfTheWar() throws IOException {
    assertThat(patterns("base").stream().map(Pattern::pattern))
        .containsExactlyElementsOf(patterns("base-in-war").stream().map(Pattern::pattern).toList());
    for (Pattern pattern : patterns("base")) {
      assertThat(PRODUCT.stream().anyMatch(c -> pattern.matcher(c.getName()).matches()))
          .as(pattern.pattern())
          .isTrue();
    }
  }

  @Test
  void classesAtTheTopNeedNothingOfTheWar() throws IOException {
    List<Pattern> base = patterns("base");
    var outside =
        PRODUCT.stream()
            .filter(c -> moved(base, c))
            .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
            .map(d -> d.getTargetClass())
            .filter(target -> target.getPackageName().startsWith("org.linotpee"))
            .filter(target -> !moved(base, target.getBaseComponentType()))
            .map(JavaClass::getName)
            .distinct();
    assertThat(outside).isEmpty();
  }

  @Test
  void theWarUsesPublicMembersOfThemAlone() throws IOException {
    List<Pattern> base = patterns("base");
    var hidden =
        PRODUCT.stream()
            .filter(c -> !moved(base, c))
            .flatMap(c -> c.getAccessesFromSelf().stream())
            .filter(access -> moved(base, access.getTargetOwner()))
            .filter(access -> !isPublic(access))
            .map(JavaAccess::getDescription);
    assertThat(hidden).isEmpty();
  }

  private static boolean isPublic(JavaAccess<?> access) {
    return access.getTargetOwner().getModifiers().contains(JavaModifier.PUBLIC)
        && access
            .getTarget()
            .resolveMember()
            .map(member -> member.getModifiers().contains(JavaModifier.PUBLIC))
            .orElse(true);
  }
}
