package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a pushed manifest must be like: JSON whose blobs, or manifests, were pushed before.
final class OciManifest {
    private static final String DEFAULT_TYPE = "application/vnd.oci.image.manifest.v1+json";

    private OciManifest() {}

    private static Map<String, @Nullable Object> json(byte[] content) {
        try {
            return HttpJson.objectOf(HttpJson.parse(content));
        } catch (HttpException e) {
            throw OciError.of(400, "MANIFEST_INVALID", e.message());
        }
    }

    static String typeOf(byte[] content) {
        return json(content).get("mediaType") instanceof String type ? type : DEFAULT_TYPE;
    }

    /// Throws MANIFEST_INVALID or MANIFEST_BLOB_UNKNOWN.
    static void check(byte[] content, Predicate<ContentId> blobs, Predicate<String> manifests) {
        Map<String, @Nullable Object> json = json(content);
        List<Object> needed = new ArrayList<>();
        if (json.get("config") != null) {
            needed.add(json.get("config"));
        }
        if (json.get("layers") instanceof List<?> layers) {
            needed.addAll(layers);
        }
        for (Object part : needed) {
            ContentId digest = digest(part);
            if (!blobs.test(digest)) {
                throw OciError.of(
                        404, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry: " + digest);
            }
        }
        if (json.get("manifests") instanceof List<?> inner) {
            for (Object part : inner) {
                String digest = digest(part).toString();
                if (!manifests.test(digest)) {
                    throw OciError.of(404, "MANIFEST_BLOB_UNKNOWN", "manifest unknown: " + digest);
                }
            }
        }
    }

    private static ContentId digest(Object part) {
        if (part instanceof Map<?, ?> map
                && map.get("digest") instanceof String digest
                && digest.matches("sha256:[0-9a-f]{64}")) {
            return ContentId.parse(digest);
        }
        throw OciError.of(400, "MANIFEST_INVALID", "a part of the manifest has no digest");
    }
}
