package dev.jebena.hub;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which hub is used, as whom, and where its files are kept: the settings of Hugging Face's Python
/// client, so that both programs share a login and a cache.
///
/// @param endpoint the hub's address, without a slash at its end
/// @param token who asks; null for anybody
/// @param cache the folder of downloaded repositories
/// @param offline use only what is in the cache
public record HubSettings(String endpoint, @Nullable String token, Path cache, boolean offline) {
    private static final String STANDARD = "https://huggingface.co";
    private static final int MAX_TOKEN = 4096;

    public HubSettings {
        endpoint = endpoint.strip().replaceAll("/+$", "");
        if (!endpoint.matches("(?i)https?://[^/?#\\s]+(/[^?#\\s]*)?")) {
            throw new Problem(
                    Problem.Code.BAD_REQUEST,
                    "'" + endpoint + "' is no address of a hub",
                    "HF_ENDPOINT is written as in " + STANDARD);
        }
    }

    /// `HF_ENDPOINT`, `HF_TOKEN` (else the file `HF_TOKEN_PATH` that a login left), `HF_HUB_CACHE`
    /// and `HF_HUB_OFFLINE`.
    public static HubSettings of(Map<String, String> environment) {
        String cache = setting(environment, "HF_HUB_CACHE");
        String offline = setting(environment, "HF_HUB_OFFLINE");
        return new HubSettings(
                endpoint(environment),
                token(environment),
                cache == null ? home(environment).resolve("hub") : Path.of(cache),
                offline != null && offline.matches("(?i)1|on|yes|true"));
    }

    /// The hub of the settings.
    static String endpoint(Map<String, String> environment) {
        String endpoint = setting(environment, "HF_ENDPOINT");
        return endpoint == null ? STANDARD : endpoint;
    }

    static @Nullable String token(Map<String, String> environment) {
        String token = setting(environment, "HF_TOKEN");
        return token == null ? stored(tokenFile(environment)) : token;
    }

    private static @Nullable String stored(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_TOKEN) {
                return null;
            }
            String token = Files.readString(file).strip();
            return token.isEmpty() ? null : token;
        } catch (IOException e) {
            throw Problem.storage("cannot read the token in " + file, e);
        }
    }

    /// Where a login keeps its token.
    public static Path tokenFile(Map<String, String> environment) {
        String file = setting(environment, "HF_TOKEN_PATH");
        return file == null ? home(environment).resolve("token") : Path.of(file);
    }

    private static Path home(Map<String, String> environment) {
        String home = setting(environment, "HF_HOME");
        if (home != null) {
            return Path.of(home);
        }
        String caches = setting(environment, "XDG_CACHE_HOME");
        return (caches == null
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(caches))
                .resolve("huggingface");
    }

    private static @Nullable String setting(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    public HubSettings withEndpoint(String other) {
        return new HubSettings(other, token, cache, offline);
    }

    public HubSettings withToken(@Nullable String other) {
        return new HubSettings(endpoint, other, cache, offline);
    }

    public HubSettings withCache(Path other) {
        return new HubSettings(endpoint, token, other, offline);
    }

    public HubSettings withOffline(boolean other) {
        return new HubSettings(endpoint, token, cache, other);
    }

    /// Without the token: it must not reach a log.
    @Override
    public String toString() {
        return "HubSettings[%s, %s, cache %s%s]"
                .formatted(
                        endpoint,
                        token == null ? "no token" : "with a token",
                        cache,
                        offline ? ", offline" : "");
    }
}
