package dev.jebena.serving;

import dev.jebena.base.ContentId;
import dev.jebena.base.DocumentStore.Document;
import dev.jebena.base.DocumentStore.Listed;
import dev.jebena.base.DocumentStore.Page;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import dev.jebena.base.PathLock;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Files that clients uploaded and that batches wrote: their contents as blobs, what is known of
/// them as documents. Equal contents are kept once.
final class StoredFiles {
    static final long LARGEST = 512L << 20;

    /// Purpose of files that are no client's.
    static final String HIDDEN = "internal";

    private static final String KIND = "file";
    private static final int MOST = 1_000_000;

    private final ServerData data;

    StoredFiles(ServerData data) {
        this.data = data;
    }

    /// Stores a file and returns its object.
    ///
    /// @param lifetime seconds until it goes; null for never
    Map<String, @Nullable Object> add(
            String name, String purpose, InputStream content, @Nullable Long lifetime) {
        try (PathLock _ = data.blobs().hold()) {
            ContentId blob = data.blobs().put(content, LARGEST, null, _ -> {});
            String id = "file-" + OpenAiChatReply.newId();
            long now = Instant.now().getEpochSecond();
            Map<String, @Nullable Object> file =
                    HttpJson.object(
                            "id",
                            id,
                            "object",
                            "file",
                            "bytes",
                            data.blobs().size(blob),
                            "created_at",
                            now,
                            "expires_at",
                            lifetime == null ? null : now + lifetime,
                            "filename",
                            name,
                            "purpose",
                            purpose,
                            "status",
                            "processed",
                            "status_details",
                            null);
            data.documents().put(KIND, id, null, HttpJson.object("file", file, "blob", blob.hex()));
            return file;
        }
    }

    private Document find(String id) {
        Document document = data.documents().get(KIND, id).orElseThrow(() -> missing(id));
        if (expired(document)) {
            delete(id);
            throw missing(id);
        }
        return document;
    }

    private static HttpException missing(String id) {
        return new HttpException(404, "file_not_found", "No such File object: " + id).param("id");
    }

    private static boolean expired(Document document) {
        return file(document).get("expires_at") instanceof Number time
                && time.longValue() <= Instant.now().getEpochSecond();
    }

    private static Map<String, @Nullable Object> file(Document document) {
        return HttpJson.objectOf(document.json().get("file"));
    }

    private static ContentId blob(Document document) {
        return new ContentId(String.valueOf(document.json().get("blob")));
    }

    /// The file's object. Throws [HttpException] 404.
    Map<String, @Nullable Object> get(String id) {
        return file(find(id));
    }

    /// Where the content lies. Throws [HttpException] 404.
    Path content(String id) {
        return data.blobs().path(blob(find(id)));
    }

    /// Removes the file, and its content if no other has it. Throws [HttpException] 404.
    void delete(String id) {
        if (!data.documents().delete(KIND, id)) {
            throw missing(id);
        }
        data.blobs().collect(this::referenced);
    }

    private Set<ContentId> referenced() {
        Set<ContentId> blobs = new HashSet<>();
        for (Document document : all()) {
            blobs.add(blob(document));
        }
        return blobs;
    }

    private List<Document> all() {
        return data.documents().list(KIND, null, new Page(MOST, false, null)).documents();
    }

    /// A part of the list.
    ///
    /// @param purpose only files for this; null for all
    Map<String, @Nullable Object> list(@Nullable String purpose, Page page) {
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        Page next = page;
        while (true) {
            Listed listed = data.documents().list(KIND, null, next);
            for (Document document : listed.documents()) {
                Map<String, @Nullable Object> file = file(document);
                boolean wanted =
                        purpose == null
                                ? !HIDDEN.equals(file.get("purpose"))
                                : purpose.equals(file.get("purpose"));
                if (wanted && !expired(document)) {
                    if (found.size() == page.limit()) {
                        return ListPage.reply(found, true);
                    }
                    found.add(file);
                }
            }
            if (!listed.more()) {
                return ListPage.reply(found, false);
            }
            next = new Page(page.limit(), page.newestFirst(), listed.documents().getLast().id());
        }
    }

    /// Removes what has expired.
    void sweep() {
        all().stream().filter(StoredFiles::expired).forEach(document -> delete(document.id()));
    }
}
