package dev.jebena.repositories;

import dev.jebena.base.ContentId;
import dev.jebena.base.HttpException;
import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.jspecify.annotations.Nullable;

/// Commits through the API: which files go where, and the commit itself as lines of JSON.
final class CommitRoutes {
    private static final int MOST_FILES = 25_000;
    private static final int LONGEST_LINE = 32 << 20;

    private final Repositories repositories;
    private final PullRequests pulls;

    private CommitRoutes(Repositories repositories) {
        this.repositories = repositories;
        this.pulls = repositories.pullRequests();
    }

    static void mount(HubApi api) {
        CommitRoutes routes = new CommitRoutes(api.repositories());
        // Who may write is looked at there: everybody may propose a change of what they can read.
        api.repo("POST", "/preupload/{revision}", HubAccess.Need.READ, routes::preupload);
        api.repo("POST", "/commit/{revision}", HubAccess.Need.READ, routes::commit);
        api.plain("POST", "/api/validate-yaml", (x, _) -> validate(x));
    }

    private static void validate(HttpExchange exchange) throws IOException {
        String content = HubApi.text(exchange.json(), "content");
        CardBlock card = CardBlock.of(content == null ? "" : content);
        exchange.json(
                card.errors().isEmpty() ? 200 : 400,
                HttpJson.object(
                        "errors", messages(card.errors()), "warnings", messages(card.warnings())));
    }

    private static List<Object> messages(List<String> texts) {
        return texts.stream().map(t -> (Object) HttpJson.object("message", t)).toList();
    }

    /// Throws unless the caller may make commits at the revision: who may write there may, on a
    /// pull request its author, and everybody with a token that writes on a new one.
    private void checkWrite(RepoRequest request) {
        Account user = request.caller().writer();
        boolean proposes = HubApi.flag(request.exchange().query("create_pr"));
        boolean own = false;
        if (request.revision().startsWith(RefRoutes.PULL_REQUESTS)) {
            own = pulls.openAt(request.repo(), request.revision()).author() == user.id();
        }
        if (!proposes && !own) {
            request.checkWrite();
        }
    }

    private void preupload(RepoRequest request) throws IOException {
        checkWrite(request);
        Map<String, @Nullable Object> body = request.exchange().json();
        if (!(body.get("files") instanceof List<?> files) || files.size() > MOST_FILES) {
            throw HubError.bad("\"files\" must be a list of at most " + MOST_FILES);
        }
        try (Snapshot there = request.snapshot()) {
            UploadRules rules = new UploadRules(there, HubApi.text(body, "gitIgnore"));
            List<Object> answers = new ArrayList<>();
            for (Object file : files) {
                answers.add(decided(HttpJson.objectOf(file), rules, there));
            }
            request.exchange()
                    .json(
                            200,
                            HttpJson.object("files", answers, "commitOid", there.commit().name()));
        }
    }

    private static Object decided(
            Map<String, @Nullable Object> file, UploadRules rules, Snapshot there) {
        String path = RepoPath.checked(HubApi.required(file, "path"));
        if (!(file.get("size") instanceof Long size) || size < 0) {
            throw HubError.bad("\"size\" of " + path + " must be a number");
        }
        String sample = HubApi.text(file, "sample");
        boolean large = rules.isLarge(path, size, sample == null ? new byte[0] : decoded(sample));
        return HttpJson.object(
                "path",
                path,
                "uploadMode",
                large ? "lfs" : "regular",
                "shouldIgnore",
                rules.isIgnored(path),
                "oid",
                there.entry(path).filter(e -> !e.folder()).map(FileEntry::etag).orElse(null));
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw HubError.bad("The content of a file is not valid base64");
        }
    }

    /// The full name of the branch that a revision names; a commit is made on nothing else.
    private static String branch(GitRepository git, String revision) throws IOException {
        String name =
                revision.startsWith(Constants.R_REFS) ? revision : Constants.R_HEADS + revision;
        Ref ref = git.getRefDatabase().exactRef(name);
        if (ref == null || name.startsWith(Constants.R_TAGS)) {
            throw HubError.noRevision(revision);
        }
        return name;
    }

    private void commit(RepoRequest request) throws IOException {
        checkWrite(request);
        HttpExchange exchange = request.exchange();
        boolean proposes = HubApi.flag(exchange.query("create_pr"));
        try (Snapshot there = request.snapshot();
                NewCommit commit = repositories.commits().begin(request.repo());
                JsonLinesReader lines = new JsonLinesReader(exchange.bodyStream(), LONGEST_LINE)) {
            String branch = branch(there.git(), request.revision());
            if (proposes && !Commits.isMain(branch)) {
                throw HubError.bad("A pull request can be opened for main only");
            }
            Map<String, @Nullable Object> header = read(lines, commit, there);
            String parent = HubApi.text(header, "parentCommit");
            ObjectId start = parent == null ? null : parent(request, parent);
            if (proposes) {
                ObjectId from = start == null ? there.commit().copy() : start;
                answer(request, open(request, from, commit, header));
            } else {
                answer(request, onto(request, branch, start, commit, header));
            }
        } catch (HttpException e) {
            throw HubError.bad(e.message());
        }
    }

    private PullRequests.Opened open(
            RepoRequest request,
            ObjectId start,
            NewCommit commit,
            Map<String, @Nullable Object> header)
            throws IOException {
        return pulls.open(
                request.repo(),
                request.caller().user(),
                start,
                commit,
                HubApi.required(header, "summary"),
                HubApi.text(header, "description"));
    }

    private PullRequests.Opened onto(
            RepoRequest request,
            String branch,
            @Nullable ObjectId start,
            NewCommit commit,
            Map<String, @Nullable Object> header)
            throws IOException {
        Account user = request.caller().user();
        Discussion pull =
                branch.startsWith(RefRoutes.PULL_REQUESTS)
                        ? pulls.openAt(request.repo(), branch)
                        : null;
        ObjectId id =
                repositories
                        .commits()
                        .onto(request.repo(), branch, start, commit, message(header), user);
        if (pull != null) {
            pulls.committed(pull, user, HubApi.required(header, "summary"), id);
        }
        return new PullRequests.Opened(pull, id);
    }

    private static void answer(RepoRequest request, PullRequests.Opened made) throws IOException {
        Discussion pull = made.discussion();
        String commit = made.commit().name();
        Map<String, @Nullable Object> json =
                HttpJson.object(
                        "success",
                        true,
                        "commitOid",
                        commit,
                        "commitUrl",
                        request.url() + "/commit/" + commit,
                        "hookOutput",
                        "");
        if (pull != null) {
            json.put("pullRequestUrl", request.url() + "/discussions/" + pull.num());
        }
        request.exchange().json(200, json);
    }

    private ObjectId parent(RepoRequest request, String revision) {
        try (Snapshot parent = repositories.snapshot(request.repo(), revision)) {
            return parent.commit().copy();
        }
    }

    private static String message(Map<String, @Nullable Object> header) {
        String summary = HubApi.required(header, "summary");
        String description = HubApi.text(header, "description");
        return description == null || description.isBlank()
                ? summary
                : summary + "\n\n" + description;
    }

    private Map<String, @Nullable Object> read(
            JsonLinesReader lines, NewCommit commit, Snapshot there) throws IOException {
        Map<String, @Nullable Object> header = Map.of();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            Map<String, @Nullable Object> operation = HttpJson.objectOf(HttpJson.parse(line));
            Map<String, @Nullable Object> value = HttpJson.objectOf(operation.get("value"));
            String key = HubApi.required(operation, "key");
            if (key.equals("header")) {
                header = value;
            } else {
                apply(key, value, commit, there);
            }
            if (commit.changes() > MOST_FILES) {
                throw HubError.tooLarge(
                        "A commit has at most " + MOST_FILES + " operations; make several");
            }
        }
        return header;
    }

    private void apply(
            String key, Map<String, @Nullable Object> value, NewCommit commit, Snapshot there)
            throws IOException {
        String path = HubApi.required(value, "path");
        switch (key) {
            case "file" -> commit.file(path, content(value));
            case "lfsFile" ->
                    commit.largeFile(
                            path,
                            ContentId.parse(HubApi.required(value, "oid")),
                            value.get("size") instanceof Long size ? size : null);
            case "deletedFile" -> commit.remove(path, false);
            case "deletedFolder" -> commit.remove(path, true);
            case "deletedEntry" ->
                    commit.remove(
                            path,
                            there.entry(RepoPath.trimmed(path))
                                    .map(FileEntry::folder)
                                    .orElse(false));
            case "copyFile" -> copy(value, commit, there);
            default -> throw HubError.bad("Unknown operation in a commit: " + key);
        }
    }

    private static byte[] content(Map<String, @Nullable Object> value) {
        String content = HubApi.text(value, "content");
        String text = content == null ? "" : content;
        return "base64".equals(value.get("encoding"))
                ? decoded(text)
                : text.getBytes(StandardCharsets.UTF_8);
    }

    private static void copy(
            Map<String, @Nullable Object> value, NewCommit commit, Snapshot there) {
        String source = RepoPath.checked(HubApi.required(value, "srcPath"));
        String revision = HubApi.text(value, "srcRevision");
        String path = HubApi.required(value, "path");
        if (revision == null) {
            commit.copy(there.file(source), path);
        } else {
            Snapshot other = Snapshot.of(there.git(), revision);
            commit.copy(other.file(source), path);
        }
    }
}
