package dev.jebena.buckets;

import dev.jebena.base.Blobs;
import dev.jebena.base.ContentId;
import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Blobs in a bucket, which several servers share. A blob under construction is a file of this
/// machine, so that it is there completely or not at all, under the name that its bytes give it.
public final class S3Blobs implements Blobs, AutoCloseable {
    private static final String OWNER = "database";
    private static final String BLOBS = "sha256-";
    private static final Duration GIVEN_UP = Duration.ofDays(1);

    private final S3Objects objects;
    private final S3Holds holds;
    private final Path temporary;

    private S3Blobs(S3Objects objects, Path temporary) {
        this.objects = objects;
        this.temporary = temporary;
        holds = new S3Holds(objects);
    }

    /// @param temporary folder for blobs under construction
    public static S3Blobs open(S3Address address, Path temporary) {
        S3Objects objects = new S3Objects(address);
        try {
            Files.createDirectories(temporary);
            // A wrong address or key is found now, not with the first upload.
            objects.size(OWNER);
        } catch (IOException e) {
            objects.close();
            throw Problem.unwritable("cannot make the folder " + temporary, e);
        } catch (RuntimeException e) {
            objects.close();
            throw e;
        }
        return new S3Blobs(objects, temporary);
    }

    @Override
    public String claim(String owner) {
        if (objects.size(OWNER).isEmpty()) {
            objects.write(OWNER, owner);
        }
        return objects.read(OWNER);
    }

    @Override
    public boolean contains(ContentId id) {
        return objects.size(id.fileName()).isPresent();
    }

    @Override
    public long size(ContentId id) {
        return objects.size(id.fileName())
                .orElseThrow(() -> Problem.notFound("blob " + id + " is not in " + objects));
    }

    @Override
    public SeekableByteChannel open(ContentId id) {
        long size = size(id);
        return new S3Channel((from, count) -> objects.range(id.fileName(), from, count), size);
    }

    @Override
    public ContentId put(
            InputStream in, long limit, @Nullable ContentId expected, LongConsumer written) {
        try (Hold _ = hold()) {
            Path file = DurableFiles.temporary(temporary);
            try {
                ContentId id = DurableFiles.receive(in, file, limit, expected, written);
                if (!contains(id)) {
                    objects.write(id.fileName(), file, Files.size(file));
                }
                return id;
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw Problem.unwritable("cannot store a blob by way of " + temporary, e);
        }
    }

    @Override
    public Hold hold() {
        holds.acquire();
        return new Held();
    }

    /// One hold, let go of once.
    private final class Held implements Hold {
        private boolean closed;

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                holds.release();
            }
        }
    }

    @Override
    public Optional<Collected> collect(Supplier<Set<ContentId>> referenced) {
        List<Collected> result = new ArrayList<>(1);
        holds.whileNobodyWrites(() -> result.add(removeUnless(referenced.get())));
        return result.stream().findFirst();
    }

    private Collected removeUnless(Set<ContentId> kept) {
        List<String> names = new ArrayList<>();
        long bytes = 0;
        for (S3Objects.Item item : objects.list(BLOBS)) {
            boolean blob = item.name().matches("sha256-[0-9a-f]{64}");
            if (blob && !kept.contains(ContentId.parse(item.name()))) {
                names.add(item.name());
                bytes += item.size();
            }
        }
        objects.delete(names);
        objects.abortUploads(Instant.now().minus(GIVEN_UP));
        removeLeftovers();
        return new Collected(names.size(), bytes);
    }

    /// Nobody writes now, so files under construction are a killed server's.
    private void removeLeftovers() {
        try (Stream<Path> files = Files.list(temporary)) {
            for (Path file : files.toList()) {
                if (String.valueOf(file.getFileName()).startsWith(DurableFiles.TEMPORARY_PREFIX)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw Problem.storage("cannot clean up " + temporary, e);
        }
    }

    @Override
    public void close() {
        holds.close();
        objects.close();
    }
}
