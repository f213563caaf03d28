package dev.jebena.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static final Manifest SAMPLE =
            new Manifest(
                    new Layer(Layer.CONFIG, ContentId.of("c"), 1, null),
                    List.of(
                            new Layer(Layer.MODEL, ContentId.of("m"), 12345678901L, "a.gguf"),
                            new Layer(Layer.FILE, ContentId.of("f"), 2, "1_Pooling/config.json"),
                            new Layer(Layer.SYSTEM, ContentId.of("s"), 3, null)),
                    Map.of(Manifest.SOURCE, "pip x==1"));

    @Test
    void whatIsWrittenReadsBackTheSame() {
        String text = new String(SAMPLE.toBytes(), StandardCharsets.UTF_8);

        assertThat(Manifest.parse(text, "x")).isEqualTo(SAMPLE);
        assertThat(text).contains("\"schemaVersion\":2");
    }

    @Test
    void fileNamesThatLeaveTheFolderAreRefused() {
        String text = new String(SAMPLE.toBytes(), StandardCharsets.UTF_8);
        for (String name : List.of("../a.gguf", "/a.gguf", "a/../b", "a\\\\b", "", ".x", "a//b")) {
            assertThatThrownBy(() -> Manifest.parse(text.replace("a.gguf", name), "the manifest"))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("unsafe file name");
        }
    }

    @Test
    void mutatedManifestsAreReadOrRefusedWithOneProblem() {
        String text = new String(SAMPLE.toBytes(), StandardCharsets.UTF_8);
        long seed = Long.getLong("jebena.fuzz.seed", 7);
        Random random = new Random(seed);
        for (int i = 0; i < Fuzz.cases(); i++) {
            String mutated = Fuzz.mutate(text, random);
            try {
                Manifest manifest = Manifest.parse(mutated, "the manifest");
                assertThat(manifest.layers())
                        .allMatch(l -> l.title() == null || FileNames.isSafe(l.title()));
            } catch (Problem e) {
                assertThat(e.code()).isEqualTo(Problem.Code.BAD_FILE);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + " case " + i + ":\n" + mutated, e);
            }
        }
    }
}
