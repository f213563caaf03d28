package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;

/// A request about a repository that the caller may see.
record RepoRequest(Repositories repositories, HttpExchange exchange, Caller caller, Repo repo) {
    /// The revision of the path; `main` where the path has none.
    String revision() {
        return exchange.parameterOr("revision", Repo.MAIN);
    }

    /// The files at that revision.
    Snapshot snapshot() {
        return repositories.snapshot(repo, revision());
    }

    /// The address of the repository's page.
    String url() {
        return exchange.baseUrl() + "/" + repo.name().path();
    }

    /// Throws unless the caller may write to the repository.
    void checkWrite() {
        caller.writer();
        if (!caller.mayWrite(repo.name().namespace())) {
            throw HubError.mayNotWrite(repo.name().namespace());
        }
        repositories.checkOwn(repo);
    }
}
