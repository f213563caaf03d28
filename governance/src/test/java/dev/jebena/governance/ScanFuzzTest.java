package dev.jebena.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damaged files of all kinds: a scan and a check always end, with findings instead of exceptions.
class ScanFuzzTest {
    private static final String EVIL = "cposix\nsystem\n(S'true'\ntR.";

    @TempDir Path folder;

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(latin(EVIL));
            zip.putNextEntry(new ZipEntry("archive/data/0"));
            zip.write(new byte[100]);
        }
        return bytes.toByteArray();
    }

    /// One file and one link, as a tar archive has them.
    private static byte[] tar() {
        byte[] tar = new byte[3 * 512];
        System.arraycopy(latin("a.pkl"), 0, tar, 0, 5);
        System.arraycopy(latin("00000000033"), 0, tar, 124, 11);
        tar[156] = '0';
        System.arraycopy(latin("ustar"), 0, tar, 257, 5);
        System.arraycopy(latin(EVIL), 0, tar, 512, EVIL.length());
        System.arraycopy(latin("link"), 0, tar, 1024, 4);
        tar[1024 + 156] = '2';
        System.arraycopy(latin("../../etc/passwd"), 0, tar, 1024 + 157, 16);
        return tar;
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    /// What joblib writes for an array: its wrapper, the bytes, the rest of the pickle.
    private static byte[] joblib() {
        return latin(
                "\200\3cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\201}(X\5\0\0\0shapeK\2\205"
                        + "X\5\0\0\0dtypecnumpy\ndtype\nX\2\0\0\0f8K\0K\1\207R"
                        + "ub0123456789abcdefcposix\nsystem\n.");
    }

    private static Map<String, byte[]> samples() throws IOException {
        Map<String, byte[]> samples = new LinkedHashMap<>();
        samples.put("model.pt", zip());
        samples.put("a.tar", tar());
        samples.put("b.tgz", gzip(tar()));
        samples.put("c.joblib", joblib());
        samples.put(
                "d.npy",
                latin(
                        "\223NUMPY\1\0\60\0{'descr': '|O', 'fortran_order': False, 'shape':}"
                                + EVIL));
        samples.put(
                "model.safetensors",
                latin(
                        "\100\0\0\0\0\0\0\0{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}         \0\0\0\0"));
        samples.put(
                "tokenizer_config.json",
                latin(
                        "{\"chat_template\": [{\"name\": \"a\", \"template\": \"{{ x.__class__ }}\"}]}"));
        samples.put("model.keras.json", latin("{\"class_name\": \"Lambda\", \"module\": \"os\"}"));
        samples.put(
                "m.gguf",
                latin(
                        "GGUF\3\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0a\10\0\0\0\1\0\0\0\0\0\0\0b"));
        samples.put("x.h5", latin("\211HDF\r\n\32\n\"class_name\": \"Lambda\""));
        return samples;
    }

    @Test
    void theSamplesAreFound() throws IOException {
        for (String name : List.of("a.tar", "b.tgz", "c.joblib", "d.npy", "model.pt")) {
            Path file = folder.resolve(name);
            Files.write(file, samples().get(name));
            ScanReport report = Scan.of(file, ScanOptions.defaults());
            assertThat(report.findings())
                    .as(name)
                    .anyMatch(f -> f.what().startsWith("imports posix.system"));
            if (name.endsWith("tar")) {
                assertThat(report.findings())
                        .anyMatch(f ->
                                f.what()
                                        .equals(
                                                "a link that leads outside of the folder: ../../etc/passwd"));
            }
        }
    }

    @Test
    void damagedFilesGiveFindings() throws IOException {
        int cases = Integer.getInteger("jebena.fuzz.cases", 2_000);
        long seed = Long.getLong("jebena.fuzz.seed", 20261124);
        SplittableRandom random = new SplittableRandom(seed);
        List<Map.Entry<String, byte[]>> all = List.copyOf(samples().entrySet());
        for (int i = 0; i < cases; i++) {
            Map.Entry<String, byte[]> sample = all.get(random.nextInt(all.size()));
            byte[] bytes = sample.getValue().clone();
            for (int change = random.nextInt(1, 8); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Path file = folder.resolve(sample.getKey());
            Files.write(
                    file,
                    random.nextInt(4) == 0
                            ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length))
                            : bytes);
            ScanReport report = Scan.of(file, ScanOptions.defaults());
            assertThat(report.findings())
                    .as("seed %d, case %d, %s", seed, i, sample.getKey())
                    .noneMatch(f ->
                            f.what().contains("Exception:")
                                    && f.what().startsWith("cannot be looked into: java.lang."));
        }
    }

    @Test
    void damagedCardsGiveFindings() {
        int cases = Integer.getInteger("jebena.fuzz.cases", 2_000);
        long seed = Long.getLong("jebena.fuzz.seed", 20261125);
        SplittableRandom random = new SplittableRandom(seed);
        String card =
                "---\nlicense: mit\nlanguage: [en, de]\nbase_model: a/b\nmodel-index:\n- name: m\n  results:\n  - task:\n      type: t\n    metrics:\n    - type: a\n      value: 1\n---\n# A\n## B\n```x\ny\n```\n| a |\n|---|\n<b>x</b>\n";
        String strange = "-:[]{}&*!|>'\"%@`#\n\t \0\u2028<>$";
        for (int i = 0; i < cases; i++) {
            StringBuilder text = new StringBuilder(card);
            for (int change = random.nextInt(1, 10); change > 0; change--) {
                text.setCharAt(
                        random.nextInt(text.length()),
                        strange.charAt(random.nextInt(strange.length())));
            }
            String readme = text.toString();
            assertThat(CardCheck.of(Card.of(readme, CardKind.MODEL)))
                    .as("seed %d, case %d", seed, i)
                    .isNotNull();
            assertThat(CardPage.html(readme)).doesNotContain("<script");
        }
    }
}
