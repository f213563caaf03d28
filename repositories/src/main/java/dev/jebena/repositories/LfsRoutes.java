package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Large files as git-lfs moves them (docs/api/batch.md there), with Hugging Face's upload in
/// parts. Addresses of bytes carry their own right, for one file of one repository.
final class LfsRoutes {
    private static final String TYPE = "application/vnd.git-lfs+json";
    private static final int MOST_OBJECTS = 10_000;

    private final Repositories repositories;
    private final HubAccess access;
    private final LfsObjects large;

    private LfsRoutes(HubApi api) {
        this.repositories = api.repositories();
        this.access = api.access();
        this.large = repositories.large();
    }

    static void mount(HubApi api) {
        LfsRoutes routes = new LfsRoutes(api);
        api.page("POST", "/info/lfs/objects/batch", HubAccess.Need.SEE, routes::batch);
        api.page("POST", "/info/lfs/locks/verify", HubAccess.Need.SEE, LfsRoutes::noLocks);
        LfsTransfers.mount(api);
    }

    private static void noLocks(RepoRequest request) throws IOException {
        request.exchange()
                .bytes(
                        200,
                        TYPE,
                        HttpJson.bytes(HttpJson.object("ours", List.of(), "theirs", List.of())));
    }

    private void batch(RepoRequest request) throws IOException {
        HttpExchange exchange = request.exchange();
        Map<String, @Nullable Object> body = exchange.json();
        boolean upload =
                switch (HubApi.required(body, "operation")) {
                    case "upload" -> true;
                    case "download" -> false;
                    default -> throw HubError.bad("\"operation\" must be upload or download");
                };
        access.check(
                request.caller(),
                request.repo(),
                upload ? HubAccess.Need.WRITE : HubAccess.Need.READ);
        if (!(body.get("objects") instanceof List<?> objects) || objects.size() > MOST_OBJECTS) {
            throw HubError.bad("\"objects\" must be a list of at most " + MOST_OBJECTS);
        }
        boolean parts =
                body.get("transfers") instanceof List<?> known && known.contains("multipart");
        List<Object> answers = new ArrayList<>();
        boolean anyParts = false;
        for (Object object : objects) {
            Map<String, @Nullable Object> wanted = HttpJson.objectOf(object);
            ContentId oid = ContentId.parse(HubApi.required(wanted, "oid"));
            if (!(wanted.get("size") instanceof Long size) || size < 0) {
                throw HubError.bad("\"size\" of " + oid.hex() + " must be a number");
            }
            boolean inParts = upload && parts && size > repositories.options().partBytes();
            anyParts |= inParts;
            answers.add(
                    upload ? upload(request, oid, size, inParts) : download(request, oid, size));
        }
        Map<String, @Nullable Object> reply =
                HttpJson.object(
                        "transfer",
                        anyParts ? "multipart" : "basic",
                        "objects",
                        answers,
                        "hash_algo",
                        "sha256");
        exchange.bytes(200, TYPE, HttpJson.bytes(reply));
    }

    private Object download(RepoRequest request, ContentId oid, long size) {
        Optional<Long> known = large.size(request.repo().id(), oid);
        Map<String, @Nullable Object> answer =
                HttpJson.object("oid", oid.hex(), "size", known.orElse(size));
        if (known.isEmpty()) {
            answer.put("error", HttpJson.object("code", 404, "message", "Object does not exist"));
            return answer;
        }
        if (repositories.scans().blocks(request.repo(), oid.hex())) {
            answer.put("error", HttpJson.object("code", 403, "message", "The file is not safe"));
            return answer;
        }
        String href = LfsTransfers.href(request, "get", oid, known.get(), "");
        answer.put("authenticated", true);
        answer.put("actions", HttpJson.object("download", action(href)));
        return answer;
    }

    private static Map<String, @Nullable Object> action(String href) {
        return HttpJson.object("href", href, "header", HttpJson.object());
    }

    /// No actions for a file that the repository has.
    private Object upload(RepoRequest request, ContentId oid, long size, boolean inParts) {
        Map<String, @Nullable Object> answer = HttpJson.object("oid", oid.hex(), "size", size);
        Optional<Long> known = large.size(request.repo().id(), oid);
        if (known.isPresent()) {
            if (known.get() != size) {
                String message = "The size is " + known.get() + ", not " + size;
                answer.put("error", HttpJson.object("code", 422, "message", message));
            }
            large.touch(request.repo().id(), oid);
            return answer;
        }
        answer.put("authenticated", true);
        answer.put(
                "actions",
                HttpJson.object(
                        "upload",
                        inParts
                                ? parts(request, oid, size)
                                : action(LfsTransfers.href(request, "put", oid, size, "")),
                        "verify",
                        action(LfsTransfers.href(request, "verify", oid, size, "/verify"))));
        return answer;
    }

    /// The header names each part's address, and the size of all but the last.
    private Map<String, @Nullable Object> parts(RepoRequest request, ContentId oid, long size) {
        long part = repositories.options().partBytes();
        int count = (int) ((size + part - 1) / part);
        if (count > 10_000) {
            throw HubError.bad("A file of " + size + " bytes is too large");
        }
        Map<String, @Nullable Object> header = HttpJson.object("chunk_size", Long.toString(part));
        for (int i = 1; i <= count; i++) {
            long length = Math.min(part, size - (i - 1) * part);
            header.put(
                    Integer.toString(i),
                    LfsTransfers.href(request, "put", oid, length, "/parts/" + i));
        }
        String complete = LfsTransfers.href(request, "complete", oid, size, "/complete/" + count);
        return HttpJson.object("href", complete, "header", header);
    }
}
