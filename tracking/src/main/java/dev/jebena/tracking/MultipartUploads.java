package dev.jebena.tracking;

import dev.jebena.base.ContentId;
import dev.jebena.base.DurableFiles;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/// Artifacts that arrive in parts: a folder for each upload, a file for each part, named after its
/// number and hash. Complete, they become one artifact; what nobody completed is removed after a
/// week.
final class MultipartUploads {
    static final int MOST_PARTS = 10_000;
    private static final Duration KEPT = Duration.ofDays(7);
    private static final String TARGET = "target";

    private final Path folder;
    private final Artifacts artifacts;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    MultipartUploads(Path folder, Artifacts artifacts, Clock clock) {
        this.folder = folder;
        this.artifacts = artifacts;
        this.clock = clock;
    }

    /// A part as the client names it at the end.
    record Part(int number, String etag) {}

    /// Begins an upload to a path of the store; its id, which nobody can guess.
    String create(String path) {
        String target = Artifacts.checked(path);
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        try {
            removeOld();
            Path upload = Files.createDirectories(folder.resolve(id));
            DurableFiles.write(upload.resolve(TARGET), target.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Problem.storage("the upload cannot begin", e);
        }
        return id;
    }

    private void removeOld() throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> uploads = Files.list(folder)) {
            for (Path upload : (Iterable<Path>) uploads::iterator) {
                long age = clock.millis() - Files.getLastModifiedTime(upload).toMillis();
                if (age > KEPT.toMillis()) {
                    DurableFiles.deleteTree(upload);
                }
            }
        }
    }

    private Path upload(String id) {
        Path upload = folder.resolve(id);
        if (!id.matches("[0-9a-f]{32}") || !Files.isRegularFile(upload.resolve(TARGET))) {
            throw MlflowError.missing("No multipart upload with id '" + id + "'");
        }
        return upload;
    }

    /// Takes a part, whose numbers begin with 1; one that comes again replaces it. Its ETag.
    String put(String id, int number, InputStream in) {
        Path upload = upload(id);
        if (number < 1 || number > MOST_PARTS) {
            throw MlflowError.invalid(
                    "part_number is %d; expected 1 to %d".formatted(number, MOST_PARTS));
        }
        try {
            Path arriving = Files.createTempFile(upload, "part", ".tmp");
            try {
                MessageDigest digest = ContentId.sha256();
                Files.copy(
                        new DigestInputStream(in, digest),
                        arriving,
                        StandardCopyOption.REPLACE_EXISTING);
                String etag = ContentId.of(digest).hex();
                Files.move(arriving, part(upload, number, etag), StandardCopyOption.ATOMIC_MOVE);
                return etag;
            } finally {
                Files.deleteIfExists(arriving);
            }
        } catch (IOException e) {
            throw Problem.storage("part %d cannot be kept".formatted(number), e);
        }
    }

    private static Path part(Path upload, int number, String etag) {
        return upload.resolve(number + "-" + etag);
    }

    /// Makes the parts, in the order of the list, the artifact; durable on return.
    ///
    /// @param path must be that of the begin
    void complete(String id, String path, List<Part> parts) {
        Path upload = upload(id);
        checkTarget(upload, path);
        int last = 0;
        for (Part part : parts) {
            if (part.number() <= last) {
                throw MlflowError.invalid("parts must be in the order of their numbers, each once");
            }
            last = part.number();
            if (!part.etag().matches("[0-9a-f]{64}")
                    || !Files.isRegularFile(part(upload, part.number(), part.etag()))) {
                throw MlflowError.invalid(
                        "part %d with ETag '%s' has not arrived"
                                .formatted(part.number(), part.etag()));
            }
        }
        try (InputStream all = new SequenceInputStream(opened(upload, parts.iterator()))) {
            artifacts.put(path, all);
        } catch (IOException | UncheckedIOException e) {
            throw Problem.storage("the parts cannot be read", e);
        }
        remove(upload);
    }

    /// Each part is opened when its turn comes.
    @SuppressWarnings("JdkObsolete") // what SequenceInputStream takes
    private static Enumeration<InputStream> opened(Path upload, Iterator<Part> parts) {
        return new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return parts.hasNext();
            }

            @Override
            public InputStream nextElement() {
                Part next = parts.next();
                return open(part(upload, next.number(), next.etag()));
            }
        };
    }

    private static InputStream open(Path part) {
        try {
            return Files.newInputStream(part);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkTarget(Path upload, String path) {
        try {
            if (!Files.readString(upload.resolve(TARGET)).equals(Artifacts.checked(path))) {
                throw MlflowError.invalid("the upload was begun for another path");
            }
        } catch (IOException e) {
            throw Problem.storage("the upload cannot be read", e);
        }
    }

    /// Forgets an upload; one that is not there is none any more.
    void abort(String id, String path) {
        if (id.matches("[0-9a-f]{32}") && Files.exists(folder.resolve(id).resolve(TARGET))) {
            checkTarget(folder.resolve(id), path);
            remove(folder.resolve(id));
        }
    }

    private static void remove(Path upload) {
        try {
            DurableFiles.deleteTree(upload);
        } catch (IOException e) {
            throw Problem.storage("the parts cannot be removed", e);
        }
    }
}
