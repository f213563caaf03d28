package dev.jebena.hub;

import dev.jebena.base.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a user may write for a model that is not a path: a name, or a repository of a hub.
///
/// @param name under which it is stored
/// @param repository the repository on a Hugging Face-compatible hub; null for a name of the
///   catalog or of a registry
record ModelReference(ModelName name, @Nullable Repository repository) {
    static final String HUB_HOST = "hf.co";
    private static final List<String> HUB_HOSTS =
            List.of("hf.co", "huggingface.co", "www.huggingface.co");

    /// @param endpoint the hub's address; null for the one of the settings
    /// @param selector a quantization or a file name; empty to let us choose
    record Repository(@Nullable String endpoint, String id, String revision, String selector) {}

    static ModelReference parse(String text) {
        String trimmed = text.strip();
        String lower = trimmed.toLowerCase(Locale.ROOT);
        if (lower.startsWith("hf://")) {
            return hub(null, HUB_HOST, trimmed.substring("hf://".length()));
        }
        if (lower.startsWith("https://") || lower.startsWith("http://")) {
            return address(trimmed);
        }
        int slash = trimmed.indexOf('/');
        if (slash > 0 && HUB_HOSTS.contains(lower.substring(0, slash))) {
            return hub(null, HUB_HOST, trimmed.substring(slash + 1));
        }
        return new ModelReference(ModelName.parse(trimmed), null);
    }

    private static ModelReference address(String text) {
        try {
            URI uri = new URI(text);
            String host = uri.getHost();
            if (host == null || uri.getPath() == null || uri.getUserInfo() != null) {
                throw Problem.badRequest("not the address of a model: " + text);
            }
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            String path = uri.getPath().replaceAll("^/+|/+$", "");
            return HUB_HOSTS.contains(host.toLowerCase(Locale.ROOT))
                    ? hub(null, HUB_HOST, path)
                    : hub(uri.getScheme() + "://" + host + port, host + port, path);
        } catch (URISyntaxException e) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST, "not an address: " + e.getMessage(), null, e);
        }
    }

    /// `user/repo`, `user/repo:selector`, `user/repo/file`, or with `/resolve/revision/file` as in
    /// the hub's own addresses.
    private static ModelReference hub(@Nullable String endpoint, String host, String path) {
        int colon = path.indexOf(':');
        String selector = colon < 0 ? "" : path.substring(colon + 1);
        String[] parts = (colon < 0 ? path : path.substring(0, colon)).split("/", -1);
        if (parts.length < 2) {
            throw Problem.badRequest(
                    "'%s' is not a repository: expected user/repository".formatted(path));
        }
        String revision = "main";
        int rest = 2;
        if (parts.length > 3 && List.of("resolve", "blob", "tree", "raw").contains(parts[2])) {
            revision = parts[3];
            rest = 4;
        }
        if (parts.length > rest && selector.isEmpty()) {
            selector = String.join("/", List.of(parts).subList(rest, parts.length));
        }
        String last = FileNames.last(selector);
        String tag = !last.isEmpty() ? last : revision.equals("main") ? "latest" : revision;
        ModelName name = new ModelName(host, parts[0], parts[1], tag);
        if (!selector.isEmpty() && !FileNames.isSafe(selector)) {
            throw Problem.badRequest("unsafe file name '" + selector + "'");
        }
        if (!FileNames.isSafe(revision)) {
            throw Problem.badRequest("unsafe revision '" + revision + "'");
        }
        return new ModelReference(
                name, new Repository(endpoint, parts[0] + "/" + parts[1], revision, selector));
    }
}
