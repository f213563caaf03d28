package dev.jebena.serving;

import dev.jebena.base.DocumentStore.Document;
import dev.jebena.base.DocumentStore.Page;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpForm;
import dev.jebena.base.HttpJson;
import dev.jebena.base.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's uploads: a file that comes in parts, under `/v1/uploads`. Parts are hidden files that
/// go when the upload has ended or its hour is over.
final class Uploads {
    private static final String KIND = "upload";
    private static final long LIFE_SECONDS = 3600;
    private static final long LARGEST_PART = 64L << 20;
    private static final int MOST_PARTS = 10_000;

    /// Room for the form around a part.
    private static final long FORM_BYTES = 1 << 20;

    private final ServerData data;
    private final StoredFiles files;

    Uploads(ServerData data, StoredFiles files) {
        this.data = data;
        this.files = files;
    }

    void register(Router router) {
        router.post("/v1/uploads", EngineErrors.translating(this::create))
                .post("/v1/uploads/{id}/parts", EngineErrors.translating(this::part))
                .post("/v1/uploads/{id}/complete", EngineErrors.translating(this::complete))
                .post("/v1/uploads/{id}/cancel", EngineErrors.translating(this::cancel));
    }

    private void create(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        Long bytes = request.integer("bytes", 0, StoredFiles.LARGEST);
        if (bytes == null) {
            throw request.invalid("bytes", "missing");
        }
        request.required("mime_type");
        long now = Instant.now().getEpochSecond();
        Map<String, @Nullable Object> upload =
                HttpJson.object(
                        "id",
                        "upload_" + OpenAiChatReply.newId(),
                        "object",
                        "upload",
                        "bytes",
                        bytes,
                        "created_at",
                        now,
                        "expires_at",
                        now + LIFE_SECONDS,
                        "filename",
                        request.required("filename"),
                        "purpose",
                        FileRoutes.purpose(request),
                        "status",
                        "pending",
                        "file",
                        null);
        Long life = FileRoutes.jsonLifetime(request, "expires_after");
        store(upload, life);
        exchange.json(200, upload);
    }

    private void store(Map<String, @Nullable Object> upload, @Nullable Long life) {
        String id = String.valueOf(upload.get("id"));
        data.documents().put(KIND, id, null, HttpJson.object("upload", upload, "life", life));
    }

    /// The document of an upload that takes parts. Throws [HttpException] 404 or 400.
    private Document pending(HttpExchange exchange) {
        String id = exchange.parameter("id");
        Document document =
                data.documents()
                        .get(KIND, id)
                        .orElseThrow(() ->
                                new HttpException(
                                                404, "not_found", "There is no upload '" + id + "'")
                                        .param("upload_id"));
        Map<String, @Nullable Object> upload = upload(document);
        boolean late = number(upload, "expires_at") <= Instant.now().getEpochSecond();
        Object status = late ? "expired" : upload.get("status");
        if (!"pending".equals(status)) {
            throw HttpException.invalid("upload_id", "Upload '" + id + "' is " + status);
        }
        return document;
    }

    /// Forgets uploads of long ago; their parts go as files that have expired do.
    static void sweep(ServerData data, Instant now) {
        Instant past = now.minusSeconds(24 * LIFE_SECONDS);
        for (Document old : data.documents().olderThan(KIND, past)) {
            data.documents().delete(KIND, old.id());
        }
    }

    private static Map<String, @Nullable Object> upload(Document document) {
        return HttpJson.objectOf(document.json().get("upload"));
    }

    private static long number(Map<String, @Nullable Object> object, String name) {
        return object.get(name) instanceof Number number ? number.longValue() : 0;
    }

    private static long bytes(List<Map<String, @Nullable Object>> parts) {
        long bytes = 0;
        for (Map<String, @Nullable Object> part : parts) {
            bytes += number(part, "bytes");
        }
        return bytes;
    }

    private void part(HttpExchange exchange) throws IOException {
        String id = pending(exchange).id();
        try (HttpForm form = exchange.form(LARGEST_PART + FORM_BYTES)) {
            HttpForm.File sent = form.file("data");
            if (sent == null) {
                throw HttpException.invalid(
                        "data", "Missing required parameter: 'data', a part with a file name");
            }
            exchange.json(200, add(pending(exchange), id, sent));
        }
    }

    private synchronized Map<String, @Nullable Object> add(
            Document document, String id, HttpForm.File sent) {
        if (sent.size() > LARGEST_PART) {
            throw HttpException.invalid(
                    "data",
                    "A part has at most " + LARGEST_PART + " bytes; this one has " + sent.size());
        }
        List<Map<String, @Nullable Object>> parts = parts(id);
        long bytes = bytes(parts) + sent.size();
        long announced = number(upload(document), "bytes");
        if (bytes > announced || parts.size() == MOST_PARTS) {
            throw HttpException.invalid(
                    "data",
                    "Upload '%s' was announced with %d bytes; its %d parts have %d"
                            .formatted(id, announced, parts.size() + 1, bytes));
        }
        Map<String, @Nullable Object> file =
                files.add(id, StoredFiles.HIDDEN, sent.content(), LIFE_SECONDS);
        String partId = "part_" + OpenAiChatReply.newId();
        Map<String, @Nullable Object> part =
                HttpJson.object(
                        "id",
                        partId,
                        "object",
                        "upload.part",
                        "created_at",
                        Instant.now().getEpochSecond(),
                        "upload_id",
                        id);
        data.documents()
                .put(
                        KIND + "_part",
                        partId,
                        id,
                        HttpJson.object(
                                "id", partId, "file", file.get("id"), "bytes", file.get("bytes")));
        return part;
    }

    private List<Map<String, @Nullable Object>> parts(String id) {
        Page page = new Page(MOST_PARTS, false, null);
        return data.documents().list(KIND + "_part", id, page).documents().stream()
                .map(Document::json)
                .toList();
    }

    private synchronized void complete(HttpExchange exchange) throws IOException {
        RequestFields request = new RequestFields(exchange.json());
        Document document = pending(exchange);
        Map<String, @Nullable Object> upload = upload(document);
        List<Map<String, @Nullable Object>> chosen = chosen(request, parts(document.id()));
        long bytes = bytes(chosen);
        if (bytes != number(upload, "bytes")) {
            throw request.invalid(
                    "part_ids",
                    "the parts have %d bytes; the upload was announced with %d"
                            .formatted(bytes, number(upload, "bytes")));
        }
        Long life = document.json().get("life") instanceof Number n ? n.longValue() : null;
        upload.put("file", joined(request, upload, chosen, life));
        end(upload, "completed");
        exchange.json(200, upload);
    }

    /// The parts in the order of the request.
    private static List<Map<String, @Nullable Object>> chosen(
            RequestFields request, List<Map<String, @Nullable Object>> parts) {
        List<String> ids = request.strings("part_ids");
        if (ids == null || new HashSet<>(ids).size() < ids.size()) {
            throw request.invalid("part_ids", "expected the ids of the parts, each once");
        }
        List<Map<String, @Nullable Object>> chosen = new ArrayList<>();
        for (String id : ids) {
            chosen.add(
                    parts.stream()
                            .filter(part -> id.equals(part.get("id")))
                            .findFirst()
                            .orElseThrow(() ->
                                    request.invalid("part_ids", "there is no part '" + id + "'")));
        }
        return chosen;
    }

    private Map<String, @Nullable Object> joined(
            RequestFields request,
            Map<String, @Nullable Object> upload,
            List<Map<String, @Nullable Object>> parts,
            @Nullable Long life)
            throws IOException {
        List<InputStream> streams = new ArrayList<>();
        MessageDigest md5 = md5();
        try {
            for (Map<String, @Nullable Object> part : parts) {
                Path content = files.content(String.valueOf(part.get("file")));
                streams.add(Files.newInputStream(content));
            }
            InputStream all = new SequenceInputStream(Collections.enumeration(streams));
            Map<String, @Nullable Object> file =
                    files.add(
                            String.valueOf(upload.get("filename")),
                            String.valueOf(upload.get("purpose")),
                            new DigestInputStream(all, md5),
                            life);
            String expected = request.string("md5");
            String found = HexFormat.of().formatHex(md5.digest());
            if (expected != null && !expected.equalsIgnoreCase(found)) {
                files.delete(String.valueOf(file.get("id")));
                throw request.invalid("md5", "the parts have " + found + ", expected " + expected);
            }
            return file;
        } finally {
            for (InputStream stream : streams) {
                stream.close();
            }
        }
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void cancel(HttpExchange exchange) throws IOException {
        Map<String, @Nullable Object> upload = upload(pending(exchange));
        end(upload, "cancelled");
        exchange.json(200, upload);
    }

    private void end(Map<String, @Nullable Object> upload, String status) {
        String id = String.valueOf(upload.get("id"));
        upload.put("status", status);
        for (Map<String, @Nullable Object> part : parts(id)) {
            data.documents().delete(KIND + "_part", String.valueOf(part.get("id")));
            files.delete(String.valueOf(part.get("file")));
        }
        store(upload, null);
    }
}
