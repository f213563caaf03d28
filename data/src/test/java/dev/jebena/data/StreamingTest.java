package dev.jebena.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Data sets of web addresses and hubs, read from where they are.
class StreamingTest {
    private static final int ROWS = 30_000;
    private static final String COMMIT = "0123456789012345678901234567890123456789";

    @TempDir Path folder;
    private RangeServer server;

    @BeforeEach
    void start() throws IOException {
        server = new RangeServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private byte[] rows(String ending) throws IOException {
        Random random = new Random(1);
        List<Map<String, ? extends @Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(Map.of("n", (long) i, "noise", Long.toString(random.nextLong(), 36)));
        }
        Path file = folder.resolve("rows." + ending);
        DatasetWriter.write(Dataset.of(rows), file, ProgressListener.none());
        return Files.readAllBytes(file);
    }

    @Test
    void theFirstRowsCostNoWholeFile() throws IOException {
        for (String ending : List.of("csv", "jsonl", "arrow", "txt", "parquet")) {
            byte[] bytes =
                    ending.equals("txt")
                            ? "a line\n".repeat(200_000).getBytes(StandardCharsets.UTF_8)
                            : rows(ending);
            server.files.put("/rows." + ending, bytes);
            server.requests.clear();
            LoadOptions options =
                    LoadOptions.defaults().limits(DataLimits.defaults().sampleRows(10));
            Dataset data = Dataset.load(server.uri() + "/rows." + ending, options);
            assertThat(data.rows(0, 3)).as(ending).hasSize(3);
            if (ending.equals("parquet")) {
                // The footer first, then pages: never the file from front to back.
                assertThat(server.requests).allMatch(r -> r.contains(" bytes="));
            }
            if (!ending.equals("txt")) {
                assertThat(Numbers.of(data)).as(ending).hasSize(ROWS).isSorted();
                assertThat(data.rows(ROWS - 2, 5).getFirst().integer("n")).isEqualTo(ROWS - 2);
            }
        }
    }

    @Test
    void transfersThatBreakOffGoOn() throws IOException {
        server.files.put("/rows.csv", rows("csv"));
        Dataset data = Dataset.load(server.uri() + "/rows.csv");
        server.requests.clear();
        server.breakOff.set(3);
        assertThat(Numbers.of(data)).hasSize(ROWS).isSorted();
        assertThat(server.requests)
                .hasSizeGreaterThan(1)
                .anyMatch(r -> r.matches(".* bytes=[0-9]{4,}-"));
    }

    @Test
    void whatIsNotThereOrNotReachableIsSaid() throws IOException {
        assertThatThrownBy(() -> Dataset.load(server.uri() + "/none.csv"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("/none.csv answers 404");
        String gone = server.uri();
        server.close();
        assertThatThrownBy(() -> Dataset.load(gone + "/none.csv"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("not reachable");
    }

    private LoadOptions hub(String token) {
        return LoadOptions.defaults()
                .hub(new HubFiles(server.uri(), folder.resolve("cache"), token, false));
    }

    private void repository(String... pathsAndTexts) {
        StringBuilder tree = new StringBuilder();
        for (int i = 0; i < pathsAndTexts.length; i += 2) {
            String path = pathsAndTexts[i];
            String text = pathsAndTexts[i + 1];
            server.put("/datasets/org/name/resolve/" + COMMIT + "/" + path, text);
            tree.append(i == 0 ? "" : ",")
                    .append(
                            "{\"type\": \"file\", \"path\": \"%s\", \"size\": %d}"
                                    .formatted(path, text.length()));
        }
        server.put("/api/datasets/org/name/revision/main", "{\"sha\": \"" + COMMIT + "\"}");
        server.put("/api/datasets/org/name/tree/" + COMMIT, "[" + tree + "]");
    }

    @Test
    void aHubsDataSetIsReadWhereItIs() {
        repository(
                "train.csv", "n\n1\n2\n", "test.csv", "n\n3\n", "large.bin", "x".repeat(1_000_000));
        server.token = "hf_it";
        LoadOptions options = hub("hf_it");
        assertThat(Numbers.of(Dataset.load("org/name", options))).containsExactly(1L, 2L);
        assertThat(Numbers.of(Dataset.load("org/name", options.split("test")))).containsExactly(3L);
        assertThat(server.sent).hasValueLessThan(10_000);
        assertThat(folder.resolve("cache")).doesNotExist();
        assertThatThrownBy(() -> Dataset.load("org/name", hub("")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("HF_TOKEN");
    }

    @Test
    void theCardSaysWhichFilesAreWhichSplit() {
        repository(
                "README.md",
                """
                ---
                configs:
                - config_name: en
                  default: true
                  data_files:
                  - split: train
                    path: ["en/a*.csv", "en/b.csv"]
                  - split: validation
                    path: en/v?.csv
                - config_name: am
                  data_dir: am
                - config_name: all
                  data_files: "**/*.csv"
                ---
                """,
                "en/a1.csv",
                "n\n1\n",
                "en/a2.csv",
                "n\n2\n",
                "en/b.csv",
                "n\n3\n",
                "en/v1.csv",
                "n\n4\n",
                "am/train.csv",
                "n\n5\n",
                "am/test.csv",
                "n\n6\n");
        LoadOptions options = hub("");
        assertThat(Numbers.of(Dataset.load("org/name", options))).containsExactly(1L, 2L, 3L);
        assertThat(Numbers.of(Dataset.load("org/name", options.split("validation"))))
                .containsExactly(4L);
        LoadOptions other = options.config("am");
        assertThat(Numbers.of(Dataset.load("org/name", other))).containsExactly(5L);
        assertThat(Numbers.of(Dataset.load("org/name", other.split("test")))).containsExactly(6L);
        assertThat(Loading.files("org/name", options.config("all")).splits().keySet())
                .contains("train");
        assertThatThrownBy(() -> Dataset.load("org/name", options.config("fr")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("no configuration 'fr'")
                .hasMessageContaining("en, am, all");
        assertThatThrownBy(() -> Dataset.load("org/name", options.split("tain")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("did you mean 'train'");
    }

    @Test
    void aCardThatNamesNoFileIsRefused() {
        repository(
                "README.md",
                "---\nconfigs:\n- config_name: a\n  data_files: none/*.csv\n---\n",
                "a.csv",
                "n\n1\n");
        assertThatThrownBy(() -> Dataset.load("org/name", hub("")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("no file for the split 'train'");
    }
}
