package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TagBuilder;
import org.jspecify.annotations.Nullable;

/// Branches and tags.
final class RefRoutes {
    static final String PULL_REQUESTS = "refs/pr/";
    private static final String CONVERTS = "refs/convert/";

    private final Repositories repositories;

    private RefRoutes(Repositories repositories) {
        this.repositories = repositories;
    }

    static void mount(HubApi api) {
        RefRoutes routes = new RefRoutes(api.repositories());
        api.repo("GET", "/refs", HubAccess.Need.SEE, routes::list);
        api.repo("POST", "/branch/{name...}", HubAccess.Need.WRITE, routes::createBranch);
        api.repo("DELETE", "/branch/{name...}", HubAccess.Need.WRITE, routes::deleteBranch);
        api.repo("POST", "/tag/{revision...}", HubAccess.Need.WRITE, routes::createTag);
        api.repo("DELETE", "/tag/{name...}", HubAccess.Need.WRITE, routes::deleteTag);
    }

    private void list(RepoRequest request) throws IOException {
        try (GitRepository git = repositories.git().open(request.repo().id())) {
            List<Ref> refs = git.getRefDatabase().getRefs();
            Map<String, @Nullable Object> json =
                    HttpJson.object(
                            "branches", below(git, refs, Constants.R_HEADS),
                            "tags", below(git, refs, Constants.R_TAGS),
                            "converts", below(git, refs, CONVERTS));
            if (HubApi.flag(request.exchange().query("include_prs"))) {
                json.put("pullRequests", below(git, refs, PULL_REQUESTS));
            }
            request.exchange().json(200, json);
        }
    }

    private static List<Object> below(GitRepository git, List<Ref> refs, String prefix)
            throws IOException {
        List<Object> found = new ArrayList<>();
        for (Ref ref : refs) {
            if (ref.getName().startsWith(prefix)) {
                Ref peeled = git.getRefDatabase().peel(ref);
                ObjectId tag = peeled.getPeeledObjectId();
                ObjectId target = tag == null ? peeled.getObjectId() : tag;
                found.add(
                        HttpJson.object(
                                "name",
                                ref.getName().substring(prefix.length()),
                                "ref",
                                ref.getName(),
                                "targetCommit",
                                ObjectId.toString(target)));
            }
        }
        return found;
    }

    /// The full name of a branch or tag. Throws status 400 for a name that git refuses.
    private static String full(String prefix, @Nullable String name) {
        String full = prefix + name;
        if (name == null || !Repository.isValidRefName(full) || name.length() > 250) {
            throw HubError.bad("Invalid reference name: " + name);
        }
        return full;
    }

    private void createBranch(RepoRequest request) throws IOException {
        HttpExchange exchange = request.exchange();
        Map<String, @Nullable Object> body = exchange.json();
        String name = full(Constants.R_HEADS, exchange.parameter("name"));
        String start = HubApi.text(body, "startingPoint");
        boolean empty = Boolean.TRUE.equals(body.get("emptyBranch"));
        try (Snapshot from = repositories.snapshot(request.repo(), start)) {
            ObjectId target = empty ? emptied(request) : from.commit().copy();
            create(request, from.git(), name, target, null, "Branch");
        }
        exchange.json(201, HttpJson.object("ref", name));
    }

    /// A commit without files and without a parent.
    private ObjectId emptied(RepoRequest request) throws IOException {
        try (NewCommit commit = repositories.commits().begin(request.repo())) {
            Account author = request.caller().user();
            return commit.write(null, "initial commit", repositories.commits().person(author));
        }
    }

    private void create(
            RepoRequest request,
            GitRepository git,
            String name,
            ObjectId target,
            @Nullable ObjectId peeled,
            String what)
            throws IOException {
        checkFree(git, name, what);
        long repository = request.repo().id();
        boolean made =
                repositories
                        .data()
                        .write(sql -> GitRefs.change(sql, repository, name, null, target, peeled));
        if (!made) {
            throw taken(name, what);
        }
    }

    private static HubError taken(String name, String what) {
        return HubError.conflict(what + " reference exists already: " + name);
    }

    private static void checkFree(GitRepository git, String name, String what) throws IOException {
        Set<String> names = new TreeSet<>();
        git.getRefDatabase().getRefs().forEach(r -> names.add(r.getName()));
        if (names.contains(name)) {
            throw taken(name, what);
        }
        if (git.getRefDatabase().isNameConflicting(name)) {
            throw HubError.conflict(
                    name + " cannot be made: one name is the beginning of another's path");
        }
    }

    private void deleteBranch(RepoRequest request) throws IOException {
        String name = full(Constants.R_HEADS, request.exchange().parameter("name"));
        if (Commits.isMain(name)) {
            throw HubError.forbidden("The branch main cannot be deleted");
        }
        delete(request, name);
    }

    private void deleteTag(RepoRequest request) throws IOException {
        delete(request, full(Constants.R_TAGS, request.exchange().parameter("name")));
    }

    private void delete(RepoRequest request, String name) throws IOException {
        try (GitRepository git = repositories.git().open(request.repo().id())) {
            Ref ref = git.getRefDatabase().exactRef(name);
            if (ref == null) {
                throw HubError.noRevision(name);
            }
            ObjectId seen = ref.getObjectId();
            long repository = request.repo().id();
            if (!repositories.data().write(sql -> GitRefs.remove(sql, repository, name, seen))) {
                throw HubError.stale(name + " has been changed by somebody else");
            }
        }
        request.exchange().json(200, HttpJson.object());
    }

    /// A tag with a message is an object of git's, one without a mere name.
    private void createTag(RepoRequest request) throws IOException {
        HttpExchange exchange = request.exchange();
        Map<String, @Nullable Object> body = exchange.json();
        String name = full(Constants.R_TAGS, HubApi.text(body, "tag"));
        String message = HubApi.text(body, "message");
        try (Snapshot at = request.snapshot()) {
            ObjectId commit = at.commit().copy();
            if (message == null || message.isBlank()) {
                create(request, at.git(), name, commit, null, "Tag");
            } else {
                checkFree(at.git(), name, "Tag");
                ObjectId tag = annotated(request, at, name, message);
                create(request, at.git(), name, tag, commit, "Tag");
            }
        }
        exchange.json(200, HttpJson.object("ref", name));
    }

    private ObjectId annotated(RepoRequest request, Snapshot at, String name, String message)
            throws IOException {
        TagBuilder tag = new TagBuilder();
        tag.setTag(name.substring(Constants.R_TAGS.length()));
        tag.setObjectId(at.commit());
        tag.setMessage(message);
        tag.setTagger(repositories.commits().person(request.caller().user()));
        try (ObjectInserter inserter = at.git().newObjectInserter()) {
            ObjectId id = inserter.insert(tag);
            inserter.flush();
            return id;
        }
    }
}
