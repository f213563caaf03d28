package dev.jebena.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `jebena data` over files.
class DataCommandTest {
    @TempDir Path folder;
    private String csv = "";

    @BeforeEach
    void reviews() throws IOException {
        Path file = folder.resolve("reviews.csv");
        Files.writeString(file, "text,stars\ngood,5\nbad,1\nvery good,5\nfine,\n");
        csv = file.toString();
    }

    @Test
    void headShowsTheFirstRows() {
        CommandRun run = CommandRun.of("data", "head", csv, "-n", "2");
        assertThat(run).isEqualTo(new CommandRun(0, "text   stars\ngood   5\nbad    1\n", ""));
        assertThat(CommandRun.of("data", "head", csv, "--skip", "3", "--json").out())
                .isEqualTo("{\"text\":\"fine\",\"stars\":null}\n");
        assertThat(CommandRun.of("data", "head", csv, "--columns", "stars", "-n", "1").out())
                .isEqualTo("stars\n5\n");
    }

    @Test
    void infoNamesSplitsAndColumns() {
        CommandRun run = CommandRun.of("data", "info", folder.toString());
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("csv", "train   1       42 B   not known", "stars    int64");
        assertThat(CommandRun.of("data", "info", csv, "--json").out())
                .contains("\"stars\":{\"dtype\":\"int64\",\"_type\":\"Value\"}");
    }

    @Test
    void statisticsDescribeEachColumn() {
        CommandRun run = CommandRun.of("data", "stats", csv);
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .containsPattern("stars +int64 +1 +2 +1 +5 +5 +3\\.667 +2\\.309")
                .contains("stars:  5 2  1 1", "4 rows");
        assertThat(CommandRun.of("data", "stats", csv, "--json").out())
                .contains(
                        "\"nulls\":1",
                        "\"bin_edges\":[1.0,2.0,3.0,4.0,5.0,5.0],\"hist\":[1,0,0,0,2]");
    }

    @Test
    void queriesAskTheTableData() {
        assertThat(
                        CommandRun.of(
                                        "data",
                                        "sql",
                                        csv,
                                        "SELECT stars, count(*) AS n FROM data GROUP BY 1 ORDER BY 1",
                                        "--json")
                                .out())
                .isEqualTo(
                        "{\"stars\":1,\"n\":1}\n{\"stars\":5,\"n\":2}\n{\"stars\":null,\"n\":1}\n");
        CommandRun wrong = CommandRun.of("data", "sql", csv, "SELECT star FROM data");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err()).startsWith("jebena: SQL: Binder Error").doesNotContain("\tat ");
    }

    @Test
    void convertedFilesHoldTheSameRows() {
        for (String ending : new String[] {"parquet", "arrow", "arrows", "jsonl", "json", "tsv"}) {
            Path to = folder.resolve("out").resolve("reviews." + ending);
            CommandRun run = CommandRun.of("data", "convert", csv, to.toString());
            assertThat(run.status()).as(run.err()).isZero();
            assertThat(run.out()).startsWith(to + ": 4 rows");
            assertThat(CommandRun.of("data", "head", to.toString(), "--json").out())
                    .isEqualTo(CommandRun.of("data", "head", csv, "--json").out());
        }
        assertThat(CommandRun.of("data", "convert", csv, "x.warc").err()).contains("cannot write");
        Path there = folder.resolve("out/reviews.json");
        assertThat(CommandRun.of("data", "convert", csv, there.toString()).err())
                .isEqualTo("jebena: " + there + " is there already\n        --force replaces it\n");
    }

    @Test
    void errorsSayWhereAndWhatToDo() throws IOException {
        assertThat(CommandRun.of("data", "head", "nothing.csv").err())
                .isEqualTo(
                        """
                        jebena: there is no file or folder nothing.csv
                                a data set of a hub is named ORG/NAME
                        """);
        Files.writeString(Path.of(csv), "a,b\n1,2\n3,4,5\n");
        assertThat(CommandRun.of("data", "head", csv).err())
                .isEqualTo(
                        "jebena: %s, line 3: 3 fields where the first line has 2\n".formatted(csv)
                                + "        is a separator within a field that is not in quotes?\n");
        assertThat(CommandRun.of("data", "head", csv, "--split", "tst").err())
                .contains("has no split 'tst'");
        assertThat(CommandRun.of("data", "head", csv, "--type", "a=strng").err())
                .contains("did you mean string?");
        assertThat(CommandRun.of("data", "head").status()).isEqualTo(2);
    }
}
