package dev.jebena.training;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/// The files of a recipe's data: found by name or pattern, unpacked where they end in `.gz`, with
/// one digest over all of them.
final class DataFiles {
    private static final int MOST_BYTES = 1 << 30;
    private final MessageDigest digest = ContentId.sha256();
    private final List<Path> read = new ArrayList<>();

    /// The file of a name, or the files of a pattern (`*`, `?`, `[a-z]`, `**`) in the order of
    /// their names.
    static List<Path> find(Path folder, String name) {
        int star = first(name, "*?[{");
        if (star < 0) {
            Path file = folder.resolve(name);
            if (!Files.exists(file)) {
                throw Problem.badRequest("[data] file: there is no file " + file);
            }
            return List.of(file);
        }
        int slash = name.lastIndexOf('/', star);
        Path start = folder.resolve(slash < 0 ? "" : name.substring(0, slash));
        var matcher = start.getFileSystem().getPathMatcher("glob:" + name.substring(slash + 1));
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(start)) {
            try (Stream<Path> all = Files.walk(start)) {
                all.filter(Files::isRegularFile)
                        .filter(file -> matcher.matches(start.relativize(file)))
                        .sorted()
                        .forEach(found::add);
            } catch (IOException | UncheckedIOException e) {
                throw Problem.storage("[data] file: " + start + " cannot be listed", e);
            }
        }
        if (found.isEmpty()) {
            throw Problem.badRequest(
                    "[data] file: no file in %s is called %s"
                            .formatted(start, name.substring(slash + 1)));
        }
        return found;
    }

    private static int first(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    /// The file's bytes, unpacked.
    byte[] bytes(Path file) {
        read.add(file);
        try (InputStream raw =
                        new DigestInputStream(
                                new BufferedInputStream(Files.newInputStream(file)), digest);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw Problem.badRequest(
                        file + " has more than 1 GiB, which does not fit into memory");
            }
            return bytes;
        } catch (IOException e) {
            throw Problem.storage("[data] file: " + file + " cannot be read", e);
        }
    }

    /// The file's text.
    String text(Path file) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Problem(Problem.Code.BAD_REQUEST, file + " is not text in UTF-8", null, e);
        }
    }

    /// What was read, in this order.
    List<Path> read() {
        return List.copyOf(read);
    }

    /// SHA-256 over all that was read.
    String digest() {
        return ContentId.of(digest).hex();
    }
}
