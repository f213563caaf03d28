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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {
    private static final RepoId ID = RepoId.model("u/r");
    private static final byte[] LARGE = TinyGguf.of("weights", 300_000);
    private static final byte[] CARD = "# Card\n".getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder;
    private final FakeHub server = new FakeHub();

    @BeforeEach
    void fill() {
        server.files.put("model.safetensors", LARGE);
        server.files.put("README.md", CARD);
        server.files.put("deep/er/config.json", "{}".getBytes(StandardCharsets.UTF_8));
        server.files.put(".gitattributes", new byte[0]);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private HubClient client() {
        HubSettings settings =
                HubSettings.of(Map.of())
                        .withEndpoint(server.endpoint())
                        .withToken("hf_secret")
                        .withCache(folder.resolve("hub"));
        return HubClient.of(settings, new HttpFetch(Duration.ofSeconds(1), Map.of()));
    }

    private Path fetch(SnapshotOptions options) {
        return client().snapshot(ID, options, ProgressListener.none());
    }

    private Path repository() {
        return folder.resolve("hub/models--u--r");
    }

    @Test
    void theCacheHasTheLayoutOfThePythonClient() throws IOException {
        Path snapshot = fetch(SnapshotOptions.defaults());

        assertThat(snapshot).isEqualTo(repository().resolve("snapshots").resolve(FakeHub.COMMIT));
        assertThat(repository().resolve("refs/main")).hasContent(FakeHub.COMMIT);
        Path blob = repository().resolve("blobs").resolve(ContentId.of(LARGE).hex());
        assertThat(blob).hasBinaryContent(LARGE);
        assertThat(Files.readSymbolicLink(snapshot.resolve("model.safetensors")))
                .isEqualTo(Path.of("../../blobs").resolve(ContentId.of(LARGE).hex()));
        assertThat(Files.readSymbolicLink(snapshot.resolve("README.md")))
                .isEqualTo(Path.of("../../blobs").resolve(FileBytes.git(CARD)));
        assertThat(snapshot.resolve("deep/er/config.json")).hasContent("{}");
        assertThat(snapshot.resolve(".gitattributes")).isEmptyFile();
    }

    @Test
    void whatIsThereIsNotFetchedAgainAndTheTokenStaysAtTheHub() {
        fetch(SnapshotOptions.defaults());
        int downloads = server.downloads().size();
        fetch(SnapshotOptions.defaults());

        assertThat(server.downloads()).hasSize(downloads).noneMatch(r -> r.contains("hf_secret"));
        assertThat(server.requests).anyMatch(r -> r.contains("hf_secret"));
    }

    @Test
    void patternsChooseFiles() {
        Path snapshot =
                fetch(
                        SnapshotOptions.defaults()
                                .withInclude(List.of("*.json", "*.md"))
                                .withExclude(List.of("deep/*")));

        assertThat(snapshot.resolve("README.md")).exists();
        assertThat(snapshot.resolve("deep")).doesNotExist();
        assertThat(server.downloads()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeHub.Fault.class,
            names = {"STATUS_503", "TRUNCATED", "SILENT"})
    void whatBreaksOffGoesOn(FakeHub.Fault fault) {
        server.faults.add(fault);

        Path snapshot = fetch(SnapshotOptions.defaults());

        assertThat(snapshot.resolve("model.safetensors")).hasBinaryContent(LARGE);
        if (fault != FakeHub.Fault.STATUS_503) {
            assertThat(server.downloads())
                    .anyMatch(r -> r.contains("bytes=" + LARGE.length / 2 + "-"));
        }
    }

    @Test
    void damagedBytesAreRefusedAndNotKept() {
        server.faults.add(FakeHub.Fault.WRONG_BYTES);

        assertThatThrownBy(() -> fetch(SnapshotOptions.defaults()))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("model.safetensors arrived damaged: SHA-256")
                .hasMessageContaining(ContentId.of(LARGE).hex());

        assertThat(fetch(SnapshotOptions.defaults()).resolve("model.safetensors"))
                .hasBinaryContent(LARGE);
    }

    @Test
    void withoutTheHubTheLastKnownCommitIsUsed() {
        Path snapshot = fetch(SnapshotOptions.defaults());
        server.close();
        List<Progress> events = new CopyOnWriteArrayList<>();

        assertThat(client().snapshot(ID, SnapshotOptions.defaults(), events::add))
                .isEqualTo(snapshot);
        assertThat(events).anyMatch(e -> e.status().contains("using what is in the cache"));
        assertThatThrownBy(() -> fetch(SnapshotOptions.defaults().withRevision("v9")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("not reachable");
    }

    @Test
    void offlineAsksNobody() {
        HubClient offline = HubClient.of(client().settings().withOffline(true));
        assertThatThrownBy(() ->
                        offline.snapshot(ID, SnapshotOptions.defaults(), ProgressListener.none()))
                .hasMessageContaining("u/r at main is not in the cache");
        Path snapshot = fetch(SnapshotOptions.defaults());
        int before = server.requests.size();

        assertThat(offline.snapshot(ID, SnapshotOptions.defaults(), ProgressListener.none()))
                .isEqualTo(snapshot);
        assertThat(server.requests).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../out", "/etc/x", "a/../../b", "a\\b", "a//b", "./a"})
    void pathsThatLeaveTheFolderAreRefused(String path) {
        server.files.put(path, CARD);

        assertThatThrownBy(() -> fetch(SnapshotOptions.defaults()))
                .isInstanceOf(Problem.class)
                .hasMessageMatching("(?s).*(would leave the folder|does not answer with JSON).*");
        assertThat(repository().resolve("snapshots")).doesNotExist();
    }

    @Test
    void oneFileIsFoundByItsName() {
        assertThat(client().file(ID, "main", "README.md", ProgressListener.none()))
                .hasBinaryContent(CARD);
        assertThatThrownBy(() -> client().file(ID, "main", "no.md", ProgressListener.none()))
                .hasMessage("u/r has no file no.md at main");
    }
}
