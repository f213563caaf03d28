package dev.jebena.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// The name of a sequence of bytes: its SHA-256. Written `sha256:` and 64 hexadecimal digits.
///
/// @param hex 64 lower-case hexadecimal digits
public record ContentId(String hex) {
    private static final String PREFIX = "sha256:";

    public ContentId {
        if (!isHex(hex)) {
            throw Problem.badRequest(
                    "not a content id: expected 64 lower-case hexadecimal digits, got '%s'"
                            .formatted(hex.length() > 100 ? hex.substring(0, 100) + "..." : hex));
        }
    }

    /// Reads `sha256:<hex>`, `sha256-<hex>` (as in file names) or the bare digits, in either case.
    public static ContentId parse(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (lower.startsWith(PREFIX) || lower.startsWith("sha256-")) {
            lower = lower.substring(PREFIX.length());
        }
        return new ContentId(lower);
    }

    public static ContentId of(byte[] bytes) {
        return new ContentId(HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    /// The id of a text's UTF-8 bytes.
    public static ContentId of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The id of a file's bytes; reads all of it.
    public static ContentId of(Path file) {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 18];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw Problem.storage("cannot read " + file, e);
        }
        return of(digest);
    }

    /// The id of what has been fed to this SHA-256 digest; resets it.
    public static ContentId of(MessageDigest sha256) {
        return new ContentId(HexFormat.of().formatHex(sha256.digest()));
    }

    /// A new SHA-256 digest, for callers that hash while they write.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /// The first twelve digits, for messages.
    public String brief() {
        return hex.substring(0, 12);
    }

    /// A file name without a colon: `sha256-<hex>`.
    public String fileName() {
        return "sha256-" + hex;
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }

    private static boolean isHex(String text) {
        return text.length() == 64
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }
}
