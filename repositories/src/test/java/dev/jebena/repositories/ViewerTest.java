package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpJson;
import dev.jebena.data.Dataset;
import dev.jebena.data.DatasetWriter;
import dev.jebena.repositories.HubServer.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The viewer's answers over HTTP.
class ViewerTest {
    private static final String PNG =
            "iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAIAAAA2iEnWAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==";

    private static final String WHERE = "dataset=jebena/rows&config=default&split=train";

    @TempDir Path folder;
    private HubServer hub;

    @BeforeEach
    void start() {
        hub = new HubServer(folder.resolve("hub"));
        hub.create("rows", "type", "dataset");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private void commit(String repo, Map<String, byte[]> files) {
        StringBuilder lines = new StringBuilder();
        HubClient.line(lines, "header", HttpJson.object("summary", "data"));
        files.forEach((path, bytes) ->
                HubClient.line(
                        lines,
                        "file",
                        HttpJson.object(
                                "path",
                                path,
                                "content",
                                Base64.getEncoder().encodeToString(bytes),
                                "encoding",
                                "base64")));
        Reply reply = hub.lines("/api/datasets/" + repo + "/commit/main", lines.toString());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    private void commit(String path, String text) {
        commit("jebena/rows", Map.of(path, text.getBytes(StandardCharsets.UTF_8)));
    }

    private Reply ok(String path) {
        Reply reply = hub.get(path);
        assertThat(reply.status()).as(path + ": " + reply.text()).isEqualTo(200);
        return reply;
    }

    private void refused(String path, int status, String code) {
        Reply reply = hub.get(path);
        assertThat(reply.status()).as(path + ": " + reply.text()).isEqualTo(status);
        assertThat(reply.header("X-Error-Code")).isEqualTo(code);
        assertThat(reply.at("error")).isNotEqualTo("");
    }

    private static String numbers(int count) {
        StringBuilder csv = new StringBuilder("n,name,good\n");
        for (int i = 0; i < count; i++) {
            csv.append(i).append(",name ").append(i % 7).append(',').append(i % 2 == 0);
            csv.append('\n');
        }
        return csv.toString();
    }

    @Test
    void rowsInTheMiddleWithTheirNumbersAndColumns() {
        commit("train.csv", numbers(5_000));
        Reply reply = ok("/rows?" + WHERE + "&offset=4321&length=3");
        assertThat(reply.at("features.0.feature_idx")).isEqualTo(0L);
        assertThat(reply.at("features.1.name")).isEqualTo("name");
        assertThat(reply.at("features.0.type.dtype")).isEqualTo("int64");
        assertThat(reply.at("features.0.type._type")).isEqualTo("Value");
        assertThat(reply.at("rows.0.row_idx")).isEqualTo(4321L);
        assertThat(reply.at("rows.2.row"))
                .isEqualTo(Map.of("n", 4323L, "name", "name 4", "good", false));
        assertThat(reply.at("rows.0.truncated_cells")).isEqualTo(List.of());
        assertThat((List<?>) reply.at("rows")).hasSize(3);
        assertThat(reply.at("num_rows_total")).isEqualTo(5000L);
        assertThat(reply.at("num_rows_per_page")).isEqualTo(100L);
        assertThat(reply.at("partial")).isEqualTo(false);
        assertThat(reply.header("X-Revision")).matches("[0-9a-f]{40}");
        assertThat((List<?>) ok("/rows?" + WHERE).at("rows")).hasSize(100);
        assertThat((List<?>) ok("/rows?" + WHERE + "&offset=5000").at("rows")).isEmpty();
    }

    @Test
    void aNewCommitIsSeenAtOnceAndAnOldOneByItsName() {
        commit("train.csv", "a\n1\n");
        String before = ok("/rows?" + WHERE).header("X-Revision");
        commit("train.csv", "a\n1\n2\n");
        assertThat(ok("/rows?" + WHERE).at("num_rows_total")).isEqualTo(2L);
        Reply old = ok("/rows?" + WHERE + "&revision=" + before);
        assertThat(old.at("num_rows_total")).isEqualTo(1L);
    }

    @Test
    void configurationsAndSplitsOfTheCard() {
        commit(
                "jebena/rows",
                Map.of(
                        "README.md",
                        """
                        ---
                        configs:
                        - config_name: small
                          data_files:
                          - split: train
                            path: a/*.jsonl
                          - split: test
                            path: b.jsonl
                        - config_name: other
                          data_files: c.csv
                        ---
                        """
                                .getBytes(StandardCharsets.UTF_8),
                        "a/1.jsonl",
                        "{\"x\": 1}\n{\"x\": 2}\n".getBytes(StandardCharsets.UTF_8),
                        "a/2.jsonl",
                        "{\"x\": 3}\n".getBytes(StandardCharsets.UTF_8),
                        "b.jsonl",
                        "{\"x\": 4}\n".getBytes(StandardCharsets.UTF_8),
                        "c.csv",
                        "y\nq\n".getBytes(StandardCharsets.UTF_8)));
        Reply splits = ok("/splits?dataset=jebena/rows");
        assertThat(splits.at("splits"))
                .isEqualTo(
                        List.of(
                                Map.of(
                                        "dataset",
                                        "jebena/rows",
                                        "config",
                                        "small",
                                        "split",
                                        "train"),
                                Map.of(
                                        "dataset",
                                        "jebena/rows",
                                        "config",
                                        "small",
                                        "split",
                                        "test"),
                                Map.of(
                                        "dataset",
                                        "jebena/rows",
                                        "config",
                                        "other",
                                        "split",
                                        "train")));
        Reply small = ok("/splits?dataset=jebena/rows&config=small");
        assertThat((List<?>) small.at("splits")).hasSize(2);
        Reply size = ok("/size?dataset=jebena/rows");
        assertThat(size.at("size.dataset.num_rows")).isEqualTo(5L);
        assertThat(size.at("size.configs.0.num_rows")).isEqualTo(4L);
        assertThat(size.at("size.splits.1.num_rows")).isEqualTo(1L);
        assertThat(ok("/size?dataset=jebena/rows&config=other").at("size.config.num_columns"))
                .isEqualTo(1L);
        Reply info = ok("/info?dataset=jebena/rows&config=small");
        assertThat(info.at("dataset_info.splits.train.num_examples")).isEqualTo(3L);
        assertThat(info.at("dataset_info.features.x.dtype")).isEqualTo("int64");
        assertThat(ok("/info?dataset=jebena/rows").at("dataset_info.other.config_name"))
                .isEqualTo("other");
        refused("/rows?dataset=jebena/rows&config=none&split=train", 404, "ConfigNotFoundError");
        refused("/rows?dataset=jebena/rows&config=small&split=dev", 404, "SplitNotFoundError");
        assertThat(ok("/is-valid?dataset=jebena/rows").at("viewer")).isEqualTo(true);
    }

    @Test
    void wrongRequestsAreRefusedWithTheViewersCodes() {
        commit("train.csv", "a\n1\n");
        refused("/rows?config=default&split=train", 422, "MissingRequiredParameter");
        refused("/rows?dataset=jebena/rows&split=train", 422, "MissingRequiredParameter");
        refused("/rows?dataset=jebena/rows&config=default", 422, "MissingRequiredParameter");
        refused("/rows?" + WHERE + "&length=101", 422, "InvalidParameter");
        refused("/rows?" + WHERE + "&length=-1", 422, "InvalidParameter");
        refused("/rows?" + WHERE + "&offset=x", 422, "InvalidParameter");
        refused("/rows?" + WHERE + "&offset=99999999999999999999", 422, "InvalidParameter");
        refused("/rows?" + WHERE + "&revision=nowhere", 404, "RevisionNotFound");
        refused("/splits?dataset=jebena/none", 404, "ExternalAuthenticatedError");
        refused("/splits?dataset=..%2F..", 404, "ExternalAuthenticatedError");
        refused("/filter?" + WHERE, 422, "MissingRequiredParameter");
        refused("/filter?" + WHERE + "&where=b%3D1", 422, "InvalidParameter");
        refused("/search?" + WHERE, 422, "MissingRequiredParameter");
    }

    @Test
    void privateAndGatedDataSetsNeedAToken() {
        commit("train.csv", "a\n1\n");
        hub.create("hidden", "type", "dataset", "private", true);
        commit("jebena/hidden", Map.of("train.csv", "a\n1\n".getBytes(StandardCharsets.UTF_8)));
        hub.as("");
        for (String path :
                List.of("rows", "first-rows", "splits", "size", "info", "parquet", "statistics")) {
            refused(
                    "/" + path + "?dataset=jebena/hidden&config=default&split=train",
                    401,
                    "ExternalUnauthenticatedError");
        }
        assertThat(hub.get("/api/datasets/jebena/hidden/parquet").status()).isEqualTo(401);
        ok("/rows?" + WHERE);
        hub.as(HubServer.TOKEN);
        ok("/rows?dataset=jebena/hidden&config=default&split=train");
        hub.send(
                "PUT",
                "/api/datasets/jebena/rows/settings",
                HttpJson.bytes(HttpJson.object("gated", "manual")),
                "Content-Type",
                "application/json");
        ok("/rows?" + WHERE);
        hub.as("");
        refused("/rows?" + WHERE, 401, "ExternalUnauthenticatedError");
        refused("/is-valid?" + WHERE, 401, "ExternalUnauthenticatedError");
    }

    @Test
    void columnsAreDescribed() {
        commit("train.csv", numbers(1_000));
        Reply reply = ok("/statistics?" + WHERE);
        assertThat(reply.at("num_examples")).isEqualTo(1000L);
        assertThat(reply.at("partial")).isEqualTo(false);
        assertThat(reply.at("statistics.0.column_type")).isEqualTo("int");
        assertThat(reply.at("statistics.0.column_statistics.min")).isEqualTo(0L);
        assertThat(reply.at("statistics.0.column_statistics.max")).isEqualTo(999L);
        assertThat(reply.at("statistics.0.column_statistics.mean")).isEqualTo(499.5);
        assertThat(reply.at("statistics.0.column_statistics.median")).isEqualTo(499.5);
        assertThat(reply.at("statistics.0.column_statistics.histogram.hist"))
                .isEqualTo(Collections.nCopies(10, 100L));
        assertThat(reply.at("statistics.0.column_statistics.histogram.bin_edges"))
                .isEqualTo(List.of(0L, 100L, 200L, 300L, 400L, 500L, 600L, 700L, 800L, 900L, 999L));
        assertThat(reply.at("statistics.1.column_type")).isEqualTo("string_label");
        assertThat(reply.at("statistics.1.column_statistics.n_unique")).isEqualTo(7L);
        assertThat(reply.at("statistics.1.column_statistics.frequencies.name 0")).isEqualTo(143L);
        assertThat(reply.at("statistics.2.column_statistics.frequencies"))
                .isEqualTo(Map.of("True", 500L, "False", 500L));
    }

    @Test
    void wordsAndConditionsFindRows() {
        commit("train.csv", numbers(1_000));
        Reply found = ok("/search?" + WHERE + "&query=NAME%203&offset=2&length=2");
        assertThat(found.at("num_rows_total")).isEqualTo(143L);
        assertThat(found.at("rows.0.row_idx")).isEqualTo(17L);
        String where = "%22n%22%3E%3D10%20AND%20name%3D'name%201'%20AND%20NOT%20good%3Dtrue";
        Reply filtered = ok("/filter?" + WHERE + "&where=" + where);
        assertThat(filtered.at("rows.0.row.n")).isEqualTo(15L);
        assertThat(filtered.at("num_rows_total")).isEqualTo(71L);
    }

    @Test
    void longCellsOfAPageAreCutAndNamed() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            lines.append(HttpJson.text(HttpJson.object("id", i, "text", "x".repeat(50_000))));
            lines.append('\n');
        }
        commit("train.jsonl", lines.toString());
        Reply first = ok("/first-rows?" + WHERE);
        assertThat(first.at("truncated")).isEqualTo(true);
        assertThat(first.at("rows.0.truncated_cells")).isEqualTo(List.of("text"));
        assertThat((String) first.at("rows.0.row.text")).hasSize(100);
        assertThat(first.bytes().length).isLessThan(300_000);
        Reply whole = ok("/rows?" + WHERE);
        assertThat(whole.at("rows.29.truncated_cells")).isEqualTo(List.of());
        assertThat((String) whole.at("rows.29.row.text")).hasSize(50_000);
    }

    @Test
    void picturesHaveAddressesThatCarryTheirRight() {
        byte[] png = Base64.getDecoder().decode(PNG);
        hub.create("pictures", "type", "dataset", "private", true);
        commit("jebena/pictures", Map.of("train/cat/1.png", png, "train/dog/2.png", png));
        Reply rows = ok("/rows?dataset=jebena/pictures&config=default&split=train");
        assertThat(rows.at("rows.0.row.image.width")).isEqualTo(2L);
        assertThat(rows.at("rows.0.row.image.height")).isEqualTo(3L);
        assertThat(rows.at("rows.1.row.label")).isEqualTo(1L);
        String source = (String) rows.at("rows.1.row.image.src");
        hub.as("");
        Reply picture = hub.get(source);
        assertThat(picture.status()).isEqualTo(200);
        assertThat(picture.header("Content-Type")).isEqualTo("image/png");
        assertThat(picture.bytes()).isEqualTo(png);
        String other = source.replace("/1/image/", "/0/image/");
        assertThat(other).isNotEqualTo(source);
        assertThat(hub.get(other).status()).isEqualTo(401);
        assertThat(hub.get(source.replaceFirst("\\?.*", "")).status()).isEqualTo(401);
    }

    @Test
    void parquetFilesAreListedAndOthersBecomeSome() throws IOException {
        commit("train.csv", numbers(100));
        Reply listed = ok("/api/datasets/jebena/rows/parquet");
        String address = (String) ((List<?>) listed.at("default.train")).getFirst();
        assertThat(address).endsWith("/api/datasets/jebena/rows/parquet/default/train/0.parquet");
        Path copy = folder.resolve("copy.parquet");
        Files.write(copy, hub.get(address).bytes());
        Dataset data = Dataset.load(copy.toString());
        assertThat(data.count()).isEqualTo(100);
        assertThat(data.row(99).text("name")).isEqualTo("name 1");
        Reply shown = ok("/parquet?dataset=jebena/rows");
        assertThat(shown.at("parquet_files.0.url")).isEqualTo(address);
        assertThat(shown.at("parquet_files.0.size")).isEqualTo(Files.size(copy));
        Reply part = hub.get(address, "Range", "bytes=0-3");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo("PAR1");
        assertThat(hub.get(address.replace("0.parquet", "1.parquet")).status()).isEqualTo(404);

        hub.create("own", "type", "dataset");
        commit("jebena/own", Map.of("data/train-00000-of-00001.parquet", Files.readAllBytes(copy)));
        Reply own = ok("/parquet?dataset=jebena/own");
        assertThat((String) own.at("parquet_files.0.url"))
                .contains("/datasets/jebena/own/resolve/")
                .endsWith("/data/train-00000-of-00001.parquet");
        assertThat(hub.get("/api/datasets/jebena/own/parquet/default/train/0.parquet").status())
                .isEqualTo(302);
        Reply row = ok("/rows?dataset=jebena/own&config=default&split=train&offset=98&length=1");
        assertThat(row.at("rows.0.row.n")).isEqualTo(98L);
    }

    @Test
    void everyFormatIsReadFromTheHub() throws IOException {
        List<Map<String, ? extends @Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            rows.add(HttpJson.object("n", i, "text", "row " + i));
        }
        Dataset data = Dataset.of(rows);
        for (String ending : List.of("csv", "tsv", "json", "jsonl", "parquet", "arrow", "arrows")) {
            hub.create("as-" + ending, "type", "dataset");
            Path file = folder.resolve("train." + ending);
            DatasetWriter.write(data, file, dev.jebena.base.ProgressListener.none());
            commit("jebena/as-" + ending, Map.of("train." + ending, Files.readAllBytes(file)));
            String where = "?dataset=jebena/as-" + ending + "&config=default&split=train";
            Reply reply = ok("/rows" + where + "&offset=2500&length=2");
            assertThat(reply.at("rows.1.row"))
                    .as(ending)
                    .isEqualTo(Map.of("n", 2501L, "text", "row 2501"));
            assertThat(reply.at("num_rows_total")).as(ending).isEqualTo(3_000L);
        }
    }

    @Test
    void damagedFilesAreOneClearRefusal() {
        commit("train.parquet", "PAR1 this is none PAR1");
        refused("/rows?" + WHERE, 422, "FeaturesError");
        assertThat(ok("/is-valid?dataset=jebena/rows").at("preview")).isEqualTo(false);
        hub.create("later", "type", "dataset");
        commit(
                "jebena/later",
                Map.of(
                        "train.jsonl",
                        ("{\"a\": 1}\n".repeat(20_000) + "{\"a\": \n")
                                .getBytes(StandardCharsets.UTF_8)));
        String where = "dataset=jebena/later&config=default&split=train";
        assertThat((List<?>) ok("/rows?" + where).at("rows")).hasSize(100);
        refused("/rows?" + where + "&offset=19990", 422, "StreamingRowsError");
        refused("/statistics?" + where, 422, "StreamingRowsError");
        hub.create("nothing", "type", "dataset");
        refused(
                "/rows?dataset=jebena/nothing&config=default&split=train",
                422,
                "EmptyDatasetError");
    }
}
