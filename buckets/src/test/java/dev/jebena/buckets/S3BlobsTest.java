package dev.jebena.buckets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a real server of S3's protocol: needs the address of a bucket in `JEBENA_TEST_S3`, which
/// `.ci/run` makes; each test has a prefix of its own there.
class S3BlobsTest {
    @TempDir Path folder;
    private S3Address address = new S3Address("none", "", null, null);
    private S3Blobs blobs;

    @BeforeEach
    void open() {
        String given = System.getenv("JEBENA_TEST_S3");
        assumeTrue(given != null, "no bucket in JEBENA_TEST_S3");
        S3Address base = S3Address.parse(given);
        address =
                new S3Address(
                        base.bucket(),
                        base.prefix() + UUID.randomUUID() + "/",
                        base.endpoint(),
                        base.region());
        blobs = S3Blobs.open(address, folder);
    }

    @AfterEach
    void close() {
        if (blobs != null) {
            blobs.close();
        }
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private ContentId put(byte[] bytes) {
        return blobs.put(new ByteArrayInputStream(bytes), Long.MAX_VALUE, null, _ -> {});
    }

    private byte[] read(ContentId id, long from) throws IOException {
        try (SeekableByteChannel channel = blobs.open(id).position(from);
                InputStream in = Channels.newInputStream(channel)) {
            return in.readAllBytes();
        }
    }

    @Test
    void whatWasStoredIsReadFromAnywhere() throws IOException {
        for (int size : new int[] {0, 1, 5000, 3 << 20}) {
            byte[] bytes = bytes(size);
            ContentId id = put(bytes);
            assertThat(id).isEqualTo(ContentId.of(bytes));
            assertThat(blobs.size(id)).isEqualTo(size);
            assertThat(read(id, 0)).isEqualTo(bytes);
            assertThat(read(id, size / 2)).isEqualTo(Arrays.copyOfRange(bytes, size / 2, size));
            assertThat(put(bytes)).isEqualTo(id);
        }
        try (SeekableByteChannel channel = blobs.open(put(bytes(3 << 20)))) {
            byte[] bytes = bytes(3 << 20);
            for (int at : new int[] {3_000_000, 10, 1_000_000, 3_145_727}) {
                ByteBuffer one = ByteBuffer.allocate(1);
                channel.position(at).read(one);
                assertThat(one.get(0)).isEqualTo(bytes[at]);
            }
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void largeBlobsGoUpInParts() throws IOException {
        byte[] bytes = bytes((64 << 20) + 12_345);
        ContentId id = put(bytes);
        assertThat(blobs.size(id)).isEqualTo(bytes.length);
        assertThat(read(id, 64 << 20)).isEqualTo(Arrays.copyOfRange(bytes, 64 << 20, bytes.length));
    }

    @Test
    void wrongBytesAreNotKept() {
        ContentId other = ContentId.of("other");
        assertThatThrownBy(() -> blobs.put(new ByteArrayInputStream(bytes(10)), 10, other, _ -> {}))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("digest mismatch");
        assertThatThrownBy(() -> blobs.put(new ByteArrayInputStream(bytes(11)), 10, null, _ -> {}))
                .isInstanceOf(Problem.class);
        assertThat(blobs.contains(other)).isFalse();
        assertThat(blobs.contains(ContentId.of(bytes(10)))).isFalse();
        assertThatThrownBy(() -> blobs.open(other)).hasMessageContaining("is not in s3://");
    }

    @Test
    void onlyWhatNobodyNeedsIsRemovedAndNothingWhileSomebodyWrites() {
        ContentId kept = put(bytes(100));
        ContentId gone = put(bytes(200));
        try (S3Blobs other = S3Blobs.open(address, folder)) {
            try (Blobs.Hold _ = blobs.hold()) {
                assertThat(blobs.collect(() -> Set.of(kept))).isEmpty();
                assertThat(other.collect(() -> Set.of(kept))).as("another server").isEmpty();
            }
            assertThat(blobs.collect(() -> Set.of(kept))).contains(new Blobs.Collected(1, 200));
            assertThat(other.contains(kept)).isTrue();
            assertThat(other.contains(gone)).isFalse();
        }
    }

    @Test
    void whoWantsToWriteWaitsForACollectionElsewhere() throws Exception {
        ContentId id = put(bytes(100));
        CountDownLatch collecting = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (S3Blobs other = S3Blobs.open(address, folder)) {
            Thread collector =
                    Thread.startVirtualThread(() ->
                            blobs.collect(() -> {
                                collecting.countDown();
                                try {
                                    go.await();
                                } catch (InterruptedException e) {
                                    throw new IllegalStateException(e);
                                }
                                return Set.of();
                            }));
            assertThat(collecting.await(20, TimeUnit.SECONDS)).isTrue();
            CountDownLatch held = new CountDownLatch(1);
            Thread writer =
                    Thread.startVirtualThread(() -> {
                        try (Blobs.Hold _ = other.hold()) {
                            held.countDown();
                        }
                    });
            assertThat(held.await(700, TimeUnit.MILLISECONDS)).isFalse();
            go.countDown();
            assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();
            collector.join();
            writer.join();
            assertThat(other.contains(id)).isFalse();
        }
    }

    @Test
    void theFirstOwnerStays() {
        assertThat(blobs.claim("one")).isEqualTo("one");
        assertThat(blobs.claim("two")).isEqualTo("one");
    }

    @Test
    void aBucketThatIsNotThereIsNamed() {
        S3Address wrong = new S3Address("no-such-bucket", "", address.endpoint(), address.region());
        assertThatThrownBy(() -> S3Blobs.open(wrong, folder).claim("x"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("no-such-bucket");
    }
}
