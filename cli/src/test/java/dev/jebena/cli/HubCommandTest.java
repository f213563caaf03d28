package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpServerOptions;
import dev.jebena.hub.Hub;
import dev.jebena.json.Json;
import dev.jebena.repositories.Repositories;
import dev.jebena.repositories.RepositoryOptions;
import dev.jebena.repositories.RepositoryRoutes;
import dev.jebena.serving.JebenaServer;
import dev.jebena.serving.ServingOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jebena hub` against a hub of ours.
class HubCommandTest {
    private static final String TOKEN = "hf_jebenatesttoken";

    @TempDir Path folder;
    private JebenaServer server;
    private byte[] weights;

    @BeforeEach
    void start() throws IOException {
        server = hub("hub");
        weights = new byte[3_000_000];
        new Random(7).nextBytes(weights);
        Path model = Files.createDirectories(folder.resolve("model/deep"));
        Files.writeString(model.resolve("config.json"), "{\"a\": 1}\n");
        Files.writeString(folder.resolve("model/README.md"), "# One\n\nfirst\n");
        Files.write(folder.resolve("model/weights.bin"), weights);
    }

    /// Large files come in parts here.
    private JebenaServer hub(String name) {
        Repositories repositories =
                Repositories.open(
                        RepositoryOptions.in(folder.resolve(name))
                                .ownerToken(TOKEN)
                                .partBytes(1_000_000));
        return JebenaServer.start(
                        ServingOptions.defaults().http(HttpServerOptions.defaults().port(0)),
                        Hub.open(folder.resolve(name + "-home")),
                        router -> RepositoryRoutes.mount(router, repositories))
                .closing(repositories::close);
    }

    private String url() {
        return server.uri().toString().replaceAll("/$", "");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private CommandRun hub(String... args) {
        List<String> words = new ArrayList<>(List.of("hub"));
        words.addAll(List.of(args));
        words.addAll(List.of("--endpoint", url(), "--cache", folder + "/cache"));
        if (!words.contains("--token")) {
            words.addAll(List.of("--token", TOKEN));
        }
        return CommandRun.of(words.toArray(String[]::new));
    }

    private String ok(String... args) {
        CommandRun run = hub(args);
        assertThat(run.status()).as(run.err()).isZero();
        return run.out();
    }

    private Map<?, ?> json(String... args) {
        List<String> words = new ArrayList<>(List.of(args));
        words.add("--json");
        return (Map<?, ?>) Objects.requireNonNull(Json.parse(ok(words.toArray(String[]::new))));
    }

    private String model() {
        return folder.resolve("model").toString();
    }

    @Test
    void aFolderGoesUpAndComesDownAgain() throws IOException {
        assertThat(ok("whoami")).isEqualTo("jebena\n");
        assertThat(ok("create", "jebena/m")).isEqualTo(url() + "/jebena/m\n");
        Map<?, ?> first = json("upload", "jebena/m", model(), "--message", "First");
        assertThat(first.get("uploaded")).isEqualTo(3L);

        Map<?, ?> again = json("upload", "jebena/m", model());
        assertThat(again.get("uploaded")).isEqualTo(0L);
        assertThat(again.get("unchanged")).isEqualTo(3L);
        assertThat(again.get("commit")).isEqualTo(first.get("commit"));

        Path got = Path.of(ok("download", "jebena/m").strip());
        assertThat(got)
                .hasToString(folder + "/cache/models--jebena--m/snapshots/" + first.get("commit"));
        assertThat(got.resolve("weights.bin")).hasBinaryContent(weights);
        assertThat(got.resolve("deep/config.json")).hasContent("{\"a\": 1}");
        ok("download", "jebena/m", "--include", "*.json", "--to", folder + "/out");
        assertThat(folder.resolve("out/deep/config.json")).hasContent("{\"a\": 1}");
        assertThat(ok("ls", "jebena/m"))
                .contains("3.0 MB   " + ContentId.of(weights).hex().substring(0, 12))
                .contains("deep/config.json");
        assertThat(ok("search", "m")).contains("jebena/m");
    }

    @Test
    void revisionsAreComparedAndNamed() throws IOException {
        ok("create", "jebena/m");
        ok("upload", "jebena/m", model());
        ok("tag", "jebena/m", "v1", "--message", "One");
        Files.writeString(folder.resolve("model/README.md"), "# One\n\nsecond\n");
        Files.delete(folder.resolve("model/weights.bin"));
        Files.writeString(folder.resolve("model/new.txt"), "new\n");
        ok("upload", "jebena/m", model(), "--delete", "*.bin");

        assertThat(ok("diff", "jebena/m", "v1", "--text"))
                .contains("M  README.md  13 B -> 14 B", "-first", "+second")
                .contains("D  weights.bin  3.0 MB")
                .contains("A  new.txt  4 B", "+new");
        assertThat(ok("tag", "jebena/m")).contains("branch", "main", "v1");
        assertThat(ok("tag", "jebena/m", "--delete", "v1")).doesNotContain("v1");
        Files.writeString(folder.resolve("model/new.txt"), "newer\n");
        CommandRun late = hub("upload", "jebena/m", model(), "--parent", "0".repeat(40));
        assertThat(late.status()).isOne();
        assertThat(late.err()).contains("the hub refuses");
    }

    @Test
    void aRepositoryTravelsAsOneFileWithAllItsHistory() throws IOException {
        ok("create", "datasets/jebena/rows");
        ok("upload", "datasets/jebena/rows", model());
        ok("tag", "datasets/jebena/rows", "v1");
        Files.delete(folder.resolve("model/weights.bin"));
        Files.writeString(folder.resolve("model/README.md"), "# Two\n");
        ok("upload", "datasets/jebena/rows", model(), "--delete", "*.bin");
        Path file = folder.resolve("rows.repo");
        Map<?, ?> written = json("export", "datasets/jebena/rows", file.toString());
        assertThat(written.get("largeFiles")).isEqualTo(1L);
        server.close();
        server = hub("other");

        Map<?, ?> read = json("import", file.toString(), "--private");

        assertThat(read.get("refs")).isEqualTo(written.get("refs"));
        Path old = Path.of(ok("download", "datasets/jebena/rows", "--revision", "v1").strip());
        assertThat(old.resolve("weights.bin")).hasBinaryContent(weights);
        assertThat(ok("download", "datasets/jebena/rows", "README.md").strip())
                .satisfies(path -> assertThat(Path.of(path)).hasContent("# Two"));
        assertThat(hub("ls", "datasets/jebena/rows", "--token", "").status()).isOne();
    }

    @Test
    void aDamagedFileReachesNoHub() throws IOException {
        ok("create", "jebena/m");
        ok("upload", "jebena/m", model());
        Path file = folder.resolve("m.repo");
        ok("export", "jebena/m", file.toString());
        ok("delete", "jebena/m", "--yes");
        try (FileSystem zip = FileSystems.newFileSystem(file)) {
            byte[] changed = weights.clone();
            changed[5] ^= 1;
            Files.write(zip.getPath("lfs", ContentId.of(weights).hex()), changed);
        }

        CommandRun refused = hub("import", file.toString());

        assertThat(refused.status()).isOne();
        assertThat(refused.err())
                .contains("is damaged: SHA-256")
                .contains(ContentId.of(weights).hex());
        assertThat(hub("ls", "jebena/m").status()).isOne();
        Files.write(file, "no zip".getBytes(StandardCharsets.UTF_8));
        assertThat(hub("import", file.toString()).err()).contains("m.repo");
    }

    @Test
    void wrongInputIsToldClearly() {
        assertThat(hub("ls", "no/such").err())
                .contains("the hub refuses: Repository not found")
                .contains("jebena hub login");
        assertThat(hub("whoami", "--token", "hf_wrong").err()).contains("(401");
        assertThat(hub("ls", "a/b/c").err()).contains("it has 3 parts instead of 1 or 2");
        assertThat(hub("upload", "jebena/m", folder + "/none").err()).contains("no such file");
        assertThat(hub("diff", "jebena/m").status()).isEqualTo(ExitCode.USAGE);
        assertThat(hub("delete", "jebena/m").err()).contains("--yes");
    }
}
