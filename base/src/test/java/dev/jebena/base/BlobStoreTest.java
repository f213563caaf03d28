package dev.jebena.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobStoreTest {
    @TempDir Path folder;
    private BlobStore blobs;

    @BeforeEach
    void open() {
        blobs = BlobStore.open(folder.resolve("blobs"));
    }

    @Test
    void aBlobIsNamedByItsHashAndStoredOnce() throws IOException {
        ContentId id = blobs.put("hello".getBytes(UTF_8));

        assertThat(id.hex())
                .isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assertThat(blobs.put("hello".getBytes(UTF_8))).isEqualTo(id);
        assertThat(Files.readString(blobs.path(id))).isEqualTo("hello");
        assertThat(blobs.list()).containsExactly(id);
        assertThat(blobs.size(id)).isEqualTo(5);
    }

    @Test
    void dataOfAnotherHashIsRefusedAndNotKept() {
        ContentId wrong = ContentId.of("other");

        assertThatThrownBy(() ->
                        blobs.put(
                                new ByteArrayInputStream("hello".getBytes(UTF_8)),
                                100,
                                wrong,
                                _ -> {}))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("digest mismatch");
        assertThat(names()).noneMatch(n -> n.startsWith("sha256-") || n.startsWith(".tmp"));
    }

    @Test
    void moreDataThanTheLimitIsRefused() {
        assertThatThrownBy(
                        () -> blobs.put(new ByteArrayInputStream(new byte[11]), 10, null, _ -> {}))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.code()).isEqualTo(Problem.Code.TOO_LARGE));
    }

    @Test
    void aDownloadContinuesWhereItStopped() throws IOException {
        byte[] bytes = "0123456789".getBytes(UTF_8);
        ContentId id = ContentId.of(bytes);
        try (PartialBlob first = blobs.partial(id.hex(), () -> {})) {
            first.append(bytes, 0, 4);
        }
        try (PartialBlob second = blobs.partial(id.hex(), () -> {})) {
            assertThat(second.length()).isEqualTo(4);
            second.append(bytes, 4, 6);
            assertThat(second.finish(id)).isEqualTo(id);
        }
        assertThat(Files.readAllBytes(blobs.path(id))).isEqualTo(bytes);
    }

    @Test
    void aDownloadOfAnotherHashBeginsAnew() throws IOException {
        ContentId id = ContentId.of("right");
        try (PartialBlob partial = blobs.partial(id.hex(), () -> {})) {
            partial.append("wrong".getBytes(UTF_8), 0, 5);
            assertThatThrownBy(() -> partial.finish(id)).hasMessageContaining("digest mismatch");
            assertThat(partial.length()).isZero();
            partial.append("right".getBytes(UTF_8), 0, 5);
            assertThat(partial.finish(id)).isEqualTo(id);
        }
    }

    @Test
    void aCollectionKeepsWhatIsReferencedPinnedOrBeingDownloaded() throws IOException {
        ContentId used = blobs.put("used".getBytes(UTF_8));
        ContentId pinned = blobs.put("pinned".getBytes(UTF_8));
        ContentId unused = blobs.put("unused".getBytes(UTF_8));
        blobs.pin(pinned);
        Files.writeString(blobs.folder().resolve(".tmp-1-2"), "left by a killed process");
        try (PartialBlob partial = blobs.partial("x", () -> {})) {
            partial.append(new byte[3], 0, 3);
        }

        assertThat(blobs.collect(() -> Set.of(used)).orElseThrow())
                .isEqualTo(new Blobs.Collected(1, 6));

        assertThat(blobs.contains(used)).isTrue();
        assertThat(blobs.contains(pinned)).isTrue();
        assertThat(blobs.contains(unused)).isFalse();
        assertThat(names()).doesNotContain(".tmp-1-2");
        try (PartialBlob partial = blobs.partial("x", () -> {})) {
            assertThat(partial.length()).isEqualTo(3);
        }
        blobs.unpin(pinned);
        assertThat(blobs.collect(Set::of).orElseThrow().blobs()).isEqualTo(2);
    }

    @Test
    void nothingIsCollectedWhileSomebodyHoldsTheStore() {
        ContentId id = blobs.put("new".getBytes(UTF_8));
        try (PathLock _ = blobs.hold()) {
            assertThat(blobs.collect(Set::of)).isEmpty();
        }
        assertThat(blobs.contains(id)).isTrue();
        assertThat(blobs.collect(Set::of)).isPresent();
        assertThat(blobs.contains(id)).isFalse();
    }

    @Test
    void aDamagedBlobIsFoundAndRemoved() throws IOException {
        ContentId id = blobs.put("good".getBytes(UTF_8));
        assertThat(blobs.verify(id)).isTrue();

        Files.writeString(blobs.path(id), "evil");

        assertThat(blobs.verify(id)).isFalse();
        assertThat(blobs.contains(id)).isFalse();
    }

    @Test
    void contentIdsAreReadInAllTheirForms() {
        String hex = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
        assertThat(ContentId.parse("sha256:" + hex)).isEqualTo(ContentId.parse("SHA256-" + hex));
        assertThat(ContentId.parse(hex)).hasToString("sha256:" + hex);
        for (String bad :
                new String[] {"", "sha256:", "../x", hex + "0", "sha256:" + "g".repeat(64)}) {
            assertThatThrownBy(() -> ContentId.parse(bad)).isInstanceOf(Problem.class);
        }
    }

    private java.util.List<String> names() {
        try (Stream<Path> files = Files.list(blobs.folder())) {
            return files.map(f -> String.valueOf(f.getFileName())).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFolderThatCannotBeMadeSaysWhatHelps() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> BlobStore.open(file.resolve("blobs")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("cannot make the blob folder " + file)
                .hasMessageEndingWith("\nset JEBENA_HOME to a data folder that can be written to");
    }

    @Test
    void aFullDiskSaysWhatHelps() {
        Problem full = Problem.unwritable("cannot x", new IOException("No space left on device"));
        assertThat(full.code()).isEqualTo(Problem.Code.STORAGE);
        assertThat(full)
                .hasMessage(
                        """
                        cannot x: No space left on device
                        free some space or set JEBENA_HOME to a folder on a larger disk\
                        """);
    }
}
