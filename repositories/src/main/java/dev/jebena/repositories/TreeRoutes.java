package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.treewalk.filter.AndTreeFilter;
import org.eclipse.jgit.treewalk.filter.PathFilter;
import org.eclipse.jgit.treewalk.filter.TreeFilter;
import org.jspecify.annotations.Nullable;

/// What lies in a repository at a revision, and how it came there.
final class TreeRoutes {
    /// Entries on one page; fewer where each is told its last commit.
    private static final int PAGE = 1000;

    private static final int PAGE_EXPANDED = 100;
    private static final int PAGE_COMMITS = 50;
    private static final int MOST_PATHS = 1000;

    private TreeRoutes() {}

    static void mount(HubApi api) {
        api.repo("GET", "/tree/{revision}", HubAccess.Need.SEE, r -> tree(r, ""));
        api.repo(
                "GET",
                "/tree/{revision}/{path...}",
                HubAccess.Need.SEE,
                r -> tree(r, RepoPath.trimmed(r.exchange().parameter("path"))));
        api.repo("POST", "/paths-info/{revision}", HubAccess.Need.SEE, TreeRoutes::pathsInfo);
        api.repo("GET", "/commits/{revision}", HubAccess.Need.SEE, TreeRoutes::commits);
    }

    private static void tree(RepoRequest request, String folder) throws IOException {
        HttpExchange exchange = request.exchange();
        boolean expand = HubApi.flag(exchange.query("expand"));
        int most = limit(exchange, expand ? PAGE_EXPANDED : PAGE);
        try (Snapshot files = request.snapshot()) {
            List<FileEntry> all = files.list(folder, HubApi.flag(exchange.query("recursive")));
            int from = start(all, exchange.query("cursor"));
            List<FileEntry> page = all.subList(from, Math.min(all.size(), from + most));
            if (from + most < all.size()) {
                String cursor = encoded(page.getLast().path());
                exchange.set(
                        "Link", "<" + Links.with(exchange, "cursor", cursor) + ">; rel=\"next\"");
            }
            exchange.set("X-Repo-Commit", files.commit().name());
            exchange.json(200, json(request, files, page, expand));
        }
    }

    private static int limit(HttpExchange exchange, int most) {
        String limit = exchange.query("limit");
        boolean given = limit != null && limit.matches("[1-9][0-9]{0,8}");
        return given ? Math.min(most, Integer.parseInt(limit)) : most;
    }

    private static String encoded(String path) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(path.getBytes(StandardCharsets.UTF_8));
    }

    /// Behind the entry that the cursor names.
    private static int start(List<FileEntry> all, @Nullable String cursor) {
        if (cursor == null) {
            return 0;
        }
        try {
            String path = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).path().equals(path)) {
                    return i + 1;
                }
            }
        } catch (IllegalArgumentException _) {
            // As below.
        }
        throw HubError.bad("Invalid cursor: " + cursor);
    }

    private static List<Object> json(
            RepoRequest request, Snapshot files, List<FileEntry> entries, boolean expand) {
        Map<String, Scans.Scan> scans =
                expand ? request.repositories().scans().of(request.repo().id(), entries) : Map.of();
        Map<String, RevCommit> last =
                expand
                        ? PathHistory.of(files, entries.stream().map(FileEntry::path).toList())
                        : Map.of();
        List<Object> found = new ArrayList<>();
        for (FileEntry entry : entries) {
            Map<String, @Nullable Object> json = entry.json();
            if (expand) {
                RevCommit commit = Objects.requireNonNull(last.get(entry.path()));
                json.put("lastCommit", PathHistory.json(commit));
                Scans.Scan scan = scans.get(entry.etag());
                json.put("securityFileStatus", scan == null ? null : scan.json());
            }
            found.add(json);
        }
        return found;
    }

    /// The paths come as a form, or as JSON from JavaScript.
    private static void pathsInfo(RepoRequest request) throws IOException {
        HttpExchange exchange = request.exchange();
        Set<String> paths = new LinkedHashSet<>();
        boolean expand;
        String type = exchange.header("Content-Type");
        if (type != null && type.startsWith("application/json")) {
            Map<String, @Nullable Object> body = exchange.json();
            if (!(body.get("paths") instanceof List<?> list)) {
                throw HubError.bad("\"paths\" must be a list");
            }
            list.forEach(p -> paths.add(String.valueOf(p)));
            expand = Boolean.TRUE.equals(body.get("expand"));
        } else {
            FormFields form = FormFields.of(exchange);
            paths.addAll(form.all("paths"));
            expand = HubApi.flag(form.first("expand"));
        }
        if (paths.size() > MOST_PATHS) {
            throw HubError.tooLarge("At most " + MOST_PATHS + " paths can be asked for at once");
        }
        try (Snapshot files = request.snapshot()) {
            List<FileEntry> found = new ArrayList<>();
            for (String path : paths) {
                files.entry(RepoPath.trimmed(path)).ifPresent(found::add);
            }
            exchange.json(200, json(request, files, found, expand));
        }
    }

    private static void commits(RepoRequest request) throws IOException {
        HttpExchange exchange = request.exchange();
        int most = limit(exchange, PAGE_COMMITS);
        String page = exchange.query("p");
        int skipped = page != null && page.matches("[0-9]{1,7}") ? Integer.parseInt(page) : 0;
        try (Snapshot files = request.snapshot()) {
            files.walk().sort(RevSort.TOPO);
            files.walk().markStart(files.commit());
            String path = exchange.query("path");
            if (path != null && !RepoPath.trimmed(path).isEmpty()) {
                files.walk()
                        .setTreeFilter(
                                AndTreeFilter.create(
                                        PathFilter.create(RepoPath.checked(path)),
                                        TreeFilter.ANY_DIFF));
            }
            List<Object> found = new ArrayList<>();
            long from = (long) skipped * most;
            long at = 0;
            for (RevCommit commit : files.walk()) {
                if (at >= from && found.size() < most) {
                    files.walk().parseBody(commit);
                    found.add(json(commit));
                }
                at++;
            }
            exchange.set("X-Total-Count", Long.toString(at));
            if (from + most < at) {
                exchange.set(
                        "Link",
                        "<"
                                + Links.with(exchange, "p", Integer.toString(skipped + 1))
                                + ">; rel=\"next\"");
            }
            exchange.json(200, found);
        }
    }

    private static Map<String, @Nullable Object> json(RevCommit commit) {
        String title = commit.getShortMessage();
        String full = commit.getFullMessage();
        String rest = full.startsWith(title) ? full.substring(title.length()).strip() : full;
        return HttpJson.object(
                "id", commit.name(),
                "title", title,
                "message", rest,
                "authors",
                        List.of(
                                HttpJson.object(
                                        "user", commit.getAuthorIdent().getName(), "avatar", "")),
                "date", Times.text(commit.getCommitTime() * 1000L),
                "parents", Arrays.stream(commit.getParents()).map(RevCommit::name).toList());
    }
}
