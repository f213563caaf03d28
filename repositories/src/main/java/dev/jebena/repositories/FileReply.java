package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.LimitedStream;
import java.io.IOException;
import java.io.InputStream;

/// Sends bytes, all or a range of them.
final class FileReply {
    /// Where bytes come from.
    @FunctionalInterface
    interface Source {
        /// @param from first byte that is wanted
        InputStream open(long from) throws IOException;
    }

    private FileReply() {}

    /// Answers GET and HEAD, with `Range`. The other headers have been set.
    static void send(HttpExchange exchange, String type, long size, Source source)
            throws IOException {
        exchange.set("Accept-Ranges", "bytes");
        ByteRange range = ByteRange.of(exchange.header("Range"), size);
        if (!range.satisfiable()) {
            exchange.set("Content-Range", "bytes */" + size);
            exchange.empty(416);
            return;
        }
        if (range.partial()) {
            exchange.set(
                    "Content-Range",
                    "bytes "
                            + range.from()
                            + "-"
                            + (range.from() + range.length() - 1)
                            + "/"
                            + size);
        }
        int status = range.partial() ? 206 : 200;
        if (exchange.method().equals("HEAD")) {
            exchange.bytes(status, type, range.length(), InputStream.nullInputStream());
            return;
        }
        try (InputStream in = source.open(range.from())) {
            exchange.bytes(status, type, range.length(), new LimitedStream(in, range.length()));
        }
    }
}
