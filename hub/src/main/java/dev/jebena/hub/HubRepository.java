package dev.jebena.hub;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A model repository on a Hugging Face-compatible hub, at one revision.
final class HubRepository {
    private static final int MAX_SMALL = 32 << 20;

    private final HubClient client;
    private final RepoId id;
    private final String revision;

    HubRepository(
            HttpFetch http, String endpoint, String id, String revision, @Nullable String token) {
        this.client =
                HubClient.of(
                        HubSettings.of(Map.of()).withEndpoint(endpoint).withToken(token), http);
        this.id = RepoId.model(id);
        this.revision = revision;
    }

    String name() {
        return "hub " + client.settings().endpoint() + ", " + id;
    }

    Map<String, String> headers() {
        return client.calls().credentials();
    }

    /// The licence that the model's card states; an empty one when it states none.
    ModelLicense license() {
        JsonObject info =
                client.calls().get(HubClient.api(id)).object("the hub's description of " + id);
        JsonObject card = info.objectOrEmpty("cardData");
        String license = card.get("license") instanceof String text ? text : "";
        if (license.isEmpty()) {
            for (String tag : info.strings("tags")) {
                if (tag.startsWith("license:")) {
                    license = tag.substring("license:".length());
                }
            }
        }
        if (license.equals("other") && card.get("license_name") instanceof String name) {
            license = name;
        }
        String link = card.get("license_link") instanceof String url ? url : "";
        return new ModelLicense(license, "", link);
    }

    List<RemoteFile> files() {
        return client.files(id, revision);
    }

    /// Where a file's bytes are.
    URI address(String path) {
        return new FileBytes(client.calls(), id, revision).address(path);
    }

    /// The bytes of a small file.
    byte[] bytes(RemoteFile file) {
        return client.bytes(id, revision, file, MAX_SMALL);
    }
}
