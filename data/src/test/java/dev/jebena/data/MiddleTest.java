package dev.jebena.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows in the middle of files.
class MiddleTest {
    private static final int ROWS = 20_000;

    @TempDir Path folder;

    /// Counts what is read of a file.
    private record Counted(DataFile file, boolean isNear, AtomicLong bytes) implements DataFile {
        @Override
        public String name() {
            return file.name();
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public @Nullable Path path() {
            return null;
        }

        @Override
        public InputStream open(long offset) throws IOException {
            return new java.io.FilterInputStream(file.open(offset)) {
                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    int count = super.read(into, from, length);
                    bytes.addAndGet(Math.max(0, count));
                    return count;
                }
            };
        }

        @Override
        public ByteBuffer range(long offset, int length) throws IOException {
            bytes.addAndGet(length);
            return file.range(offset, length);
        }
    }

    private Dataset counted(Path file, AtomicLong bytes) {
        DataFile counted = new Counted(DataFile.of(file, "train" + file), true, bytes);
        LoadOptions options = LoadOptions.defaults();
        List<DataFile> files = List.of(counted);
        return Loading.open("it", Loading.grouped("it", files, options), options);
    }

    private static Dataset numbers() {
        List<Map<String, ? extends @Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(Map.of("n", (long) i, "text", "row \"" + i + "\",\nand [more] {\\ of it"));
        }
        return Dataset.of(rows);
    }

    @Test
    void theSecondTimeAlmostNothingIsRead() throws IOException {
        Dataset numbers = numbers();
        for (String ending : List.of("csv", "tsv", "json", "jsonl", "arrow", "arrows")) {
            Path file = folder.resolve("rows." + ending);
            DatasetWriter.write(numbers, file, ProgressListener.none());
            AtomicLong bytes = new AtomicLong();
            Dataset data = counted(file, bytes);
            for (long at : new long[] {19_990, 7_000, 12_345, 0, 1_000, 19_999, 20_000}) {
                List<Row> rows = data.rows(at, 5);
                assertThat(rows).as("%s from %d", ending, at).hasSize((int) Math.min(5, ROWS - at));
                for (int i = 0; i < rows.size(); i++) {
                    assertThat(rows.get(i).integer("n")).as(ending).isEqualTo(at + i);
                }
            }
            bytes.set(0);
            assertThat(data.rows(15_000, 1).getFirst().integer("n")).isEqualTo(15_000);
            assertThat(bytes.get()).as(ending).isLessThan(Files.size(file) / 2);
            assertThat(data.count()).as(ending).isEqualTo(ROWS);
        }
    }

    @Test
    void arrowFilesAreMixedWhole() throws IOException {
        Path file = folder.resolve("rows.arrow");
        DatasetWriter.write(numbers(), file, ProgressListener.none());
        Dataset data = Dataset.load(file.toString());
        assertThat(data.isIndexed()).isTrue();
        assertThat(data.row(17_171).integer("n")).isEqualTo(17_171);
        assertThatThrownBy(() -> data.row(ROWS)).hasMessageContaining("no row 20,000 of 20,000");
        List<Long> mixed = Numbers.of(data.shuffle(3));
        assertThat(mixed).hasSize(ROWS).doesNotHaveDuplicates();
        assertThat(mixed.subList(0, 100).stream().anyMatch(n -> n > 15_000)).isTrue();
    }

    /// Text of everything that matters to CSV.
    private static String hostile(Random random) {
        StringBuilder text = new StringBuilder("n,text\n");
        int rows = 1_000 + random.nextInt(400);
        String signs = "\"\",\n\r\n x;é";
        for (int i = 0; i < rows; i++) {
            text.append(i).append(',');
            boolean quoted = random.nextBoolean();
            text.append(quoted ? "\"" : "");
            for (int k = random.nextInt(6); k > 0; k--) {
                char c = signs.charAt(random.nextInt(signs.length()));
                boolean breaks = c == ',' || c == '\n' || c == '\r';
                text.append(
                        quoted ? (c == '"' ? "\"\"" : "" + c) : breaks || c == '"' ? "y" : "" + c);
            }
            text.append(quoted ? "\"" : "");
            text.append(
                    switch (random.nextInt(4)) {
                        case 0 -> "\r\n";
                        case 1 -> "\n\n";
                        case 2 -> "\n\n\r\n";
                        default -> "\n";
                    });
        }
        return (random.nextBoolean() ? "\ufeff" : "") + text;
    }

    @Test
    void recordsOfCsvAreFoundAsTheyAreRead() throws IOException {
        for (int seed = 0; seed < Integer.getInteger("jebena.fuzz.cases", 2_000) / 100; seed++) {
            Random random = new Random(seed);
            Path file = folder.resolve(seed + ".csv");
            Files.write(file, hostile(random).getBytes(StandardCharsets.UTF_8));
            Dataset data = Dataset.load(file.toString());
            List<Row> all = data.rows(0, Integer.MAX_VALUE);
            for (int skip : new int[] {1_000, all.size() - 1, all.size(), 1_024}) {
                assertThat(data.rows(skip, 10))
                        .as("seed %d, row %d", seed, skip)
                        .isEqualTo(
                                all.subList(
                                        Math.min(skip, all.size()),
                                        Math.min(skip + 10, all.size())));
            }
        }
    }

    @Test
    void conditionsAreThoseOfSql() {
        Dataset data =
                Dataset.of(
                        List.of(
                                Map.of("age", 30L, "name", "O'Hara", "ok", true),
                                Map.of("age", 31L, "name", "100%", "ok", false),
                                nulls()));
        for (Map.Entry<String, Long> one :
                Map.of(
                                "age>30 OR name='O''Hara'", 2L,
                                "age <> 30", 1L,
                                "NOT age = 30", 1L,
                                "age IS NULL", 1L,
                                "\"age\" is not null and (ok = true or age > 3e1)", 2L,
                                "name LIKE '1%%'", 1L,
                                "name NOT LIKE '_''%'", 1L,
                                "age IN (30, 31, 32) AND NOT ok = false", 1L,
                                "age <= 30.5", 1L,
                                "name = 'none' OR age IS NULL", 1L)
                        .entrySet()) {
            Dataset found = data.filter(Where.parse(one.getKey(), data.features()));
            assertThat(found.count()).as(one.getKey()).isEqualTo(one.getValue());
            try (SqlResult judge = data.sql("SELECT * FROM data WHERE " + one.getKey())) {
                long rows = 0;
                while (judge.next() != null) {
                    rows++;
                }
                assertThat(rows).as(one.getKey()).isEqualTo(one.getValue());
            }
        }
        for (Map.Entry<String, String> one :
                Map.of(
                                "ag = 1",
                                "did you mean 'age'",
                                "age = 'x'",
                                "the column 'age' is int64",
                                "age",
                                "=, <>",
                                "age = 1 name = 'x'",
                                "at 'name = 'x'': here AND, OR or the end",
                                "age = 1; DROP TABLE data",
                                "this is no name",
                                "(age = 1",
                                "')'",
                                "",
                                "the name of a column",
                                "(".repeat(5_000),
                                "nested too deeply",
                                "NOT ".repeat(5_000) + "ok = true",
                                "nested too deeply")
                        .entrySet()) {
            assertThatThrownBy(() -> Where.parse(one.getKey(), data.features()))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining(one.getValue());
        }
    }

    private static Map<String, Object> nulls() {
        Map<String, Object> row = new java.util.HashMap<>();
        row.put("name", null);
        row.put("age", null);
        row.put("ok", null);
        return row;
    }
}
