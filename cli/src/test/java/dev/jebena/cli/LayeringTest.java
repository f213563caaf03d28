package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The table of DESIGN.md §2 as a test: which module may use which.
class LayeringTest {
    /// Direct uses; the transitive closure is allowed too.
    private static final Map<String, Set<String>> MAY_USE =
            Map.ofEntries(
                    Map.entry("json", Set.of()),
                    Map.entry("compute", Set.of()),
                    Map.entry("tensor", Set.of("compute")),
                    Map.entry("formats", Set.of("compute", "json")),
                    Map.entry("nn", Set.of("tensor", "formats")),
                    Map.entry("onnx", Set.of("formats", "tensor")),
                    Map.entry("tokenizers", Set.of("json")),
                    Map.entry("llm", Set.of("compute", "formats", "tokenizers", "json")),
                    Map.entry("base", Set.of()),
                    Map.entry("training", Set.of("nn", "base", "json", "tracking")),
                    Map.entry("hub", Set.of("base", "formats")),
                    Map.entry("transformers", Set.of("hub", "llm", "nn")),
                    Map.entry("data", Set.of("base")),
                    Map.entry("mcp", Set.of("base")),
                    Map.entry("accounts", Set.of("base")),
                    Map.entry("tracking", Set.of("base", "accounts")),
                    Map.entry("repositories", Set.of("base", "hub", "data")),
                    Map.entry("buckets", Set.of("base")),
                    Map.entry("governance", Set.of("hub", "tracking")),
                    Map.entry("serving", Set.of("base", "llm", "hub", "mcp", "transformers")),
                    Map.entry("console", Set.of("base")),
                    // For tests: published files, and fakes of the modules below.
                    Map.entry("downloads", Set.of()),
                    Map.entry("testkit", Set.of("llm", "tokenizers", "json")),
                    Map.entry(
                            "cli",
                            Set.of(
                                    "serving",
                                    "tracking",
                                    "repositories",
                                    "buckets",
                                    "governance",
                                    "console",
                                    "hub",
                                    "data",
                                    "mcp",
                                    "llm",
                                    "base",
                                    "training",
                                    "transformers")));

    private static final Set<String> JDK_ONLY =
            Set.of("json", "compute", "tensor", "formats", "nn", "onnx", "tokenizers", "llm");

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("dev.jebena");

    @Test
    void modulesUseOnlyWhatLiesBelowThem() {
        List<String> violations = new ArrayList<>();
        for (JavaClass type : CLASSES) {
            Set<String> allowed = closure(moduleOf(type));
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                JavaClass target = use.getTargetClass().getBaseComponentType();
                if (target.getPackageName().startsWith("dev.jebena")
                        && !allowed.contains(moduleOf(target))) {
                    violations.add(use.getDescription());
                }
            }
        }
        assertThat(violations).isEmpty();
        assertThat(CLASSES.size()).isGreaterThan(100);
    }

    @Test
    void coreModulesNeedNothingButTheJdk() {
        List<String> violations = new ArrayList<>();
        for (JavaClass type : CLASSES) {
            if (!JDK_ONLY.contains(moduleOf(type))) {
                continue;
            }
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                String target = use.getTargetClass().getBaseComponentType().getPackageName();
                boolean jdk =
                        target.isEmpty()
                                || target.startsWith("java.")
                                || target.startsWith("javax.imageio")
                                || target.startsWith("jdk.");
                if (!jdk
                        && !target.startsWith("dev.jebena")
                        && !target.startsWith("org.jspecify")) {
                    violations.add(use.getDescription());
                }
            }
        }
        assertThat(violations).isEmpty();
    }

    @Test
    void onlyComputeUsesTheVectorApi() {
        for (JavaClass type : CLASSES) {
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                if (use.getTargetClass().getPackageName().startsWith("jdk.incubator")) {
                    assertThat(moduleOf(type)).as(use.getDescription()).isEqualTo("compute");
                }
            }
        }
    }

    @Test
    void internalPackagesAreUsedByTheirOwnModuleOnly() {
        for (JavaClass type : CLASSES) {
            for (Dependency use : type.getDirectDependenciesFromSelf()) {
                JavaClass target = use.getTargetClass().getBaseComponentType();
                if (target.getPackageName().contains(".internal")) {
                    if (target.getPackageName().startsWith("dev.jebena")) {
                        assertThat(moduleOf(type))
                                .as(use.getDescription())
                                .isEqualTo(moduleOf(target));
                    }
                }
            }
        }
    }

    private static String moduleOf(JavaClass type) {
        return type.getPackageName().split("\\.")[2];
    }

    private static Set<String> closure(String module) {
        Set<String> all = new TreeSet<>(Set.of(module));
        for (String used : MAY_USE.getOrDefault(module, Set.of())) {
            all.addAll(closure(used));
        }
        return all;
    }
}
