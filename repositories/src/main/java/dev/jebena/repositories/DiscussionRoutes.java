package dev.jebena.repositories;

import dev.jebena.base.HttpExchange;
import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Discussions and pull requests, as `huggingface_hub` asks for them.
final class DiscussionRoutes {
    private static final int LONGEST_COMMENT = 1 << 16;
    private static final int SHORTEST_TITLE = 3;
    private static final int LONGEST_TITLE = 200;

    private final Repositories repositories;
    private final Discussions discussions;

    private DiscussionRoutes(Repositories repositories) {
        this.repositories = repositories;
        this.discussions = repositories.discussions();
    }

    static void mount(HubApi api) {
        DiscussionRoutes routes = new DiscussionRoutes(api.repositories());
        String base = "/discussions";
        String one = base + "/{num}";
        api.repo("GET", base, HubAccess.Need.READ, routes::list);
        api.repo("POST", base, HubAccess.Need.READ, routes::create);
        api.repo("GET", one, HubAccess.Need.READ, routes::details);
        api.repo("POST", one + "/comment", HubAccess.Need.READ, routes::comment);
        api.repo("POST", one + "/comment/{id}/edit", HubAccess.Need.READ, routes::edit);
        api.repo("POST", one + "/comment/{id}/hide", HubAccess.Need.READ, routes::hide);
        api.repo("POST", one + "/title", HubAccess.Need.READ, routes::rename);
        api.repo("POST", one + "/status", HubAccess.Need.READ, routes::changeStatus);
        api.repo("POST", one + "/merge", HubAccess.Need.WRITE, routes::merge);
    }

    private Discussion found(RepoRequest request) {
        String num = request.exchange().parameter("num");
        return (num.matches("[1-9][0-9]{0,9}")
                        ? discussions.find(request.repo().id(), Long.parseLong(num))
                        : Optional.<Discussion>empty())
                .orElseThrow(() -> HubError.missing("There is no discussion " + num));
    }

    private static String bounded(String name, String text, int shortest, int longest) {
        String bare = text.strip();
        if (bare.length() < shortest || bare.length() > longest) {
            throw HubError.bad(
                    "\"%s\" must have %d to %d characters, it has %d"
                            .formatted(name, shortest, longest, bare.length()));
        }
        return bare;
    }

    private static String title(Map<String, @Nullable Object> body) {
        return bounded("title", HubApi.required(body, "title"), SHORTEST_TITLE, LONGEST_TITLE);
    }

    /// A word of the query that says yes, no or nothing.
    private static @Nullable Boolean chosen(
            HttpExchange exchange, String name, String yes, String no) {
        String word = exchange.query(name);
        if (word == null || word.equals("all")) {
            return null;
        }
        if (!word.equals(yes) && !word.equals(no)) {
            throw HubError.bad(
                    "Invalid %s: expected %s, %s or all, got %s".formatted(name, yes, no, word));
        }
        return word.equals(yes);
    }

    private void list(RepoRequest request) throws IOException {
        HttpExchange exchange = request.exchange();
        String author = exchange.query("author");
        String page = exchange.query("p");
        Discussions.Filter filter =
                new Discussions.Filter(
                        chosen(exchange, "type", "pull_request", "discussion"),
                        chosen(exchange, "status", "closed", "open"),
                        author == null
                                ? null
                                : repositories
                                        .accounts()
                                        .find(author)
                                        .map(Account::id)
                                        .orElse(-1L));
        Discussions.Page found =
                discussions.list(
                        request.repo().id(),
                        filter,
                        page != null && page.matches("[0-9]{1,6}") ? Integer.parseInt(page) : 0);
        exchange.json(
                200,
                HttpJson.object(
                        "discussions",
                        found.discussions().stream().map(d -> json(request, d)).toList(),
                        "count",
                        found.total(),
                        "start",
                        found.start(),
                        "numClosedDiscussions",
                        discussions
                                .list(
                                        request.repo().id(),
                                        new Discussions.Filter(null, true, null),
                                        0)
                                .total()));
    }

    private Map<String, @Nullable Object> json(RepoRequest request, Discussion discussion) {
        RepoName name = request.repo().name();
        Account author = repositories.accounts().byId(discussion.author());
        return HttpJson.object(
                "num", discussion.num(),
                "title", discussion.title(),
                "author", DiscussionEvent.author(author),
                "createdAt", Times.text(discussion.created()),
                "status", discussion.status(),
                "isPullRequest", discussion.pullRequest(),
                "repo", HttpJson.object("name", name.id(), "type", name.kind().word()),
                "repoOwner", HttpJson.object("name", name.namespace()),
                "pinned", false);
    }

    private void details(RepoRequest request) throws IOException {
        Discussion discussion = found(request);
        Map<String, @Nullable Object> json = json(request, discussion);
        json.put(
                "events",
                discussions.events(discussion).stream()
                        .map(e -> e.json(repositories.accounts()))
                        .toList());
        if (discussion.pullRequest()) {
            PullRequests pulls = repositories.pullRequests();
            json.put("filesWithConflicts", pulls.conflicts(request.repo(), discussion));
            Map<String, @Nullable Object> changes = HttpJson.object("base", discussion.base());
            if (discussion.mergeCommit() != null) {
                changes.put("mergeCommitId", discussion.mergeCommit());
            }
            json.put("changes", changes);
            if (HubApi.flag(request.exchange().query("diff"))) {
                json.put("diff", pulls.diff(request.repo(), discussion));
            }
        }
        request.exchange().json(200, json);
    }

    private void create(RepoRequest request) throws IOException {
        Map<String, @Nullable Object> body = request.exchange().json();
        Account author = request.caller().writer();
        String title = title(body);
        String given = HubApi.text(body, "description");
        String text = bounded("description", given == null ? "" : given, 0, LONGEST_COMMENT);
        Repo repo = request.repo();
        boolean pull = Boolean.TRUE.equals(body.get("pullRequest"));
        Discussion made =
                pull
                        ? repositories.pullRequests().draft(repo, author, title, text)
                        : repositories
                                .data()
                                .write(sql ->
                                        discussions.create(
                                                sql,
                                                repo.id(),
                                                author,
                                                title,
                                                text,
                                                null,
                                                Discussion.OPEN));
        Map<String, @Nullable Object> json = json(request, made);
        json.put("url", request.url() + "/discussions/" + made.num());
        json.put("pullRequest", pull);
        request.exchange().json(200, json);
    }

    private static String text(RepoRequest request, String key) {
        String text = HubApi.required(request.exchange().json(), key);
        return bounded(key, text, 1, LONGEST_COMMENT);
    }

    private void comment(RepoRequest request) throws IOException {
        Account author = request.caller().writer();
        Discussion discussion = found(request);
        DiscussionEvent made = discussions.comment(discussion, author, text(request, "comment"));
        answer(request, "newMessage", made);
    }

    private void answer(RepoRequest request, String key, DiscussionEvent event) throws IOException {
        request.exchange().json(200, HttpJson.object(key, event.json(repositories.accounts())));
    }

    private DiscussionEvent comment(RepoRequest request, Discussion discussion) {
        String id = request.exchange().parameter("id");
        return (id.matches("[0-9a-f]{1,24}")
                        ? discussions.findComment(discussion, last(id))
                        : Optional.<DiscussionEvent>empty())
                .orElseThrow(() -> HubError.missing("There is no comment " + id));
    }

    /// The number that an id of 24 digits stands for; 0 for others.
    private static long last(String id) {
        int zeros = Math.max(0, id.length() - 15);
        boolean small = id.substring(0, zeros).chars().allMatch(c -> c == '0');
        return small ? Long.parseLong(id.substring(zeros), 16) : 0;
    }

    private void edit(RepoRequest request) throws IOException {
        Account author = request.caller().writer();
        DiscussionEvent comment = comment(request, found(request));
        boolean hidden = Boolean.TRUE.equals(comment.data().get("hidden"));
        if (comment.author() != author.id() || hidden) {
            throw HubError.forbidden("Only its author can change a comment that is shown");
        }
        String text = text(request, "content");
        answer(request, "updatedComment", discussions.change(comment, text));
    }

    private void hide(RepoRequest request) throws IOException {
        Account by = request.caller().writer();
        DiscussionEvent comment = comment(request, found(request));
        checkOwn(request, comment.author(), by);
        answer(request, "updatedComment", discussions.change(comment, null));
    }

    /// Throws unless the caller is this account, or may write to the repository.
    private static void checkOwn(RepoRequest request, long author, Account caller) {
        boolean mayWrite = request.caller().mayWrite(request.repo().name().namespace());
        if (author != caller.id() && !mayWrite) {
            throw HubError.forbidden(
                    "Only the author, and who may write to the repository, can do this");
        }
    }

    private void rename(RepoRequest request) throws IOException {
        Account by = request.caller().writer();
        Discussion discussion = found(request);
        checkOwn(request, discussion.author(), by);
        String title = title(request.exchange().json());
        answer(request, "newTitle", discussions.rename(discussion, by, title));
    }

    private void changeStatus(RepoRequest request) throws IOException {
        Account by = request.caller().writer();
        Discussion discussion = found(request);
        checkOwn(request, discussion.author(), by);
        Map<String, @Nullable Object> body = request.exchange().json();
        String status = HubApi.required(body, "status");
        if (!List.of(Discussion.OPEN, Discussion.CLOSED).contains(status)) {
            throw HubError.bad("Invalid status: expected open or closed, got " + status);
        }
        if (discussion.status().equals(Discussion.MERGED) || discussion.status().equals(status)) {
            throw HubError.bad("The discussion is " + discussion.status() + " already");
        }
        commentOn(discussion, by, body);
        answer(
                request,
                "newStatus",
                repositories
                        .data()
                        .write(sql -> discussions.changeStatus(sql, discussion, by, status)));
    }

    private void commentOn(Discussion discussion, Account by, Map<String, @Nullable Object> body) {
        String text = HubApi.text(body, "comment");
        if (text != null && !text.isBlank()) {
            discussions.comment(discussion, by, bounded("comment", text, 1, LONGEST_COMMENT));
        }
    }

    private void merge(RepoRequest request) throws IOException {
        Account by = request.caller().writer();
        Discussion pull = found(request);
        if (!pull.goesOn()) {
            throw HubError.bad(
                    pull.pullRequest()
                            ? "The pull request is " + pull.status() + " already"
                            : "The discussion " + pull.num() + " is no pull request");
        }
        Map<String, @Nullable Object> body = request.exchange().json();
        Account author = repositories.accounts().byId(pull.author());
        String commit = repositories.pullRequests().merge(request.repo(), pull, by, author).name();
        commentOn(pull, by, body);
        request.exchange().json(200, HttpJson.object("mergeCommitId", commit, "oid", commit));
    }
}
