package dev.jebena.hub;

import dev.jebena.base.BlobStore;
import dev.jebena.base.ContentId;
import dev.jebena.base.PartialBlob;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// Fetches one large file over HTTP into the blob store and checks its size and hash.
final class Download {
    private final HttpFetch http;
    private final BlobStore blobs;
    private final ProgressListener listener;

    Download(HttpFetch http, BlobStore blobs, ProgressListener listener) {
        this.http = http;
        this.blobs = blobs;
        this.listener = listener;
    }

    /// @param size the number of bytes the file must have
    ContentId fetch(
            URI address, Map<String, String> headers, String title, long size, ContentId expected) {
        if (blobs.contains(expected)) {
            return expected;
        }
        Progress waiting = Progress.status(title, "waiting for another download of " + title);
        try (PartialBlob partial = blobs.partial(expected.hex(), () -> listener.on(waiting))) {
            if (blobs.contains(expected)) {
                return expected;
            }
            ByteMeter meter =
                    new ByteMeter(listener, title, "pulling " + expected.brief(), size, expected);
            if (partial.length() > size) {
                partial.restart();
            }
            new Transfer(http).fill(partial, address, headers, size, meter::at);
            return partial.finish(expected);
        } catch (IOException e) {
            throw Problem.unwritable("cannot store " + title, e);
        }
    }

    /// What an answer that is no success means.
    static Problem problem(URI address, int status) {
        return switch (status) {
            case 401, 403 ->
                    new Problem(
                            status == 401 ? Problem.Code.UNAUTHORIZED : Problem.Code.FORBIDDEN,
                            address + " refuses access (" + status + ")",
                            "check the repository's name; if it is private or gated, set HF_TOKEN to a token that may read it");
            case 404, 410 -> Problem.notFound(address + " is not there (" + status + ")");
            default ->
                    new Problem(
                            Problem.Code.BAD_GATEWAY, address + " answers with status " + status);
        };
    }
}
