package dev.jebena.hub;

import dev.jebena.base.BlobStore;
import dev.jebena.base.ContentId;
import dev.jebena.base.PartialBlob;
import dev.jebena.base.Problem;
import dev.jebena.base.Progress;
import dev.jebena.base.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/// Fetches one large file over HTTP into the blob store: continues what is there, tries again after
/// errors that may pass, checks size and hash.
final class Download {
    private static final int MAX_TRIES = 5;

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
            fill(partial, address, headers, size, meter);
            return partial.finish(expected);
        } catch (IOException e) {
            throw Problem.unwritable("cannot store " + title, e);
        }
    }

    private void fill(
            PartialBlob partial,
            URI address,
            Map<String, String> headers,
            long size,
            ByteMeter meter)
            throws IOException {
        int tries = 0;
        while (partial.length() < size) {
            long before = partial.length();
            Problem trouble = null;
            try {
                trouble = transfer(partial, address, headers, size, meter);
            } catch (StoreFailure e) {
                throw e.reason;
            } catch (IOException e) {
                trouble =
                        new Problem(
                                Problem.Code.BAD_GATEWAY,
                                "%s: the transfer broke off at %,d of %,d bytes: %s"
                                        .formatted(address, partial.length(), size, e.getMessage()),
                                null,
                                e);
            }
            if (partial.length() == size) {
                return;
            }
            tries = partial.length() > before ? 1 : tries + 1;
            if (tries > MAX_TRIES && trouble != null) {
                throw trouble;
            }
            pause(tries);
        }
    }

    /// One request. Returns why it did not deliver everything when a repetition may help; throws
    /// Problem when it cannot.
    private @org.jspecify.annotations.Nullable Problem transfer(
            PartialBlob partial,
            URI address,
            Map<String, String> headers,
            long size,
            ByteMeter meter)
            throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        if (partial.length() > 0) {
            all.put("Range", "bytes=" + partial.length() + "-");
        }
        HttpResponse<InputStream> response = http.get(address, all);
        int status = response.statusCode();
        try (InputStream body = response.body()) {
            if (status == 200 && partial.length() > 0) {
                partial.restart();
            } else if (status == 416) {
                partial.restart();
                return problem(address, status);
            } else if (status == 206) {
                checkRange(response, partial.length(), address);
            } else if (status != 200) {
                Problem problem = problem(address, status);
                if (status >= 500 || status == 408 || status == 429) {
                    return problem;
                }
                throw problem;
            }
            copy(body, partial, size, address, meter);
        }
        return partial.length() < size
                ? new Problem(
                        Problem.Code.BAD_GATEWAY,
                        "%s ended at %,d of %,d bytes".formatted(address, partial.length(), size))
                : null;
    }

    private static void checkRange(HttpResponse<?> response, long from, URI address) {
        String range = response.headers().firstValue("Content-Range").orElse("");
        if (!range.startsWith("bytes " + from + "-")) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    "%s: asked for bytes from %d, got '%s'".formatted(address, from, range));
        }
    }

    private void copy(
            InputStream body, PartialBlob partial, long size, URI address, ByteMeter meter)
            throws IOException {
        AtomicLong lastRead = new AtomicLong(System.nanoTime());
        Thread watch = Thread.ofVirtual().start(() -> closeWhenSilent(body, lastRead));
        try {
            byte[] buffer = new byte[1 << 17];
            meter.at(partial.length());
            for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
                lastRead.set(System.nanoTime());
                if (partial.length() + n > size) {
                    partial.restart();
                    throw new Problem(
                            Problem.Code.BAD_GATEWAY,
                            "%s sends more than the %,d bytes it should".formatted(address, size));
                }
                append(partial, buffer, n);
                meter.at(partial.length());
            }
        } finally {
            watch.interrupt();
        }
    }

    /// Errors of the disk are not worth another try.
    private static final class StoreFailure extends IOException {
        private static final long serialVersionUID = 1;
        final transient Problem reason;

        StoreFailure(IOException cause) {
            super(cause);
            this.reason = Problem.storage("cannot store the download", cause);
        }
    }

    private static void append(PartialBlob partial, byte[] buffer, int n) throws StoreFailure {
        try {
            partial.append(buffer, 0, n);
        } catch (IOException e) {
            throw new StoreFailure(e);
        }
    }

    private void closeWhenSilent(InputStream body, AtomicLong lastRead) {
        try {
            while (System.nanoTime() - lastRead.get() < http.patience().toNanos()) {
                Thread.sleep(Math.min(500, http.patience().toMillis()));
            }
            body.close();
        } catch (InterruptedException | IOException _) {
            // The transfer is over, or closing it failed: then the reader sees that itself.
        }
    }

    private static void pause(int tries) {
        try {
            Thread.sleep(Math.min(8000, 250L << Math.min(tries, 5)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Code.UNAVAILABLE, "interrupted", null, e);
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
