package dev.jebena.data;

import dev.jebena.base.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Data sets of a Hugging Face-compatible hub: files that its cache on this machine has are read
/// from there, others where they lie.
///
/// @param endpoint such as `https://huggingface.co`
/// @param cache the folder of the Python client's cache, with `datasets--ORG--NAME` in it
/// @param token empty: none
/// @param offline true: the cache only
public record HubFiles(String endpoint, Path cache, String token, boolean offline)
        implements LoadOptions.Hub {
    private static final int MAX_REPLY = 64 << 20;
    private static final int MAX_FILES = 1_000_000;
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// As the environment says, with the Python client's names: `HF_ENDPOINT`, `HF_TOKEN`,
    /// `HF_HUB_CACHE`, `HF_HOME`, `HF_HUB_OFFLINE`.
    static HubFiles standard() {
        Map<String, String> set = System.getenv();
        String home =
                set.getOrDefault(
                        "HF_HOME",
                        Path.of(System.getProperty("user.home"), ".cache", "huggingface")
                                .toString());
        return new HubFiles(
                set.getOrDefault("HF_ENDPOINT", "https://huggingface.co").replaceAll("/+$", ""),
                Path.of(set.getOrDefault("HF_HUB_CACHE", Path.of(home, "hub").toString())),
                set.getOrDefault("HF_TOKEN", ""),
                set.getOrDefault("HF_HUB_OFFLINE", "0").matches("(?i)1|true|yes|on"));
    }

    @Override
    public List<DataFile> files(String repository, String revision) {
        if (offline) {
            return cached(repository, revision, null);
        }
        try {
            return listed(repository, revision);
        } catch (Problem e) {
            if (e.code() != Problem.Code.UNREACHABLE) {
                throw e;
            }
            return cached(repository, revision, e);
        }
    }

    private Path folder(String repository) {
        return cache.resolve("datasets--" + repository.replace("/", "--"));
    }

    private List<DataFile> cached(
            String repository, String revision, @Nullable Problem unreachable) {
        Path snapshot = snapshot(repository, revision);
        if (snapshot == null) {
            throw new Problem(
                    Problem.Code.NOT_FOUND,
                    "%s is not in the cache %s%s"
                            .formatted(
                                    repository,
                                    cache,
                                    unreachable == null
                                            ? ", and HF_HUB_OFFLINE is set"
                                            : ", and " + unreachable.getMessage()),
                    "set HF_ENDPOINT to a hub that has it",
                    unreachable);
        }
        try (Stream<Path> paths = Files.walk(snapshot)) {
            return paths.filter(Files::isRegularFile)
                    .map(p -> DataFile.of(p, name(snapshot, p)))
                    .toList();
        } catch (IOException e) {
            throw Problem.storage("cannot read " + snapshot, e);
        }
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    /// The cache's folder of a branch, tag or commit; null when there is none.
    private @Nullable Path snapshot(String repository, String revision) {
        Path reference = folder(repository).resolve("refs").resolve(revision).normalize();
        try {
            String commit =
                    reference.startsWith(folder(repository)) && Files.isRegularFile(reference)
                            ? Files.readString(reference).strip()
                            : revision;
            Path snapshot = folder(repository).resolve("snapshots").resolve(commit).normalize();
            boolean inside = snapshot.startsWith(folder(repository).resolve("snapshots"));
            return inside && commit.matches("[0-9a-f]{7,64}") && Files.isDirectory(snapshot)
                    ? snapshot
                    : null;
        } catch (IOException e) {
            throw Problem.storage("cannot read " + reference, e);
        }
    }

    private Map<String, String> headers() {
        return token.isBlank() ? Map.of() : Map.of("Authorization", "Bearer " + token.strip());
    }

    private List<DataFile> listed(String repository, String revision) {
        String api = endpoint + "/api/datasets/" + repository;
        String commit = commit(api, revision);
        Path snapshot = commit == null ? null : snapshot(repository, commit);
        String at = commit == null ? revision : commit;
        List<DataFile> files = new ArrayList<>();
        URI next = URI.create(api + "/tree/" + encodeWhole(at) + "?recursive=true");
        while (next != null) {
            HttpResponse<InputStream> response = get(next);
            for (JsonNode item : json(next, response)) {
                if (item.path("type").asString("file").equals("file")) {
                    files.add(file(repository, at, item, snapshot));
                }
            }
            if (files.size() > MAX_FILES) {
                throw new Problem(
                        Problem.Code.TOO_LARGE,
                        "%s has more than %,d files".formatted(repository, MAX_FILES));
            }
            Matcher link = NEXT.matcher(response.headers().firstValue("Link").orElse(""));
            URI following = link.find() ? next.resolve(link.group(1)) : null;
            boolean same =
                    following != null && next.getAuthority().equals(following.getAuthority());
            next = same ? following : null;
        }
        return files;
    }

    /// The commit that a branch or tag stands for, so that all files are of one state.
    private @Nullable String commit(String api, String revision) {
        URI address = URI.create(api + "/revision/" + encodeWhole(revision));
        String sha = json(address, get(address)).path("sha").asString("");
        return sha.matches("[0-9a-f]{7,64}") ? sha : null;
    }

    private DataFile file(
            String repository, String revision, JsonNode item, @Nullable Path snapshot) {
        String path = item.path("path").asString("");
        long size = item.path("lfs").path("size").asLong(item.path("size").asLong(-1));
        if (snapshot != null) {
            Path local = snapshot.resolve(path).normalize();
            if (local.startsWith(snapshot) && Files.isRegularFile(local)) {
                return DataFile.of(local, path);
            }
        }
        URI address =
                URI.create(
                        "%s/datasets/%s/resolve/%s/%s"
                                .formatted(
                                        endpoint, repository, encodeWhole(revision), encode(path)));
        return HttpDataFile.of(address, path, size, headers());
    }

    private static String encode(String path) {
        return Stream.of(path.split("/"))
                .map(HubFiles::encodeWhole)
                .collect(Collectors.joining("/"));
    }

    /// The slash of a branch's name too.
    private static String encodeWhole(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpResponse<InputStream> get(URI address) {
        try {
            return HttpDataFile.get(address, headers(), null);
        } catch (IOException e) {
            throw new Problem(Problem.Code.UNREACHABLE, address + ": " + e.getMessage(), null, e);
        }
    }

    private static JsonNode json(URI address, HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                throw HttpDataFile.refused(address, response.statusCode());
            }
            byte[] bytes = body.readNBytes(MAX_REPLY + 1);
            if (bytes.length > MAX_REPLY) {
                throw new Problem(Problem.Code.BAD_GATEWAY, address + " answers too much");
            }
            return JSON.readTree(bytes);
        } catch (IOException | JacksonException e) {
            throw new Problem(
                    Problem.Code.BAD_GATEWAY,
                    address + " does not answer with JSON: " + e.getMessage(),
                    null,
                    e);
        }
    }
}
