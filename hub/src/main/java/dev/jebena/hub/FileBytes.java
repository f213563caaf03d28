package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Contents of a repository's files at one revision, and the hashes that name them.
record FileBytes(HubCalls calls, RepoId id, String revision) {
    /// Where a file's bytes are.
    URI address(String path) {
        return calls.uri(
                "/"
                        + id.kind().prefix()
                        + HubCalls.path(id.name())
                        + "/resolve/"
                        + HubCalls.part(revision)
                        + "/"
                        + HubCalls.path(path));
    }

    /// A small file's bytes, verified.
    byte[] of(RemoteFile file, int most) {
        URI address = address(file.path());
        byte[] bytes;
        try {
            HttpResponse<InputStream> response = calls.http().get(address, calls.credentials());
            try (InputStream body = response.body()) {
                if (response.statusCode() != 200) {
                    throw Download.problem(address, response.statusCode());
                }
                bytes = body.readNBytes(most + 1);
            }
        } catch (IOException e) {
            throw new Problem(Problem.Code.BAD_GATEWAY, address + ": " + e.getMessage(), null, e);
        }
        if (bytes.length > most) {
            throw new Problem(
                    Problem.Code.TOO_LARGE,
                    "%s has more than %,d bytes".formatted(file.path(), most));
        }
        check(file, hash(file, bytes));
        return bytes;
    }

    private static String hash(RemoteFile file, byte[] bytes) {
        return file.sha256() != null ? ContentId.of(bytes).hex() : git(bytes);
    }

    /// Refuses bytes of another hash than the hub told.
    static void check(RemoteFile file, String found) {
        boolean known = file.sha256() != null || file.gitId().length() == 40;
        if (known && !file.etag().equals(found)) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    "its %s arrived damaged: %s %s instead of %s"
                            .formatted(
                                    file.path(),
                                    file.sha256() != null ? "SHA-256" : "git hash",
                                    found,
                                    file.etag()));
        }
    }

    /// The digest of a file that git holds itself, before its bytes.
    static MessageDigest gitDigest(long size) {
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
            return sha1;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }

    static String git(byte[] bytes) {
        return HexFormat.of().formatHex(gitDigest(bytes.length).digest(bytes));
    }
}
