package dev.jebena.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Pickles of Python's own pickler, and handmade ones that hide what they import, with what
/// picklescan 1.0.5 says of them (`src/test/golden/pickles.py`).
class PickleScanTest {
    private static final Map<String, Map<?, ?>> SAMPLES = samples();

    private static Map<String, Map<?, ?>> samples() {
        try (InputStream in = PickleScanTest.class.getResourceAsStream("pickles.json")) {
            Map<?, ?> json =
                    (Map<?, ?>)
                            Objects.requireNonNull(
                                    Json.parse(
                                            new String(
                                                    Objects.requireNonNull(in).readAllBytes(),
                                                    StandardCharsets.UTF_8)));
            Map<String, Map<?, ?>> samples = new TreeMap<>();
            json.forEach((name, sample) -> samples.put(String.valueOf(name), (Map<?, ?>) sample));
            return samples;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] pickle(Map<?, ?> sample) {
        return Base64.getDecoder().decode(String.valueOf(sample.get("pickle")));
    }

    private static List<String> imports(byte[] pickle) throws IOException {
        TreeSet<String> found = new TreeSet<>();
        PickleScan.of(new ByteArrayInputStream(pickle), true)
                .imports()
                .forEach(i -> found.add(i.module() + " " + i.name() + " " + i.safety()));
        return List.copyOf(found);
    }

    @Test
    void importsAreThoseThatPicklescanFinds() throws IOException {
        assertThat(SAMPLES).hasSizeGreaterThan(40);
        for (Map.Entry<String, Map<?, ?>> sample : SAMPLES.entrySet()) {
            assertThat(imports(pickle(sample.getValue())))
                    .as(sample.getKey())
                    .isEqualTo(sample.getValue().get("imports"));
        }
    }

    @Test
    void aNameThatIsComputedIsDangerous() throws IOException {
        byte[] computed = "\200\4\214\2os\214\1a\205\223.".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(imports(computed)).containsExactly("os unknown dangerous");
    }

    @Test
    void aNumberInTheMemoCannotBeMistakenForAnother() throws IOException {
        // PUT 5 twice with None, then MEMOIZE counts one entry, not two: 1 is "os".
        byte[] shifted =
                "\200\4Nq\5q\0050\214\2os\2240\214\11posixpath\2240h\1\214\6system\223."
                        .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(imports(shifted)).containsExactly("os system dangerous");
    }

    @Test
    void attributesOfAttributesAreDangerous() throws IOException {
        byte[] chained =
                "\200\4\214\13collections\214\43OrderedDict.__init__.__builtins__xx\223."
                        .getBytes(StandardCharsets.ISO_8859_1);
        assertThat(imports(chained)).hasSize(1);
        assertThat(imports(chained).getFirst()).endsWith("dangerous");
    }

    @Test
    void lengthsThatAreNotThereAllocateNothing() throws IOException {
        for (String start :
                List.of(
                        "X\377\377\377\177",
                        "B\377\377\377\177",
                        "\216\377\377\377\377\377\377\377\177",
                        "\213\377\377\377\177")) {
            byte[] bytes = ("\200\4" + start).getBytes(StandardCharsets.ISO_8859_1);
            PickleScan.Result result = PickleScan.of(new ByteArrayInputStream(bytes), false);
            assertThat(result.damage()).isNotNull();
        }
    }

    @Test
    void damagedPicklesEndWithAReason() throws IOException {
        int cases = Integer.getInteger("jebena.fuzz.cases", 2_000);
        long seed = Long.getLong("jebena.fuzz.seed", 20261123);
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> all = SAMPLES.values().stream().map(PickleScanTest::pickle).toList();
        for (int i = 0; i < cases; i++) {
            byte[] bytes = all.get(random.nextInt(all.size())).clone();
            for (int change = random.nextInt(1, 6); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            PickleScan.Result result =
                    PickleScan.of(new ByteArrayInputStream(bytes), random.nextBoolean());
            assertThat(result.end()).as("seed %d, case %d", seed, i).isNotNegative();
        }
    }
}
