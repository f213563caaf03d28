package dev.jebena.hub;

import dev.jebena.base.ContentId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectReader;

/// What git keeps of a large file: its SHA-256 and size (git-lfs, docs/spec.md).
///
/// @param oid the SHA-256 of the file's bytes
public record LfsPointer(ContentId oid, long size) {
    private static final int SHORTEST = 125;
    private static final int LONGEST = 1024;

    private static final String OTHER_LINES = "(?:[a-z0-9.-]+ .*\n)*?";
    private static final Pattern FORM =
            Pattern.compile(
                    "version https://(?:git-lfs\\.github\\.com|hawser\\.github\\.com)/spec/v1\n"
                            + OTHER_LINES
                            + "oid sha256:([0-9a-f]{64})\n"
                            + OTHER_LINES
                            + "size ([0-9]{1,18})\n?");

    /// Whether a file of so many bytes may be a pointer.
    public static boolean mayHave(long bytes) {
        return bytes >= SHORTEST && bytes <= LONGEST;
    }

    /// Empty when the bytes are no pointer.
    public static Optional<LfsPointer> parse(byte[] bytes) {
        if (!mayHave(bytes.length)) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(new String(bytes, StandardCharsets.UTF_8));
        return form.matches()
                ? Optional.of(
                        new LfsPointer(new ContentId(form.group(1)), Long.parseLong(form.group(2))))
                : Optional.empty();
    }

    /// The pointer that a blob of git holds; large blobs are not read.
    public static Optional<LfsPointer> read(ObjectReader reader, ObjectId blob) throws IOException {
        return mayHave(reader.getObjectSize(blob, Constants.OBJ_BLOB))
                ? parse(reader.open(blob, Constants.OBJ_BLOB).getCachedBytes(LONGEST))
                : Optional.empty();
    }

    /// The pointer as git keeps it.
    public byte[] bytes() {
        return ("version https://git-lfs.github.com/spec/v1\noid sha256:"
                        + oid.hex()
                        + "\nsize "
                        + size
                        + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
