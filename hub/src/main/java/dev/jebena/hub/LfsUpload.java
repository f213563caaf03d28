package dev.jebena.hub;

import dev.jebena.base.ContentId;
import dev.jebena.base.Problem;
import dev.jebena.base.ProgressListener;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Sends large files as Git LFS does, in one piece or in the parts that the hub asks for. Objects
/// that the hub has already are not sent.
///
/// Source: Git LFS API, batch and basic transfer; the hub's multipart transfer.
final class LfsUpload {
    private static final int BATCH = 100;

    private final HubCalls calls;
    private final RepoId id;
    private final UploadOptions options;
    private final ProgressListener listener;

    LfsUpload(HubCalls calls, RepoId id, UploadOptions options, ProgressListener listener) {
        this.calls = calls;
        this.id = id;
        this.options = options;
        this.listener = listener;
    }

    void send(List<FolderUpload.Local> files, Map<String, ContentId> hashes) {
        Map<String, FolderUpload.Local> byHash = new LinkedHashMap<>();
        for (FolderUpload.Local file : files) {
            ContentId sha256 = hashes.get(file.path());
            if (sha256 != null) {
                byHash.putIfAbsent(sha256.hex(), file);
            }
        }
        long total = byHash.values().stream().mapToLong(FolderUpload.Local::size).sum();
        SharedMeter meter =
                new SharedMeter(
                        listener,
                        id.toString(),
                        "sending %,d large files".formatted(byHash.size()),
                        total);
        List<Map.Entry<String, FolderUpload.Local>> all = List.copyOf(byHash.entrySet());
        for (int i = 0; i < all.size(); i += BATCH) {
            Map<String, Long> sizes = new LinkedHashMap<>();
            all.subList(i, Math.min(all.size(), i + BATCH))
                    .forEach(one -> sizes.put(one.getKey(), one.getValue().size()));
            List<JsonObject> answers = LfsBatch.ask(calls, id, "upload", sizes, options.revision());
            Transfers.each(
                    answers,
                    options.threads(),
                    answer -> send(answer, byHash.get(answer.string("oid")), meter));
        }
    }

    private void send(JsonObject answer, FolderUpload.@Nullable Local file, SharedMeter meter) {
        if (file == null) {
            throw answer.problem("an object that was not asked for: " + answer.string("oid"));
        }
        if (answer.has("error")) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "the hub refuses %s: %s"
                            .formatted(
                                    file.path(),
                                    answer.object("error").string("message", "no reason")));
        }
        JsonObject actions = answer.objectOrEmpty("actions");
        if (!actions.has("upload")) {
            meter.add(file.size());
            return; // the hub has it
        }
        JsonObject upload = actions.object("upload");
        URI address = calls.uri("").resolve(upload.string("href"));
        JsonObject header = upload.objectOrEmpty("header");
        if (header.has("chunk_size")) {
            parts(address, header, file, answer.string("oid"), meter);
        } else {
            put(address, header(header), file, 0, file.size());
            meter.add(file.size());
        }
        if (actions.has("verify")) {
            JsonObject verify = actions.object("verify");
            Map<String, String> headers = new LinkedHashMap<>(calls.credentials());
            headers.putAll(header(verify.objectOrEmpty("header")));
            headers.putAll(LfsBatch.HEADERS);
            calls.call(
                    "POST",
                    calls.uri("").resolve(verify.string("href")),
                    Map.of("oid", answer.string("oid"), "size", file.size()),
                    headers);
        }
    }

    private void parts(
            URI complete,
            JsonObject header,
            FolderUpload.Local file,
            String oid,
            SharedMeter meter) {
        long chunk = chunk(header);
        TreeMap<Integer, String> addresses = new TreeMap<>();
        for (String key : header.keys()) {
            if (key.matches("\\d{1,6}")) {
                addresses.put(Integer.parseInt(key), header.string(key));
            }
        }
        if (addresses.size() != Math.ceilDiv(file.size(), chunk)) {
            throw header.problem(
                    "%d addresses for %,d bytes in parts of %,d"
                            .formatted(addresses.size(), file.size(), chunk));
        }
        List<Map<String, Object>> sent = new ArrayList<>();
        long from = 0;
        for (Map.Entry<Integer, String> part : addresses.entrySet()) {
            long size = Math.min(chunk, file.size() - from);
            URI address = calls.uri("").resolve(part.getValue());
            HubCalls.Reply reply = put(address, Map.of(), file, from, size);
            String etag = reply.headers().firstValue("ETag").orElse("");
            sent.add(Map.of("partNumber", part.getKey(), "etag", etag));
            from += size;
            meter.add(size);
        }
        calls.call("POST", complete, Map.of("oid", oid, "parts", sent), LfsBatch.HEADERS);
    }

    private static long chunk(JsonObject header) {
        Object value = header.get("chunk_size");
        try {
            long chunk = Long.parseLong(String.valueOf(value));
            if (chunk > 0) {
                return chunk;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw header.problem("chunk_size is " + value + " instead of a number of bytes");
    }

    private HubCalls.Reply put(
            URI address,
            Map<String, String> headers,
            FolderUpload.Local file,
            long from,
            long size) {
        return calls.send(
                "PUT", address, headers, () -> FileSlice.publisher(file.file(), from, size));
    }

    /// Headers that an action asks for.
    private static Map<String, String> header(JsonObject header) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String key : header.keys()) {
            headers.put(key, String.valueOf(header.get(key)));
        }
        return headers;
    }
}
