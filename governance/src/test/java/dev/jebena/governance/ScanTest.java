package dev.jebena.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that should not be loaded, and ordinary ones.
class ScanTest {
    private static final byte[] EVIL =
            "cposix\nsystem\n(S'true'\ntR.".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir Path folder;

    private ScanReport scan(String name, byte[] content) throws IOException {
        return scan(name, content, ScanOptions.defaults());
    }

    private ScanReport scan(String name, byte[] content, ScanOptions options) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, content);
        return Scan.of(file, options);
    }

    private static List<String> lines(ScanReport report) {
        return report.findings().stream()
                .map(f -> f.level() + " " + f.kind() + " " + f.path() + ": " + f.what())
                .toList();
    }

    private static byte[] zip(String name, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] stored(String name, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            ZipEntry entry = new ZipEntry(name);
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    @Test
    void aPickleIsFoundUnderAnyNameAndInArchivesWithinArchives() throws IOException {
        String what = "imports posix.system (starts programs, reaches files and the system)";
        assertThat(lines(scan("a.pkl", EVIL))).containsExactly("unsafe pickle a.pkl: " + what);
        assertThat(lines(scan("weights.safetensors.txt", EVIL)))
                .contains("unsafe pickle weights.safetensors.txt: " + what);
        byte[] torch = zip("archive/data.pkl", EVIL);
        assertThat(lines(scan("model.pt", torch)))
                .containsExactly("unsafe pickle model.pt!archive/data.pkl: " + what);
        byte[] nested = gzip(zip("inner/model.bin", torch));
        assertThat(lines(scan("all.gz", nested)))
                .containsExactly(
                        "unsafe pickle all.gz!all!inner/model.bin!archive/data.pkl: " + what);
        assertThat(scan("all.gz", nested, ScanOptions.defaults().withDepth(1)).level())
                .isEqualTo(ScanLevel.UNSAFE);
    }

    @Test
    void aPickleDoesNotHideBehindADamagedZipFile() throws IOException {
        byte[] encrypted = stored("archive/data.pkl", EVIL);
        int directory = new String(encrypted, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        encrypted[directory + 8] |= 1;
        assertThat(lines(scan("model.pt", encrypted)))
                .anyMatch(line -> line.contains("data.pkl: imports posix.system"))
                .anyMatch(line -> line.startsWith("unsafe format model.pt: a damaged ZIP file"));
        byte[] beheaded = java.util.Arrays.copyOf(encrypted, directory);
        assertThat(lines(scan("model.pt", beheaded)))
                .anyMatch(line -> line.contains("data.pkl: imports posix.system"));
    }

    @Test
    void archivesThatUnpackToTooMuchAreNotUnpacked() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                gzip.write(zeros);
            }
        }
        assertThat(
                        lines(
                                scan(
                                        "bomb.gz",
                                        bytes.toByteArray(),
                                        ScanOptions.defaults().withUnpacked(32 << 20))))
                .singleElement()
                .asString()
                .startsWith("unsafe archive bomb.gz: an archive bomb: ")
                .endsWith(" bytes unpack to 33554432 and more");
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(many)) {
            for (int i = 0; i < 300; i++) {
                zip.putNextEntry(new ZipEntry("f" + i));
            }
        }
        assertThat(
                        scan(
                                        "many.zip",
                                        many.toByteArray(),
                                        ScanOptions.defaults().withEntries(100))
                                .level())
                .isEqualTo(ScanLevel.UNSAFE);
        assertThat(
                        scan(
                                        "slow.zip",
                                        many.toByteArray(),
                                        ScanOptions.defaults().withTime(Duration.ZERO))
                                .level())
                .isEqualTo(ScanLevel.UNSAFE);
    }

    @Test
    void entriesStayInTheirFolder() throws IOException {
        assertThat(lines(scan("a.zip", zip("../../etc/passwd", new byte[] {'x'}))))
                .containsExactly(
                        "unsafe archive a.zip!../../etc/passwd: an entry that unpacks outside of the folder");
        assertThat(ArchiveNames.leaves("a/../b")).isFalse();
        assertThat(ArchiveNames.leaves("a/../../b")).isTrue();
        assertThat(ArchiveNames.leaves("C:\\windows")).isTrue();
        assertThat(ArchiveNames.leaves("/etc/passwd")).isTrue();
    }

    @Test
    void programsAreFoundWhereWeightsShouldBe() throws IOException {
        byte[] elf = new byte[200];
        System.arraycopy("\177ELF\2\1\1".getBytes(StandardCharsets.ISO_8859_1), 0, elf, 0, 7);
        assertThat(lines(scan("model.safetensors", elf)))
                .contains(
                        "unsafe executable model.safetensors: an ELF program or library under the name of a .safetensors file");
        assertThat(lines(scan("libx.so", elf)))
                .containsExactly("suspicious executable libx.so: an ELF program or library");
        assertThat(
                        lines(
                                scan(
                                        "vocab.txt",
                                        "#!/bin/sh\nrm -rf /\n".getBytes(StandardCharsets.UTF_8))))
                .containsExactly(
                        "unsafe executable vocab.txt: a script under the name of a .txt file");
    }

    @Test
    void damagedWeightsAreToldInTheReadersWords() throws IOException {
        byte[] header = "\377\0\0\0\0\0\0\0{\"a\":1}".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(lines(scan("model.safetensors", header)))
                .anyMatch(line -> line.startsWith("unsafe format model.safetensors: "));
        assertThat(lines(scan("model.gguf", "GGUF\3\0\0\0".getBytes(StandardCharsets.UTF_8))))
                .anyMatch(line -> line.startsWith("unsafe format model.gguf: "));
        assertThat(lines(scan("model.onnx", new byte[] {8, 9, 10, 11, 12})))
                .anyMatch(line -> line.startsWith("unsafe format model.onnx: "));
    }

    @Test
    void linksAreFollowedOrTold() throws IOException {
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.write(model.resolve("a.pkl"), EVIL);
        Files.createSymbolicLink(model.resolve("b.pkl"), model.resolve("a.pkl"));
        Files.createSymbolicLink(model.resolve("c.pkl"), Path.of("nowhere"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), model);
        assertThat(lines(Scan.of(link, ScanOptions.defaults())))
                .hasSize(3)
                .contains("suspicious incomplete c.pkl: a link that leads to no file")
                .anyMatch(line -> line.startsWith("unsafe pickle b.pkl: imports posix.system"));
    }

    @Test
    void checksumsAreCompared() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "hello\n");
        Files.writeString(folder.resolve("b.txt"), "hello\n");
        Files.writeString(
                folder.resolve("SHA256SUMS"),
                """
                5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03  a.txt
                0000b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 *b.txt
                """);
        assertThat(lines(Scan.of(folder, ScanOptions.defaults())))
                .containsExactly(
                        "unsafe hash b.txt: its SHA-256 is 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
                                + " instead of 0000b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
        String pointer =
                "version https://git-lfs.github.com/spec/v1\noid sha256:"
                        + "0".repeat(64)
                        + "\nsize 5\n";
        assertThat(lines(scan("w.safetensors", pointer.getBytes(StandardCharsets.UTF_8))))
                .first()
                .asString()
                .startsWith("suspicious hash w.safetensors: a pointer of git-lfs to sha256:000");
    }

    @Test
    void kerasLayersThatRunCodeAreFound() throws IOException {
        String config =
                """
                {"class_name": "Functional", "module": "keras.src.models", "config": {"layers": [
                  {"class_name": "Lambda", "module": "keras.layers", "config": {}},
                  {"class_name": "run", "module": "subprocess", "config": {}},
                  {"class_name": "Mine", "module": "my_layers", "config": {}}]}}
                """;
        byte[] keras = zip("config.json", config.getBytes(StandardCharsets.UTF_8));
        assertThat(lines(scan("model.keras", keras)))
                .containsExactly(
                        "unsafe graph model.keras!config.json: a Lambda layer, whose Python byte code runs when the model is loaded",
                        "unsafe graph model.keras!config.json: a layer from the module subprocess, which Keras imports to load the model",
                        "suspicious graph model.keras!config.json: a layer from the module my_layers, which Keras imports to load the model");
    }

    @Test
    void aFolderOfAnOrdinaryModelIsSafe() throws IOException {
        Files.writeString(folder.resolve("README.md"), "---\nlicense: mit\n---\n# A model\n");
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"llama\"}");
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"chat_template\": \"{% for message in messages %}{{ message['content'] }}{% endfor %}\"}");
        String header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        byte[] safetensors =
                ((char) header.length() + "\0\0\0\0\0\0\0" + header + "\0\0\0\0")
                        .getBytes(StandardCharsets.ISO_8859_1);
        Files.write(folder.resolve("model.safetensors"), safetensors);
        assertThat(lines(Scan.of(folder, ScanOptions.defaults()))).isEmpty();
    }
}
