package dev.jebena.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Rows, splits and statistics are those of `datasets`, pyarrow and pandas.
class GoldenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "table-none.parquet",
                "table-snappy.parquet",
                "table-gzip.parquet",
                "table-zstd.parquet",
                "table-lz4.parquet",
                "table-v2.parquet",
                "table-plain.arrow",
                "table-lz4.arrow",
                "table-zstd.arrow",
                "table-stream.arrow"
            })
    void columnarFilesHaveTheRowsOfPyarrow(String name) {
        assertThat(Golden.rows(Golden.load(name))).isEqualTo(Golden.expected("table"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"words.arrow", "words-stream.arrow"})
    void arrowsRarerTypesHaveTheRowsOfPyarrow(String name) {
        assertThat(Golden.rows(Golden.load(name))).isEqualTo(Golden.expected("words"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"people.tsv", "events.jsonl", "list.json", "lines.txt"})
    void textFilesHaveTheRowsOfDatasets(String name) {
        assertThat(Golden.rows(Golden.load(name))).isEqualTo(Golden.expected(name));
    }

    @Test
    void wholeNumbersOfCsvStayWholeWhereSomeAreMissing() {
        // pandas makes fractions of them: 31.0.
        List<Object> rows =
                Golden.rows(
                        Golden.load("people.csv")
                                .map(row ->
                                        row.with(
                                                "age",
                                                row.get("age") instanceof Long n
                                                        ? (Object) n.doubleValue()
                                                        : null)));
        assertThat(rows).isEqualTo(Golden.expected("people.csv"));
        assertThat(Golden.load("people.csv").features())
                .hasToString(
                        "name: string, age: int64, height: float64, member: bool, note: string,"
                                + " mixed: string");
    }

    @Test
    void aListInAFieldOfAJsonFileHasTheRowsOfDatasets() {
        Dataset data =
                Dataset.load(
                        Golden.file("field.json").toString(), LoadOptions.defaults().field("data"));
        assertThat(Golden.rows(data)).isEqualTo(Golden.expected("field.json"));
    }

    @Test
    void webDatasetArchivesHaveTheRowsOfDatasets() {
        Dataset data = Golden.load("shard.tar").map(row -> row.with("__url__", "shard.tar"));
        assertThat(Golden.rows(data)).isEqualTo(Golden.expected("shard.tar"));
        assertThat(data.features().type("png")).isEqualTo(FeatureType.IMAGE);
    }

    @Test
    void picturesOfAFolderHaveTheLabelsOfDatasets() {
        Dataset data = Golden.load("animals");
        assertThat(((FeatureType.ClassLabel) data.features().type("label")).names())
                .containsExactly("cat", "dog");
        assertThat(data.rows(0, 9).stream().map(row -> (int) row.integer("label")).toList())
                .containsExactly(0, 1);
        assertThat(Golden.json("animals").toString())
                .isEqualTo("{\"names\":[\"cat\",\"dog\"],\"labels\":[0,1]}");
        assertThat(data.row(1).bytes("image")).startsWith(0x89, 'P', 'N', 'G');
        assertThat(data.row(1).label("label")).isEqualTo("dog");
    }

    @Test
    void parquetFilesOfDatasetsKeepTheirLabels() {
        Dataset data = Golden.load("labelled.parquet");
        assertThat(data.rows(0, 2).stream().map(row -> row.label("label")).toList())
                .containsExactly("pos", "neg");
    }

    @Test
    void webArchivesHaveARowForEachRecord() {
        List<Row> rows = Golden.load("pages.warc.gz").rows(0, 9);
        assertThat(rows).hasSize(3);
        assertThat(rows.get(2).text("url")).isEqualTo("http://example.org/2");
        assertThat(rows.get(2).integer("status")).isEqualTo(200);
        assertThat(rows.get(2).text("content_type")).isEqualTo("text/html");
        assertThat(rows.get(2).bytes("body")).asString().isEqualTo("<p>2</p>");
        assertThat(rows.get(2).get("date")).hasToString("2020-01-01T00:00:00Z");
    }

    @Test
    void splitsAreThoseThatDatasetsSees() {
        for (JsonNode wanted : Golden.json("splits")) {
            List<String> files = texts(wanted.path("files"));
            Map<String, List<String>> expected = new TreeMap<>();
            wanted.path("splits").forEachEntry((split, of) -> expected.put(split, texts(of)));
            Map<String, List<String>> splits = new TreeMap<>(Splits.byName(files));
            splits.replaceAll((_, names) -> names.stream().sorted().toList());
            assertThat(splits).as("of %s", files).isEqualTo(expected);
        }
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }

    @Test
    void numbersOfStatisticsAreThoseOfPandas() {
        JsonNode expected = Golden.json("numbers").path("columns");
        for (ColumnStatistics column : Golden.load("numbers.csv").statistics().columns()) {
            JsonNode wanted = expected.path(column.name());
            ColumnStatistics.Numbers numbers = Objects.requireNonNull(column.numbers());
            assertThat(numbers.count()).isEqualTo(wanted.path("count").asLong());
            assertThat(numbers.min()).isEqualTo(wanted.path("min").asDouble());
            assertThat(numbers.max()).isEqualTo(wanted.path("max").asDouble());
            assertThat(numbers.mean()).isCloseTo(wanted.path("mean").asDouble(), within());
            assertThat(numbers.std()).isCloseTo(wanted.path("std").asDouble(), within());
            assertThat(numbers.quantiles().values())
                    .containsExactlyElementsOf(
                            wanted.path("quantiles")
                                    .valueStream()
                                    .map(JsonNode::asDouble)
                                    .toList());
            assertThat(Arrays.stream(numbers.histogram()).sum()).isEqualTo(numbers.count());
        }
    }

    private static org.assertj.core.data.Percentage within() {
        return org.assertj.core.data.Percentage.withPercentage(1e-9);
    }

    @Test
    void partsHaveTheSizesOfDatasets() {
        Golden.json("numbers")
                .path("split")
                .forEachEntry((key, wanted) -> {
                    String[] words = key.split(" ");
                    TrainTestSplit parts =
                            Numbers.upTo(Integer.parseInt(words[0]))
                                    .trainTestSplit(Double.parseDouble(words[1]), 1);
                    assertThat("[%d,%d]".formatted(passed(parts.train()), passed(parts.test())))
                            .as(key)
                            .isEqualTo(wanted.toString());
                });
    }

    private static int passed(Dataset data) {
        int rows = 0;
        for (Row _ : data) {
            rows++;
        }
        assertThat(data.size()).hasValue(rows);
        return rows;
    }
}
