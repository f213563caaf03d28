package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lists and descriptions of repositories.
final class InfoRoutes {
    private final Repositories repositories;
    private final HubAccess access;

    private InfoRoutes(HubApi api) {
        this.repositories = api.repositories();
        this.access = api.access();
    }

    static void mount(HubApi api) {
        InfoRoutes routes = new InfoRoutes(api);
        for (RepoKind kind : RepoKind.values()) {
            api.plain("GET", "/api/" + kind.plural(), (x, caller) -> routes.list(x, caller, kind));
        }
        api.repo("GET", "", HubAccess.Need.SEE, routes::info);
        api.repo("GET", "/scan", HubAccess.Need.SEE, routes::scan);
        api.repo("GET", "/revision/{revision}", HubAccess.Need.SEE, routes::info);
    }

    private void list(HttpExchange exchange, Caller caller, RepoKind kind) throws IOException {
        access.checkBrowse(caller);
        RepoQuery.Page page =
                RepoQuery.of(exchange, kind, caller, repositories.data().dialect())
                        .run(repositories.data());
        boolean full =
                HubApi.flag(exchange.query("full"))
                        || exchange.queryAll("expand").contains("siblings");
        List<Object> found = new ArrayList<>();
        for (Repo repo : page.repos()) {
            Map<String, @Nullable Object> json = description(repo);
            if (full) {
                try (Snapshot files = repositories.snapshot(repo, repo.head())) {
                    json.put("siblings", siblings(files, false));
                }
            }
            found.add(json);
        }
        String next = page.next();
        if (next != null) {
            exchange.set("Link", "<" + Links.with(exchange, "cursor", next) + ">; rel=\"next\"");
        }
        exchange.json(200, found);
    }

    private static List<Object> siblings(Snapshot files, boolean blobs) {
        return files.files().stream().map(f -> (Object) f.sibling(blobs)).toList();
    }

    private void info(RepoRequest request) throws IOException {
        HttpExchange exchange = request.exchange();
        Repo repo = request.repo();
        try (Snapshot files = request.snapshot()) {
            Map<String, @Nullable Object> json = description(repo);
            if (!files.commit().name().equals(repo.head())) {
                describe(json, repo, RepoSummary.of(repo.name().kind(), files).text());
            }
            json.put("sha", files.commit().name());
            json.put("lastModified", Times.text(files.time()));
            if (HubApi.flag(exchange.query("securityStatus"))) {
                json.put(
                        "securityRepoStatus",
                        repositories.scans().status(repo.id(), files.files()));
            }
            json.put("siblings", siblings(files, HubApi.flag(exchange.query("blobs"))));
            json.put("usedStorage", repositories.large().used(repo.id()));
            exchange.set("X-Repo-Commit", files.commit().name());
            exchange.json(200, json);
        }
    }

    /// The files of `main` that are not safe, in every detail.
    private void scan(RepoRequest request) throws IOException {
        Repo repo = request.repo();
        try (Snapshot files = request.snapshot()) {
            List<FileEntry> all = files.files();
            Map<String, @Nullable Object> json = repositories.scans().status(repo.id(), all);
            json.put("sha", files.commit().name());
            json.put("blockUnsafe", repo.blocksUnsafe());
            json.put("files", repositories.scans().details(repo.id(), all));
            request.exchange().json(200, json);
        }
    }

    /// What is known without a look at the files.
    private static Map<String, @Nullable Object> description(Repo repo) {
        RepoName name = repo.name();
        Map<String, @Nullable Object> json =
                HttpJson.object(
                        "_id", repo.stableId(),
                        "id", name.id(),
                        "author", name.namespace(),
                        "sha", repo.head(),
                        "lastModified", Times.text(repo.modified()),
                        "createdAt", Times.text(repo.created()),
                        "private", repo.hidden(),
                        "gated", repo.isGated() ? repo.gated() : false,
                        "disabled", false,
                        "downloads", repo.downloads(),
                        "likes", repo.likes(),
                        "trendingScore", 0);
        if (name.kind() == RepoKind.MODEL) {
            json.put("modelId", name.id());
        }
        describe(json, repo, repo.summary());
        return json;
    }

    private static void describe(
            Map<String, @Nullable Object> json, Repo repo, String summaryText) {
        Map<String, @Nullable Object> summary = RepoSummary.parse(summaryText);
        json.put("tags", summary.getOrDefault("tags", List.of()));
        json.put("cardData", summary.get("cardData"));
        List<String> keys =
                switch (repo.name().kind()) {
                    case MODEL -> List.of("pipeline_tag", "library_name", "config");
                    case SPACE -> List.of("sdk");
                    case DATASET -> List.of();
                };
        for (String key : keys) {
            if (summary.get(key) != null) {
                json.put(key, summary.get(key));
            }
        }
    }
}
