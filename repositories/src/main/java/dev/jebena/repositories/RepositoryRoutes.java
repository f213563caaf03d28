package dev.jebena.repositories;

import dev.jebena.base.Router;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The paths of the hub, as Hugging Face's clients, git, git-lfs, Ollama and `oras` ask for them.
public final class RepositoryRoutes {
    private static final List<String> GUARDED =
            List.of(
                    "/api/models",
                    "/api/datasets",
                    "/api/spaces",
                    "/api/repos/",
                    "/api/whoami-v2",
                    "/api/validate-yaml",
                    "/api/users/",
                    "/api/organizations/",
                    "/api/settings/tokens",
                    "/api/admin/",
                    "/cached-assets/",
                    "/_lfs/",
                    "/_xet/");

    /// Files and git, under the repository's own address.
    private static final Predicate<String> PAGES =
            Pattern.compile(
                            "/(?:(?:datasets|spaces)/)?[^/]+/[^/]+/(?:resolve|raw|ask-access|info|git-upload-pack|git-receive-pack)(?:/.*)?")
                    .asMatchPredicate();

    private RepositoryRoutes() {}

    public static void mount(Router router, Repositories repositories) {
        mount(router, repositories, Map.of());
    }

    /// @param reports what else is told of a repository's files, by the last segment of its path
    public static void mount(
            Router router, Repositories repositories, Map<String, RepoReport> reports) {
        HubAccess access = new HubAccess(repositories, repositories.requests());
        HubApi api = new HubApi(router, repositories, access);
        WhoamiRoutes.mount(api);
        RepoRoutes.mount(api);
        AccessRoutes.mount(api);
        InfoRoutes.mount(api);
        TreeRoutes.mount(api);
        RefRoutes.mount(api);
        CommitRoutes.mount(api);
        CompareRoutes.mount(api);
        DiscussionRoutes.mount(api);
        FileRoutes.mount(api);
        ReportRoutes.mount(api, reports);
        LfsRoutes.mount(api);
        XetRoutes.mount(api);
        XetReadRoutes.mount(api);
        GitRoutes.mount(api);
        ViewerRoutes.mount(api, router);
        OciRoutes.mount(router, repositories, access);
        router.describedBy(RepositoryRoutes.class.getResource("openapi.txt"));
        GUARDED.forEach(router::guarded);
        router.guarded(PAGES);
    }
}
