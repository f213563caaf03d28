package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What git keeps of a large file: its SHA-256 and size (git-lfs, docs/spec.md).
///
/// @param oid the SHA-256 of the file's bytes
record LfsPointer(ContentId oid, long size) {
    /// Shorter and longer files are no pointers.
    static final int SHORTEST = 126;

    static final int LONGEST = 1024;

    private static final Pattern FORM =
            Pattern.compile(
                    "version https://(?:git-lfs\\.github\\.com|hawser\\.github\\.com)/spec/v1\n"
                            + "(?:ext-[^\n]*\n)*oid sha256:([0-9a-f]{64})\nsize ([0-9]{1,18})\n?");

    static Optional<LfsPointer> parse(byte[] bytes) {
        if (bytes.length < SHORTEST - 1 || bytes.length > LONGEST) {
            return Optional.empty();
        }
        Matcher form = FORM.matcher(new String(bytes, StandardCharsets.UTF_8));
        return form.matches()
                ? Optional.of(
                        new LfsPointer(new ContentId(form.group(1)), Long.parseLong(form.group(2))))
                : Optional.empty();
    }

    byte[] bytes() {
        return ("version https://git-lfs.github.com/spec/v1\noid sha256:"
                        + oid.hex()
                        + "\nsize "
                        + size
                        + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
