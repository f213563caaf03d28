package dev.jebena.repositories;

import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.merge.MergeStrategy;
import org.eclipse.jgit.merge.ResolveMerger;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.revwalk.filter.RevFilter;
import org.jspecify.annotations.Nullable;

/// Pull requests: commits on a ref `refs/pr/N` of their own, which one commit brings to `main`.
final class PullRequests {
    private static final String BASE = Constants.R_HEADS + Repo.MAIN;
    private static final int LONGEST_TITLE = 200;
    private static final int MOST_COMMITS = 500;
    private static final int TRIES = 20;

    private final GitStorage git;
    private final Commits commits;
    private final Discussions discussions;

    PullRequests(GitStorage git, Commits commits, Discussions discussions) {
        this.git = git;
        this.commits = commits;
        this.discussions = discussions;
    }

    /// A pull request without changes yet, a draft.
    Discussion draft(Repo repo, Account author, String title, String description) {
        try (Snapshot main = Snapshot.of(git.open(repo.id()), Repo.MAIN)) {
            ObjectId start = main.commit().copy();
            return git.data()
                    .write(sql -> {
                        Discussion made =
                                discussions.create(
                                        sql,
                                        repo.id(),
                                        author,
                                        title,
                                        description,
                                        BASE,
                                        Discussion.DRAFT);
                        GitRefs.change(sql, repo.id(), made.ref(), null, start, null);
                        return made;
                    });
        }
    }

    /// A commit together with the pull request that holds it.
    ///
    /// @param discussion null for a commit that is on no pull request
    record Opened(@Nullable Discussion discussion, ObjectId commit) {}

    /// Makes a commit that is a new pull request.
    ///
    /// @param start the commit that the changes are made to
    Opened open(
            Repo repo,
            Account author,
            ObjectId start,
            NewCommit changes,
            String summary,
            @Nullable String description)
            throws IOException {
        String message = description == null ? summary : summary + "\n\n" + description;
        ObjectId commit = changes.write(start, message, commits.person(author));
        String title =
                summary.length() > LONGEST_TITLE ? summary.substring(0, LONGEST_TITLE) : summary;
        Discussion made =
                git.data()
                        .write(sql -> {
                            Discussion pull =
                                    discussions.create(
                                            sql,
                                            repo.id(),
                                            author,
                                            title,
                                            description == null ? summary : description,
                                            BASE,
                                            Discussion.OPEN);
                            GitRefs.change(sql, repo.id(), pull.ref(), null, commit, null);
                            LfsObjects.use(sql, repo.id(), changes.used());
                            discussions.add(
                                    sql,
                                    pull,
                                    "commit",
                                    author,
                                    HttpJson.object("subject", summary, "oid", commit.name()));
                            return pull;
                        });
        return new Opened(made, commit);
    }

    /// The pull request that a ref is of. Throws status 404 when there is none, 403 when it is
    /// over.
    Discussion openAt(Repo repo, String ref) {
        String num = ref.substring(RefRoutes.PULL_REQUESTS.length());
        Discussion found =
                num.matches("[1-9][0-9]{0,9}")
                        ? discussions.find(repo.id(), Long.parseLong(num)).orElse(null)
                        : null;
        if (found == null || !found.pullRequest()) {
            throw HubError.noRevision(ref);
        }
        if (!found.goesOn()) {
            throw HubError.forbidden("The pull request " + num + " is " + found.status());
        }
        return found;
    }

    /// A commit was added to a pull request.
    void committed(Discussion pull, Account author, String subject, ObjectId commit) {
        git.data()
                .write(sql ->
                        discussions.add(
                                sql,
                                pull,
                                "commit",
                                author,
                                HttpJson.object("subject", subject, "oid", commit.name())));
    }

    /// What a merge would give.
    ///
    /// @param tree null when there are conflicts
    private record Merge(RevCommit base, @Nullable ObjectId tree, List<String> conflicts) {}

    private static RevCommit tip(GitRepository git, RevWalk walk, String name) throws IOException {
        Ref ref = git.getRefDatabase().exactRef(name);
        if (ref == null) {
            throw HubError.noRevision(name);
        }
        return walk.parseCommit(ref.getObjectId());
    }

    private static Merge merge(GitRepository git, RevWalk walk, Discussion pull)
            throws IOException {
        RevCommit base = tip(git, walk, pull.base());
        ResolveMerger merger = (ResolveMerger) MergeStrategy.RECURSIVE.newMerger(git, true);
        boolean clean = merger.merge(base, tip(git, walk, pull.ref()));
        return clean
                ? new Merge(base, merger.getResultTreeId(), List.of())
                : new Merge(base, null, List.copyOf(merger.getUnmergedPaths()));
    }

    /// Files that were changed here and on `main` in ways that exclude each other.
    List<String> conflicts(Repo repo, Discussion pull) throws IOException {
        if (!pull.goesOn()) {
            return List.of();
        }
        try (GitRepository at = git.open(repo.id());
                RevWalk walk = new RevWalk(at)) {
            return merge(at, walk, pull).conflicts();
        }
    }

    /// Commits of a pull request that are not on its base, the oldest first.
    private static List<RevCommit> commits(RevWalk walk, RevCommit base, RevCommit tip)
            throws IOException {
        walk.reset();
        walk.markStart(tip);
        walk.markUninteresting(base);
        List<RevCommit> found = new ArrayList<>();
        for (RevCommit commit : walk) {
            if (found.size() < MOST_COMMITS) {
                found.addFirst(commit);
            }
        }
        return found;
    }

    /// What a pull request changes, as `git diff`.
    String diff(Repo repo, Discussion pull) throws IOException {
        try (GitRepository at = git.open(repo.id());
                RevWalk walk = new RevWalk(at)) {
            RevCommit tip = tip(at, walk, pull.ref());
            RevCommit base = tip(at, walk, pull.base());
            RevCommit common = common(walk, base, tip);
            return Diffs.text(
                    at, common == null ? null : common.getTree(), tip.getTree(), Diffs.Form.LINES);
        }
    }

    /// The youngest commit that both lead back to; null when there is none.
    static @Nullable RevCommit common(RevWalk walk, RevCommit one, RevCommit other)
            throws IOException {
        walk.reset();
        walk.setRevFilter(RevFilter.MERGE_BASE);
        walk.markStart(one);
        walk.markStart(other);
        RevCommit found = walk.next();
        walk.reset();
        walk.setRevFilter(RevFilter.ALL);
        if (found != null) {
            walk.parseBody(found);
        }
        return found;
    }

    /// Brings the changes to `main` as one commit. Throws status 409 when there are conflicts.
    ObjectId merge(Repo repo, Discussion pull, Account by, Account author) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            try (GitRepository at = git.open(repo.id());
                    RevWalk walk = new RevWalk(at)) {
                Merge merge = merge(at, walk, pull);
                ObjectId tree = merge.tree();
                if (tree == null) {
                    throw HubError.conflict(
                            "The pull request conflicts with main in "
                                    + String.join(", ", merge.conflicts()));
                }
                CommitBuilder commit = new CommitBuilder();
                commit.setTreeId(tree);
                commit.setParentId(merge.base());
                commit.setAuthor(commits.person(author));
                commit.setCommitter(commits.person(by));
                commit.setMessage(message(at, walk, pull, merge.base()));
                ObjectId id = Commits.insert(at, commit);
                boolean made =
                        commits.publish(
                                repo,
                                pull.base(),
                                merge.base(),
                                id,
                                Set.of(),
                                sql -> discussions.merged(sql, pull, by, id.name()));
                if (made) {
                    return id;
                }
            }
        }
        throw HubError.stale("Too many commits happen to main at once. Please try again.");
    }

    private static String message(GitRepository at, RevWalk walk, Discussion pull, RevCommit base)
            throws IOException {
        StringBuilder text =
                new StringBuilder(pull.title()).append(" (#").append(pull.num()).append(")\n\n");
        for (RevCommit commit : commits(walk, base, tip(at, walk, pull.ref()))) {
            walk.parseBody(commit);
            text.append("- ")
                    .append(commit.getShortMessage())
                    .append(" (")
                    .append(commit.name())
                    .append(")\n");
        }
        return text.toString();
    }
}
