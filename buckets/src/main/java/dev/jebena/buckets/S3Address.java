package dev.jebena.buckets;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where blobs lie: `s3://BUCKET/PREFIX?region=REGION&endpoint=URL`. Credentials are found where
/// the AWS tools find them: the environment, `~/.aws`, the machine's role.
///
/// @param prefix what the names of all objects begin with: empty, or ending in a slash
/// @param endpoint of a server that is not Amazon's; null for theirs
/// @param region null for that of the environment
public record S3Address(
        String bucket, String prefix, @Nullable URI endpoint, @Nullable String region) {
    private static final Set<String> KNOWN = Set.of("endpoint", "region");

    /// Throws IllegalArgumentException for what is no such address.
    public static S3Address parse(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException _) {
            throw wrong(text, "it is no address");
        }
        String bucket = uri.getAuthority();
        if (!"s3".equals(uri.getScheme()) || bucket == null || bucket.isBlank()) {
            throw wrong(text, "it does not begin with s3:// and a bucket");
        }
        String path = uri.getPath() == null ? "" : uri.getPath().replaceAll("^/+|/+$", "");
        Map<String, String> values = values(text, uri.getRawQuery());
        String endpoint = values.get("endpoint");
        return new S3Address(
                bucket,
                path.isEmpty() ? "" : path + "/",
                endpoint == null ? null : URI.create(endpoint),
                values.get("region"));
    }

    private static Map<String, String> values(String text, @Nullable String query) {
        Map<String, String> values = new HashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (equals < 0 || !KNOWN.contains(name)) {
                throw wrong(text, "unknown: " + pair);
            }
            values.put(name, URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return values;
    }

    private static IllegalArgumentException wrong(String text, String why) {
        return new IllegalArgumentException(
                "%s: %s; expected s3://BUCKET/PREFIX?region=REGION&endpoint=URL"
                        .formatted(text, why));
    }
}
