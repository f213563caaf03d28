package dev.jebena.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineTest {
    @TempDir Path folder;

    private Path inner(String name) throws IOException {
        return Files.createDirectories(folder.resolve(name));
    }

    private static List<Long> range(int from, int to) {
        return LongStream.range(from, to).boxed().toList();
    }

    /// Every step over streams of files and over rows in memory.
    private Map<String, Dataset> pipelines() throws IOException {
        Dataset csv = Numbers.inFiles(inner("csv"), 3, 17, "csv");
        Dataset lines = Numbers.inFiles(inner("lines"), 2, 25, "jsonl");
        Dataset memory = Numbers.upTo(40);
        Map<String, Dataset> all = new LinkedHashMap<>();
        all.put("csv", csv);
        all.put("lines", lines);
        all.put("memory", memory);
        all.put("arrow", Golden.load("table-plain.arrow").select("i64").rename("i64", "n"));
        all.put("stream", Golden.load("table-stream.arrow").select("i64").rename("i64", "n"));
        all.put("parquet", Golden.load("table-zstd.parquet").select("i64").rename("i64", "n"));
        all.put("map", csv.map(row -> row.with("n", row.integer("n") * 2)));
        all.put("filter", lines.filter(row -> row.integer("n") % 3 == 0));
        all.put("slice", csv.skip(5).take(31));
        all.put("shuffle", lines.shuffle(3, 7));
        all.put("permute", memory.shuffle(3));
        all.put("shard", csv.shard(4, 1));
        all.put("test", csv.trainTestSplit(0.3, 9).test());
        all.put("concatenate", Dataset.concatenate(csv, lines, memory));
        all.put("turns", Dataset.interleave(Interleaving.turns(), csv, lines));
        all.put(
                "drawn",
                Dataset.interleave(
                        Interleaving.drawn(5, 0.7, 0.3).untilAllEnd(true), lines, memory));
        all.put(
                "all of it",
                Dataset.interleave(
                                Interleaving.turns(),
                                csv.filter(row -> row.integer("n") != 4).shuffle(8, 5),
                                memory.shuffle(2).take(30))
                        .map(row -> row.with("n", row.integer("n") + 1))
                        .skip(3));
        return all;
    }

    @Test
    void everyPassCanBeLeftAtAnyRowAndGoneOnWith() throws IOException {
        for (Map.Entry<String, Dataset> one : pipelines().entrySet()) {
            Dataset data = one.getValue();
            List<Long> whole = Numbers.of(data);
            assertThat(whole).as(one.getKey()).isNotEmpty().isEqualTo(Numbers.of(data));
            try (RowCursor cursor = data.open()) {
                for (int at = 0; at <= whole.size(); at++) {
                    DatasetState state = DatasetState.parse(cursor.state().toString());
                    assertThat(rest(data.open(state)))
                            .as("%s from row %d, %s", one.getKey(), at, state)
                            .isEqualTo(whole.subList(at, whole.size()));
                    cursor.next();
                }
            }
        }
    }

    @Test
    void passingOverRowsGivesWhatReadingThemWould() throws IOException {
        for (Map.Entry<String, Dataset> one : pipelines().entrySet()) {
            List<Long> whole = Numbers.of(one.getValue());
            for (int skip = 0; skip <= whole.size() + 1; skip++) {
                try (RowCursor cursor = one.getValue().open()) {
                    assertThat(cursor.skip(skip))
                            .as(one.getKey())
                            .isEqualTo(Math.min(skip, whole.size()));
                    assertThat(rest(cursor))
                            .as("%s behind %d rows", one.getKey(), skip)
                            .isEqualTo(whole.subList(Math.min(skip, whole.size()), whole.size()));
                }
            }
            assertThat(one.getValue().count()).as(one.getKey()).isEqualTo(whole.size());
        }
    }

    private static List<Long> rest(RowCursor cursor) {
        List<Long> rest = new ArrayList<>();
        try (cursor) {
            Row row = cursor.next();
            while (row != null) {
                rest.add(row.integer("n"));
                row = cursor.next();
            }
        }
        return rest;
    }

    @Test
    void mixedRowsAreTheSameRowsInAnotherOrder() throws IOException {
        Dataset lines = Numbers.inFiles(folder, 4, 250, "jsonl");
        for (Dataset mixed : List.of(lines.shuffle(1, 100), Numbers.upTo(1000).shuffle(1))) {
            assertThat(Numbers.of(mixed))
                    .containsExactlyInAnyOrderElementsOf(range(0, 1000))
                    .isNotEqualTo(range(0, 1000));
        }
        assertThat(Numbers.of(lines.shuffle(1, 100)))
                .isNotEqualTo(Numbers.of(lines.shuffle(2, 100)));
    }

    @Test
    void partsForTrainingAndTestShareNoRow() throws IOException {
        TrainTestSplit parts = Numbers.inFiles(folder, 2, 50, "csv").trainTestSplit(0.2, 4);
        List<Long> both = new ArrayList<>(Numbers.of(parts.train()));
        both.addAll(Numbers.of(parts.test()));
        assertThat(both).containsExactlyInAnyOrderElementsOf(range(0, 100));
        assertThat(Numbers.of(parts.test())).hasSize(20).isNotEqualTo(range(0, 20));
    }

    @Test
    void shardsTogetherAreAllRows() {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Dataset shard = Numbers.upTo(50).shard(3, i);
            assertThat(shard.size()).hasValue(Numbers.of(shard).size());
            all.addAll(Numbers.of(shard));
        }
        assertThat(all).containsExactlyInAnyOrderElementsOf(range(0, 50));
    }

    @Test
    void interleavingEndsWithTheFirstOrWithTheLast() {
        Dataset shorter = Numbers.upTo(2);
        Dataset longer = Numbers.upTo(5);
        assertThat(Numbers.of(Dataset.interleave(Interleaving.turns(), longer, shorter)))
                .containsExactly(0L, 0L, 1L, 1L, 2L);
        assertThat(
                        Numbers.of(
                                Dataset.interleave(
                                        Interleaving.turns().untilAllEnd(true), longer, shorter)))
                .containsExactly(0L, 0L, 1L, 1L, 2L, 0L, 3L, 1L, 4L, 0L);
    }

    @Test
    void batchesGoOnWhereTheyWere() {
        Dataset data = Numbers.upTo(10);
        try (Batches batches = data.batches(4)) {
            assertThat(batches.next().column("n")).containsExactly(0L, 1L, 2L, 3L);
            assertThat(batches.hasNext()).isTrue();
            DatasetState state = batches.state();
            try (Batches again = data.batches(4, state)) {
                assertThat(again.next().column("n")).containsExactly(4L, 5L, 6L, 7L);
                assertThat(again.next().size()).isEqualTo(2);
                assertThat(again.hasNext()).isFalse();
            }
        }
    }

    @Test
    void theStateOfAnotherPipelineIsRefused() {
        Dataset data = Numbers.upTo(10);
        DatasetState state = data.shuffle(1, 3).open().state();
        assertThatThrownBy(() -> data.open(state))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("belongs to 'shuffle'");
        assertThatThrownBy(() -> DatasetState.parse("[1]")).isInstanceOf(Problem.class);
    }

    @Test
    void columnsThatAreNotThereAreNamedWithWhatMayBeMeant() {
        Dataset people = Golden.load("people.csv");
        assertThatThrownBy(() -> people.select("nme"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("there is no column 'nme'; did you mean 'name'?");
        assertThatThrownBy(() -> Numbers.of(people.map(row -> row.with("n", row.integer("age")))))
                .hasMessageContaining("column 'age' has no value in this row");
    }

    @Test
    void aMapThatChangesItsMindAboutColumnsIsRefused() {
        Dataset odd = Numbers.upTo(3).map(row -> row.integer("n") < 2 ? row : row.with("more", 1));
        assertThatThrownBy(() -> Numbers.of(odd))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("'more'");
    }
}
