package dev.jebena.hub;

import dev.jebena.base.PatientStream;
import dev.jebena.base.Problem;
import dev.jebena.base.Resumable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Brings one file over HTTP: continues what is there and tries again after errors that may pass.
final class Transfer {
    private static final int MAX_TRIES = 5;

    private final HttpFetch http;

    Transfer(HttpFetch http) {
        this.http = http;
    }

    /// @param size the number of bytes the file must have
    /// @param meter is told how many bytes are there
    void fill(
            Resumable partial,
            URI address,
            Map<String, String> headers,
            long size,
            LongConsumer meter)
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
    private @Nullable Problem transfer(
            Resumable partial,
            URI address,
            Map<String, String> headers,
            long size,
            LongConsumer meter)
            throws IOException {
        Map<String, String> all = new LinkedHashMap<>(headers);
        if (partial.length() > 0) {
            all.put("Range", "bytes=" + partial.length() + "-");
        }
        HttpResponse<InputStream> response = http.get(address, all);
        int status = response.statusCode();
        try (InputStream body = new PatientStream(response.body(), http.patience())) {
            if (status == 200 && partial.length() > 0) {
                partial.restart();
            } else if (status == 416) {
                partial.restart();
                return Download.problem(address, status);
            } else if (status == 206) {
                checkRange(response, partial.length(), address);
            } else if (status != 200) {
                Problem problem = Download.problem(address, status);
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

    private static void copy(
            InputStream body, Resumable partial, long size, URI address, LongConsumer meter)
            throws IOException {
        byte[] buffer = new byte[1 << 17];
        meter.accept(partial.length());
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            if (partial.length() + n > size) {
                partial.restart();
                throw new Problem(
                        Problem.Code.BAD_GATEWAY,
                        "%s sends more than the %,d bytes it should".formatted(address, size));
            }
            append(partial, buffer, n);
            meter.accept(partial.length());
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

    private static void append(Resumable partial, byte[] buffer, int n) throws StoreFailure {
        try {
            partial.append(buffer, 0, n);
        } catch (IOException e) {
            throw new StoreFailure(e);
        }
    }

    /// Waits before the next try.
    static void pause(int tries) {
        try {
            Thread.sleep(Math.min(8000, 250L << Math.min(tries, 5)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Code.UNAVAILABLE, "interrupted", null, e);
        }
    }
}
