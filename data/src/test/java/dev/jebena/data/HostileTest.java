package dev.jebena.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jebena.base.Problem;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Damaged files of every format: rows, or one problem that names the file; nothing else, and soon.
class HostileTest {
    private static final int CASES = Integer.getInteger("jebena.fuzz.cases", 2_000);

    private static final DataLimits LIMITS =
            DataLimits.defaults().recordBytes(1 << 20).blockBytes(4 << 20).fileBytes(16 << 20);

    private static final List<String> FILES =
            List.of(
                    "people.csv",
                    "people.tsv",
                    "numbers.csv",
                    "events.jsonl",
                    "field.json",
                    "list.json",
                    "lines.txt",
                    "table-none.parquet",
                    "table-snappy.parquet",
                    "table-gzip.parquet",
                    "table-zstd.parquet",
                    "table-lz4.parquet",
                    "table-v2.parquet",
                    "labelled.parquet",
                    "table-plain.arrow",
                    "table-lz4.arrow",
                    "table-zstd.arrow",
                    "table-stream.arrow",
                    "words.arrow",
                    "words-stream.arrow",
                    "shard.tar",
                    "pages.warc.gz",
                    "animals/train/cat/cat.png");

    private record InMemory(String name, byte[] bytes, boolean isNear) implements DataFile {
        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public @Nullable Path path() {
            return null;
        }

        @Override
        public InputStream open(long offset) {
            int from = Math.clamp(offset, 0, bytes.length);
            return new ByteArrayInputStream(bytes, from, bytes.length - from);
        }

        @Override
        public ByteBuffer range(long offset, int length) throws IOException {
            if (offset < 0 || length < 0 || offset > bytes.length - length) {
                throw new EOFException("it ends at byte " + bytes.length);
            }
            return ByteBuffer.wrap(bytes, (int) offset, length).slice();
        }
    }

    private static Dataset open(DataFile file) {
        LoadOptions options = LoadOptions.defaults().limits(LIMITS);
        return Loading.open("it", Loading.grouped("it", List.of(file), options), options);
    }

    private static byte[] mutated(byte[] whole, Random random) {
        byte[] bytes =
                random.nextInt(8) == 0
                        ? java.util.Arrays.copyOf(whole, random.nextInt(whole.length + 1))
                        : whole.clone();
        for (int i = random.nextInt(6); i >= 0 && bytes.length > 0; i--) {
            // The ends are where formats say how long things are.
            int span = random.nextBoolean() ? bytes.length : Math.min(300, bytes.length);
            int at = random.nextInt(span);
            at = random.nextBoolean() ? at : bytes.length - 1 - at;
            bytes[at] =
                    switch (random.nextInt(4)) {
                        case 0 -> (byte) random.nextInt();
                        case 1 -> (byte) (bytes[at] ^ 1 << random.nextInt(8));
                        case 2 -> (byte) 0xff;
                        default -> (byte) (bytes[at] + 1 - random.nextInt(3));
                    };
        }
        return bytes;
    }

    @Test
    void damageIsRowsOrOneProblem() throws IOException {
        int each = Math.max(5, CASES / FILES.size());
        for (String name : FILES) {
            byte[] whole = Files.readAllBytes(Golden.file(name));
            for (int seed = 0; seed < each; seed++) {
                Random random = new Random(seed);
                byte[] bytes = mutated(whole, random);
                long start = System.nanoTime();
                try {
                    Dataset data = open(new InMemory(name, bytes, random.nextBoolean()));
                    try (RowCursor rows = data.open()) {
                        rows.skip(random.nextInt(3));
                        for (int i = 0; i < 1_000 && rows.next() != null; i++) {
                            // Reading is what is tested.
                        }
                    }
                } catch (Problem e) {
                    assertThat(e.code())
                            .as("%s, seed %d: %s", name, seed, e.getMessage())
                            .isIn(
                                    Problem.Code.BAD_FILE,
                                    Problem.Code.TOO_LARGE,
                                    Problem.Code.BAD_REQUEST);
                } catch (RuntimeException | Error e) {
                    throw new AssertionError("%s, seed %d: %s".formatted(name, seed, e), e);
                }
                assertThat(System.nanoTime() - start)
                        .as("nanoseconds for %s, seed %d", name, seed)
                        .isLessThan(20_000_000_000L);
            }
        }
    }

    /// Small files that become large ones.
    @Test
    void bombsAreRefusedBeforeTheyFillMemory() throws IOException {
        for (String name :
                List.of(
                        "a.csv.gz",
                        "a.jsonl.gz",
                        "a.txt.gz",
                        "a.txt.zst",
                        "a.txt.lz4",
                        "a.tar.gz",
                        "a.tgz",
                        "a.json.gz",
                        "a.warc.gz")) {
            for (boolean lines : new boolean[] {false, true}) {
                byte[] bytes = Bombs.of(name, lines);
                assertThat(bytes.length).as(name).isLessThan(2 << 20);
                assertThatThrownBy(() -> open(new InMemory(name, bytes, true)).count())
                        .as("%s, %s", name, lines)
                        .isInstanceOf(Problem.class);
            }
        }
    }
}
