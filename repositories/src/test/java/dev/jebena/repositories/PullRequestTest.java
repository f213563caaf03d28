package dev.jebena.repositories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PullRequestTest {
    private static final String API = "/api/models/jebena/m";

    @TempDir Path folder;
    private HubServer server;
    private String ada = "";

    @BeforeEach
    void start() {
        server = new HubServer(folder);
        server.create("m");
        server.commit("jebena/m", "main", "a", "1\n2\n3\n", "b", "b");
        Accounts accounts = server.repositories.accounts();
        accounts.createUser("ada", false);
        ada = accounts.createToken("ada", "t", TokenRole.WRITE);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HubServer.Reply propose(String path, String content) {
        return commitTo("main?create_pr=1", path, content);
    }

    private HubServer.Reply commitTo(String revision, String path, String content) {
        StringBuilder lines = new StringBuilder();
        HubClient.line(lines, "header", Map.of("summary", "Change " + path));
        HubClient.line(lines, "file", Map.of("path", path, "content", content));
        return server.lines(API + "/commit/" + revision, lines.toString());
    }

    private HubServer.Reply act(long num, String what, Object... body) {
        return server.post(API + "/discussions/" + num + "/" + what, HttpJson.object(body));
    }

    @Test
    void whoMayReadMayPropose() {
        server.as(ada);
        assertThat(commitTo("main", "a", "x").status()).isEqualTo(403);
        HubServer.Reply made = propose("a", "1\n2\nthree\n");
        assertThat(made.status()).isEqualTo(200);
        assertThat((String) made.at("pullRequestUrl")).endsWith("/jebena/m/discussions/1");
        assertThat(commitTo("refs%2Fpr%2F1", "c", "more").status()).isEqualTo(200);
        assertThat(server.get("/jebena/m/raw/refs%2Fpr%2F1/a").text()).isEqualTo("1\n2\nthree\n");
        assertThat(server.get("/jebena/m/raw/main/a").text()).isEqualTo("1\n2\n3\n");
        assertThat(act(1, "merge").status()).isEqualTo(403);
        HubServer.Reply details = server.get(API + "/discussions/1?diff=1");
        assertThat(details.at("author.name")).isEqualTo("ada");
        assertThat(details.at("changes.base")).isEqualTo("refs/heads/main");
        assertThat((List<?>) details.at("filesWithConflicts")).isEmpty();
        assertThat((String) details.at("diff")).contains("-3\n+three").contains("+++ b/c");
        assertThat(details.at("events.2.data.subject")).isEqualTo("Change c");
        server.as(HubServer.TOKEN);
        // main goes on meanwhile, elsewhere.
        server.commit("jebena/m", "main", "b", "changed");
        assertThat(act(1, "merge", "comment", "thanks").status()).isEqualTo(200);
        assertThat(server.get("/jebena/m/raw/main/a").text()).isEqualTo("1\n2\nthree\n");
        assertThat(server.get("/jebena/m/raw/main/b").text()).isEqualTo("changed");
        assertThat(server.get("/jebena/m/raw/main/c").text()).isEqualTo("more");
        HubServer.Reply history = server.get(API + "/commits/main");
        assertThat(history.at("0.title")).isEqualTo("Change a (#1)");
        assertThat(history.at("0.authors.0.user")).isEqualTo("ada");
        HubServer.Reply merged = server.get(API + "/discussions/1");
        assertThat(merged.at("status")).isEqualTo("merged");
        assertThat(merged.at("changes.mergeCommitId")).isEqualTo(history.at("0.id"));
        assertThat(act(1, "merge").status()).isEqualTo(400);
        assertThat(commitTo("refs%2Fpr%2F1", "d", "late").status()).isEqualTo(403);
        assertThat(server.get(API).at("sha")).isEqualTo(history.at("0.id"));
    }

    @Test
    void conflictsAreNamedAndNotMerged() {
        propose("a", "1\n2\nthree\n");
        server.commit("jebena/m", "main", "a", "1\n2\ndrei\n");
        assertThat(server.get(API + "/discussions/1").at("filesWithConflicts"))
                .isEqualTo(List.of("a"));
        assertThat(act(1, "merge").status()).isEqualTo(409);
        assertThat(server.get("/jebena/m/raw/main/a").text()).isEqualTo("1\n2\ndrei\n");
        assertThat(server.get(API + "/discussions/1").at("status")).isEqualTo("open");
    }

    @Test
    void discussionsAreListedChangedAndClosed() {
        server.as(ada);
        assertThat(server.post(API + "/discussions", Map.of("title", " How to? ")).at("num"))
                .isEqualTo(1L);
        server.post(API + "/discussions", Map.of("title", "Idea", "pullRequest", true));
        assertThat(server.post(API + "/discussions", Map.of("title", "x")).status()).isEqualTo(400);
        assertThat(server.get(API + "/discussions/2").at("status")).isEqualTo("draft");
        HubServer.Reply said = act(1, "comment", "comment", "<b>like this</b>");
        assertThat(said.at("newMessage.data.latest.raw")).isEqualTo("<b>like this</b>");
        assertThat(said.at("newMessage.data.latest.html"))
                .isEqualTo("<p>&lt;b&gt;like this&lt;/b&gt;</p>");
        String comment = "comment/" + said.at("newMessage.id");
        assertThat(act(1, comment + "/edit", "content", "so").at("updatedComment.data.edited"))
                .isEqualTo(true);
        assertThat(act(1, "title", "title", "How?!").at("newTitle.data.from")).isEqualTo("How to?");
        assertThat(server.get(API + "/discussions?type=pull_request").at("count")).isEqualTo(1L);
        assertThat(server.get(API + "/discussions?type=x").status()).isEqualTo(400);
        server.as(HubServer.TOKEN);
        assertThat(act(1, comment + "/edit", "content", "mine").status()).isEqualTo(403);
        assertThat(act(1, comment + "/hide").at("updatedComment.data.hidden")).isEqualTo(true);
        assertThat(server.get(API + "/discussions/1").text()).doesNotContain("\"so\"");
        assertThat(act(1, "status", "status", "closed").at("newStatus.data.status"))
                .isEqualTo("closed");
        assertThat(server.get(API + "/discussions?status=open").at("count")).isEqualTo(1L);
        assertThat(server.get(API + "/discussions?status=closed").at("discussions.0.title"))
                .isEqualTo("How?!");
        assertThat(act(1, "merge").status()).isEqualTo(400);
        assertThat(server.get(API + "/discussions/9").status()).isEqualTo(404);
    }

    @Test
    void revisionsAreCompared() {
        String first = server.commit("jebena/m", "main", "a", "1\n2\n4\n");
        server.commit("jebena/m", "main", "dir/new.txt", "x\n");
        assertThat(server.get(API + "/compare/" + first + "..main").text())
                .contains("diff --git a/dir/new.txt b/dir/new.txt")
                .doesNotContain("a/a b/a");
        assertThat(server.get(API + "/compare/" + first + "%5E..main?raw=true").text())
                .contains(" M\ta\n")
                .contains(" A\tdir/new.txt\n");
        HubServer.Reply files = server.get(API + "/compare/" + first + "%5E..main?files=true");
        assertThat(files.at("files.0.additions")).isEqualTo(1L);
        assertThat(files.at("files.0.deletions")).isEqualTo(1L);
        assertThat(server.get(API + "/compare/main").status()).isEqualTo(400);
        assertThat(server.get(API + "/compare/main..nope").status()).isEqualTo(404);
        HubServer.Reply history = server.get(API + "/commits/main?path=a");
        assertThat(history.header("X-Total-Count")).isEqualTo("2");
        assertThat(history.at("0.id")).isEqualTo(first);
    }

    @Test
    void aSquashedHistoryHasTheSameFiles() {
        server.post(API + "/super-squash/main", Map.of("message", "all of it"));
        assertThat(server.get("/jebena/m/raw/main/a").text()).isEqualTo("1\n2\n3\n");
        HubServer.Reply history = server.get(API + "/commits/main");
        assertThat(history.header("X-Total-Count")).isEqualTo("1");
        assertThat(history.at("0.title")).isEqualTo("all of it");
        server.commit("jebena/m", "main", "a", "after");
    }
}
