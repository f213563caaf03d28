package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The read side of Xet's store: which chunks of which xorbs make a file, or a range of it, and the
/// bytes of the xorbs by addresses that carry their own right.
final class XetReadRoutes {
    private static final long VALID_SECONDS = 3600;

    private final Repositories repositories;
    private final ChunkStore chunks;

    private XetReadRoutes(Repositories repositories) {
        this.repositories = repositories;
        this.chunks = repositories.chunks();
    }

    static void mount(HubApi api) {
        XetReadRoutes routes = new XetReadRoutes(api.repositories());
        api.repo("GET", "/xet-read-token", HubAccess.Need.READ, routes::token);
        api.repo("GET", "/xet-read-token/{revision...}", HubAccess.Need.READ, routes::token);
        api.raw("GET", "/_xet/v1/reconstructions/{hash}", routes::reconstruct);
        api.raw("GET", "/_xet/data/{hash}", routes::data);
    }

    private void token(RepoRequest request) throws IOException {
        XetToken.send(request, XetToken.READ, 0);
    }

    /// Some chunks of a xorb that make a part of the file.
    private record Part(String xorb, int start, int end, long bytes) {}

    private void reconstruct(HttpExchange exchange) throws IOException {
        XetToken token = XetToken.of(exchange, repositories.signatures(), XetToken.READ);
        String hash = exchange.parameter("hash");
        ChunkedFile file =
                chunks.find(token.repository(), hash)
                        .orElseThrow(() -> HubError.missing("File not found: " + hash));
        ByteRange range = ByteRange.of(exchange.header("Range"), file.size());
        if (!range.satisfiable()) {
            exchange.set("Content-Range", "bytes */" + file.size());
            exchange.empty(416);
            return;
        }
        List<Part> parts = new ArrayList<>();
        Map<String, XorbIndex> indexes = new LinkedHashMap<>();
        long skipped = parts(file, range, parts, indexes);
        exchange.json(
                200,
                HttpJson.object(
                        "offset_into_first_range",
                        skipped,
                        "terms",
                        parts.stream().map(XetReadRoutes::json).toList(),
                        "fetch_info",
                        fetches(exchange, parts, indexes)));
    }

    /// Finds the chunks that hold a range of the file; how many bytes of the first one come before
    /// the range.
    private long parts(
            ChunkedFile file, ByteRange range, List<Part> parts, Map<String, XorbIndex> indexes) {
        long from = range.from();
        long to = from + range.length();
        long at = 0;
        long skipped = 0;
        for (XetShard.Term term : file.terms()) {
            if (at < to && at + term.bytes() > from) {
                XorbIndex index = indexes.computeIfAbsent(term.xorb(), this::index);
                int start = term.start();
                int end = term.start();
                long first = at;
                long next = at;
                for (int place = term.start(); place < term.end() && next < to; place++) {
                    long size = index.chunk(place).size();
                    if (next + size <= from) {
                        start = place + 1;
                        first = next + size;
                    }
                    next += size;
                    end = place + 1;
                }
                skipped = parts.isEmpty() ? from - first : skipped;
                parts.add(new Part(term.xorb(), start, end, next - first));
            }
            at += term.bytes();
        }
        return skipped;
    }

    private XorbIndex index(String hash) {
        return chunks.bundle(hash)
                .orElseThrow(() -> new IllegalStateException("no xorb " + hash))
                .index();
    }

    private static Map<String, @Nullable Object> json(Part part) {
        return HttpJson.object(
                "hash", part.xorb(),
                "unpacked_length", part.bytes(),
                "range", HttpJson.object("start", part.start(), "end", part.end()));
    }

    /// Where the bytes are: of each xorb the ranges of chunks that are wanted, those joined that
    /// touch.
    private Map<String, @Nullable Object> fetches(
            HttpExchange exchange, List<Part> parts, Map<String, XorbIndex> indexes) {
        Map<String, List<Part>> wanted = new LinkedHashMap<>();
        parts.stream()
                .sorted(Comparator.comparingInt(Part::start))
                .forEach(p -> add(wanted.computeIfAbsent(p.xorb(), _ -> new ArrayList<>()), p));
        Map<String, @Nullable Object> json = HttpJson.object();
        wanted.forEach((hash, ranges) -> {
            XorbIndex index = Objects.requireNonNull(indexes.get(hash));
            List<Object> list = new ArrayList<>();
            for (Part range : ranges) {
                long first = index.chunk(range.start()).offset() - XorbIndex.HEADER;
                long last = index.chunk(range.end() - 1).end() - 1;
                list.add(
                        HttpJson.object(
                                "range",
                                HttpJson.object("start", range.start(), "end", range.end()),
                                "url",
                                url(exchange, hash, first, last),
                                "url_range",
                                HttpJson.object("start", first, "end", last)));
            }
            json.put(hash, list);
        });
        return json;
    }

    private static void add(List<Part> ranges, Part next) {
        Part last = ranges.isEmpty() ? null : ranges.getLast();
        if (last != null && next.start() <= last.end()) {
            int end = Math.max(last.end(), next.end());
            ranges.set(ranges.size() - 1, new Part(last.xorb(), last.start(), end, 0));
        } else {
            ranges.add(next);
        }
    }

    /// An address of some bytes of a xorb, and of no others: those may be of files that the caller
    /// cannot read.
    private String url(HttpExchange exchange, String hash, long first, long last) {
        String signed = repositories.signatures().sign(right(hash, first, last), VALID_SECONDS);
        return "%s/_xet/data/%s?first=%d&last=%d&signature=%s"
                .formatted(exchange.baseUrl(), hash, first, last, signed);
    }

    private static String right(String hash, long first, long last) {
        return "xet-data " + hash + " " + first + "-" + last;
    }

    private static long number(HttpExchange exchange, String name) {
        String text = exchange.query(name);
        if (text == null || !text.matches("[0-9]{1,15}")) {
            throw HubError.forbidden("The address carries no valid signature");
        }
        return Long.parseLong(text);
    }

    private void data(HttpExchange exchange) throws IOException {
        String hash = exchange.parameter("hash");
        String signature = exchange.query("signature");
        long first = number(exchange, "first");
        long last = number(exchange, "last");
        repositories
                .signatures()
                .check(right(hash, first, last), signature == null ? "" : signature);
        ChunkStore.Bundle bundle =
                chunks.bundle(hash).orElseThrow(() -> HubError.missing("No xorb " + hash));
        long size = repositories.blobs().size(bundle.blob());
        ByteRange range = ByteRange.of(exchange.header("Range"), size);
        if (range.satisfiable()
                && (range.from() < first || range.from() + range.length() - 1 > last)) {
            throw HubError.forbidden(
                    "The address is for the bytes %d to %d only".formatted(first, last));
        }
        FileReply.send(
                exchange,
                "application/octet-stream",
                size,
                from ->
                        Channels.newInputStream(
                                repositories.blobs().open(bundle.blob()).position(from)));
    }
}
