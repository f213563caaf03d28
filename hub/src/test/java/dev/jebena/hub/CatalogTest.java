package dev.jebena.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
    @TempDir Path home;

    @Test
    void theBuiltInModelsHaveSizesHashesAndLicenses() {
        Catalog catalog = Catalog.load(home);

        for (String name : new String[] {"smollm2", "smollm2:135m", "gemma3:270m", "minilm"}) {
            CatalogEntry entry = catalog.find(ModelName.parse(name)).orElseThrow();
            assertThat(entry.files()).allMatch(f -> f.size() > 0 && f.sha256() != null);
            assertThat(entry.license().id()).isNotEmpty();
            assertThat(entry.sources().getFirst().kind()).isEqualTo(CatalogEntry.Kind.HUB);
        }
        assertThat(catalog.find(ModelName.parse("smollm2")).orElseThrow().license().isOpen())
                .isTrue();
        assertThat(catalog.find(ModelName.parse("gemma3:270m")).orElseThrow().license().isOpen())
                .isFalse();
    }

    @Test
    void theUsersCatalogAddsAndReplaces() throws IOException {
        Files.writeString(
                home.resolve("catalog.json"),
                """
                {"models": {"mine": {"files": [{"name": "m.gguf"}], "sources": [{"maven": "a:b:1"}]},
                  "smollm2:135m": {"files": [{"name": "s.gguf"}], "sources": [{"file": "s.gguf"}]}}}
                """);
        Catalog catalog = Catalog.load(home);

        assertThat(catalog.find(ModelName.parse("mine")).orElseThrow().sources())
                .allMatch(s -> s.kind() == CatalogEntry.Kind.MAVEN);
        assertThat(catalog.find(ModelName.parse("smollm2:135m")).orElseThrow().files())
                .allMatch(f -> f.name().equals("s.gguf"));
        assertThat(catalog.find(ModelName.parse("minilm"))).isPresent();
    }

    @Test
    void mistakesInTheUsersCatalogNameTheirPlace() throws IOException {
        Files.writeString(
                home.resolve("catalog.json"),
                """
                {"models": {"mine": {"files": [{"name": "../m.gguf"}], "sources": [{"hub": "a/b"}]}}}
                """);
        assertThatThrownBy(() -> Catalog.load(home))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("catalog.json")
                .hasMessageContaining("mine")
                .hasMessageContaining("unsafe file name '../m.gguf'");
    }

    @Test
    void mutatedCatalogsAreReadOrRefusedWithOneProblem() throws IOException {
        String text;
        try (InputStream in = Catalog.class.getResourceAsStream("catalog.json")) {
            assertThat(in).isNotNull();
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        long seed = Long.getLong("jebena.fuzz.seed", 11);
        Random random = new Random(seed);
        for (int i = 0; i < Fuzz.cases(); i++) {
            String mutated = Fuzz.mutate(text, random);
            try {
                Catalog.of(mutated);
            } catch (Problem e) {
                assertThat(e.code()).isEqualTo(Problem.Code.BAD_FILE);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + " case " + i + ":\n" + mutated, e);
            }
        }
    }
}
