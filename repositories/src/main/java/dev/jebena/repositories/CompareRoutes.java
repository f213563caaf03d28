package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevTree;
import org.eclipse.jgit.revwalk.RevWalk;
import org.jspecify.annotations.Nullable;

/// What differs between revisions, and histories made one commit.
final class CompareRoutes {
    private final Repositories repositories;

    private CompareRoutes(Repositories repositories) {
        this.repositories = repositories;
    }

    static void mount(HubApi api) {
        CompareRoutes routes = new CompareRoutes(api.repositories());
        api.repo("GET", "/compare/{compare}", HubAccess.Need.READ, routes::compare);
        api.repo("POST", "/super-squash/{revision}", HubAccess.Need.WRITE, routes::squash);
    }

    /// `A..B` compares two revisions, `A...B` the second with what both come from; `A^` is the
    /// commit before A.
    private void compare(RepoRequest request) throws IOException {
        HttpExchange exchange = request.exchange();
        String[] sides = exchange.parameter("compare").split("\\.{2,3}", 2);
        if (sides.length != 2 || sides[0].isBlank() || sides[1].isBlank()) {
            throw HubError.bad("Expected two revisions as in main..other");
        }
        boolean fork = exchange.parameter("compare").contains("...");
        boolean before = sides[0].endsWith("^");
        String first = before ? sides[0].substring(0, sides[0].length() - 1) : sides[0];
        try (Snapshot from = repositories.snapshot(request.repo(), first);
                Snapshot to = repositories.snapshot(request.repo(), sides[1])) {
            RevTree start = start(to, from.commit(), fork, before);
            RevTree end = to.commit().getTree();
            exchange.set("X-Repo-Commit", to.commit().name());
            if (HubApi.flag(exchange.query("files"))) {
                exchange.json(200, HttpJson.object("files", Diffs.files(to.git(), start, end)));
                return;
            }
            boolean raw = HubApi.flag(exchange.query("raw"));
            Diffs.Form form = raw ? Diffs.Form.NAMES : Diffs.Form.LINES;
            exchange.set("X-Content-Type-Options", "nosniff");
            exchange.bytes(
                    200,
                    "text/plain; charset=utf-8",
                    Diffs.text(to.git(), start, end, form).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static @Nullable RevTree start(
            Snapshot to, RevCommit named, boolean fork, boolean before) throws IOException {
        RevWalk walk = to.walk();
        RevCommit from = walk.parseCommit(named);
        if (before) {
            return from.getParentCount() == 0
                    ? null
                    : walk.parseCommit(from.getParent(0)).getTree();
        }
        if (fork) {
            RevCommit common = PullRequests.common(walk, from, walk.parseCommit(to.commit()));
            return common == null ? null : common.getTree();
        }
        return from.getTree();
    }

    /// The files stay, what led to them is gone.
    private void squash(RepoRequest request) throws IOException {
        HttpExchange exchange = request.exchange();
        String branch = Constants.R_HEADS + request.revision();
        String given = HubApi.text(exchange.json(), "message");
        Account by = request.caller().user();
        try (Snapshot files = repositories.snapshot(request.repo(), branch)) {
            CommitBuilder commit = new CommitBuilder();
            commit.setTreeId(files.commit().getTree());
            commit.setAuthor(repositories.commits().person(by));
            commit.setCommitter(repositories.commits().person(by));
            commit.setMessage(given == null ? "Super-squash branch " + request.revision() : given);
            ObjectId id = Commits.insert(files.git(), commit);
            boolean made =
                    repositories
                            .commits()
                            .publish(
                                    request.repo(),
                                    branch,
                                    files.commit().copy(),
                                    id,
                                    Set.of(),
                                    sql -> GitRefs.leave(sql, request.repo().id()));
            if (!made) {
                throw HubError.stale("A commit has happened since. Please try again.");
            }
            exchange.json(200, HttpJson.object("commitOid", id.name()));
        }
    }
}
