package dev.jebena.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        Map<?, ?> expected = (Map<?, ?>) Golden.expected("animals");
        assertThat(((FeatureType.ClassLabel) data.features().type("label")).names())
                .isEqualTo(expected.get("names"));
        assertThat(data.rows(0, 9).stream().map(row -> (int) row.integer("label")).toList())
                .isEqualTo(expected.get("labels"));
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
        for (Object one : (List<?>) Golden.expected("splits")) {
            Map<?, ?> wanted = (Map<?, ?>) one;
            List<String> files =
                    ((List<?>) wanted.get("files")).stream().map(String::valueOf).toList();
            Map<String, List<String>> splits = new java.util.TreeMap<>(Splits.byName(files));
            splits.replaceAll((_, names) -> names.stream().sorted().toList());
            assertThat(splits).as("of %s", files).isEqualTo(wanted.get("splits"));
        }
    }

    @Test
    void numbersOfStatisticsAreThoseOfPandas() {
        Map<?, ?> expected = (Map<?, ?>) Golden.expected("numbers");
        for (ColumnStatistics column : Golden.load("numbers.csv").statistics().columns()) {
            Map<?, ?> wanted = (Map<?, ?>) ((Map<?, ?>) expected.get("columns")).get(column.name());
            ColumnStatistics.Numbers numbers = column.numbers();
            assertThat((int) numbers.count()).isEqualTo(wanted.get("count"));
            assertThat(numbers.min()).isEqualTo(wanted.get("min"));
            assertThat(numbers.max()).isEqualTo(wanted.get("max"));
            assertThat(numbers.mean()).isCloseTo((double) wanted.get("mean"), within());
            assertThat(numbers.std()).isCloseTo((double) wanted.get("std"), within());
            assertThat(List.copyOf(numbers.quantiles().values()))
                    .isEqualTo(wanted.get("quantiles"));
            assertThat(java.util.Arrays.stream(numbers.histogram()).sum())
                    .isEqualTo(numbers.count());
        }
    }

    private static org.assertj.core.data.Percentage within() {
        return org.assertj.core.data.Percentage.withPercentage(1e-9);
    }

    @Test
    void partsHaveTheSizesOfDatasets() {
        Map<?, ?> sizes = (Map<?, ?>) ((Map<?, ?>) Golden.expected("numbers")).get("split");
        sizes.forEach((key, wanted) -> {
            String[] words = key.toString().split(" ");
            TrainTestSplit parts =
                    Numbers.upTo(Integer.parseInt(words[0]))
                            .trainTestSplit(Double.parseDouble(words[1]), 1);
            assertThat(List.of(passed(parts.train()), passed(parts.test())))
                    .as(key.toString())
                    .isEqualTo(wanted);
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
