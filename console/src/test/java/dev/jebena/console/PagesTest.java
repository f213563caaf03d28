package dev.jebena.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Registry, lineage, models, system, and what holds for all pages, with names that would be markup
/// where somebody forgot to escape them.
class PagesTest extends BrowserTest {
    private static final String MARKUP = "<img src=x onerror=window.hacked=1>";

    private static PageServer server;
    private static String experiment = "";
    private static String run = "";

    private BrowserPage page;

    @BeforeAll
    static void fill(@TempDir Path folder) {
        server = new PageServer(folder);
        experiment =
                BrowserPage.text(
                        server.post("experiments/create", "name", "exp " + MARKUP),
                        "experiment_id");
        run =
                server.run(
                        experiment,
                        "run " + MARKUP,
                        Map.of("html", MARKUP),
                        Map.of("accuracy", 0.9));
        server.post(
                "runs/set-tag",
                "run_id",
                run,
                "key",
                "mlflow.note.content",
                "value",
                "# Card\n" + MARKUP);
        server.post("runs/set-tag", "run_id", run, "key", "team", "value", MARKUP);
        server.post(
                "registered-models/create",
                "name",
                "reader",
                "description",
                "Reads **digits** " + MARKUP);
        server.post(
                "model-versions/create",
                "name",
                "reader",
                "source",
                "runs:/" + run + "/m",
                "run_id",
                run);
        server.post(
                "jebena-gates/set",
                "name",
                "reader",
                "alias",
                "champion",
                "run_filter",
                "metrics.accuracy >= 0.95",
                "reviews",
                1);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @BeforeEach
    void openTab() {
        page = newPage();
        page.viewport(1300, 900, false);
    }

    @AfterEach
    void nothingIsRunNothingLeavesThisServerAndNothingComplains() {
        assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
        page.close();
        assertThat(page.requests)
                .isNotEmpty()
                .allMatch(a -> a.startsWith(server.address()) || a.equals("about:blank"));
        assertThat(page.complaints).isEmpty();
    }

    private void open(String path) {
        page.open(server.address() + path);
        page.await("document.querySelector('h1, #input')");
    }

    private void click(String label) {
        page.evaluate(
                "[...document.querySelectorAll('button')].find(b => b.textContent === '"
                        + label
                        + "').click()");
    }

    /// All pages, each with what it shows when it is there.
    private static Map<String, String> pages() {
        return Map.of(
                "console/experiments",
                "exp <img",
                "console/experiments/" + experiment,
                "run <img",
                "console/runs/" + run,
                "Card",
                "console/registry",
                "reader",
                "console/registry/reader",
                "Reads digits",
                "console/registry/reader/1",
                "may not name this version",
                "console/lineage?id=run:" + run,
                "registered",
                "console/models",
                "<b>beta</b>",
                "console/system",
                "Only scalar kernels",
                "console/settings",
                "1.2.3");
    }

    @Test
    void markupInNamesIsTextOnEveryPage() {
        pages().forEach((path, text) -> {
            open(path);
            page.awaitText("main", text);
            assertThat(page.evaluate("document.querySelectorAll('main img, main script').length"))
                    .as(path)
                    .isEqualTo(0L);
        });
        open("console/models/alpha:latest");
        page.awaitText("main", "<script>");
    }

    @Test
    void noPageIsWiderThanAPhoneAndBothColorsDiffer() {
        page.viewport(390, 800, true);
        pages().forEach((path, text) -> {
            open(path);
            page.awaitText("main", text);
            assertThat(
                            page.evaluate(
                                    "document.documentElement.scrollWidth <= innerWidth"
                                            + " && document.querySelector('main').scrollWidth <= innerWidth"))
                    .as(path)
                    .isEqualTo(true);
            picture(page, "phone-" + path.replaceAll("[^a-z]+", "-"));
        });
        page.viewport(1300, 900, false);
        page.colors("dark");
        String dark = page.string("getComputedStyle(document.body).backgroundColor");
        pages().forEach((path, text) -> {
            open(path);
            page.awaitText("main", text);
            picture(page, "dark-" + path.replaceAll("[^a-z]+", "-"));
        });
        page.colors("light");
        assertThat(page.string("getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo(dark);
    }

    @Test
    void aPageIsPaintedWithinASecond() {
        open("console/experiments");
        double least = Double.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            page.reload();
            page.await("performance.getEntriesByName('first-contentful-paint').length");
            Object time =
                    page.evaluate(
                            "performance.getEntriesByName('first-contentful-paint')[0].startTime");
            least = Math.min(least, ((Number) Objects.requireNonNull(time)).doubleValue());
        }
        System.out.printf("first paint of a page: %.0f ms%n", least);
        assertThat(least).isLessThan(1000);
    }

    @Test
    void everythingIsReachedByTabAndSeen() {
        open("console/experiments");
        page.awaitText("main", "exp <img");
        StringBuilder reached = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            page.press("Tab", 0);
            if (Boolean.TRUE.equals(page.evaluate("document.activeElement === document.body"))) {
                break;
            }
            reached.append(
                            page.string(
                                    "document.activeElement.innerText || document.activeElement.id"))
                    .append('|');
            assertThat(page.string("getComputedStyle(document.activeElement).outlineStyle"))
                    .as(reached.toString())
                    .isNotEqualTo("none");
        }
        assertThat(reached)
                .startsWithIgnoringCase("Skip to the page|")
                .contains("Chat|Models|Experiments|", "New experiment|", "exp <img");
    }

    @Test
    void theSearchFindsARunAndOpensItByKeysAlone() {
        open("console/system");
        page.awaitText("main", "Only scalar");
        page.press("k", 2);
        page.await("document.querySelector('dialog.palette[open] input')");
        page.type("run <img");
        page.await(
                "[...document.querySelectorAll('#found a')].some(a => a.innerText.startsWith('Run'))");
        picture(page, "palette");
        page.press("ArrowDown", 0);
        page.press("ArrowUp", 0);
        page.press("Enter", 0);
        page.awaitText("h1", "run <img");
        assertThat(page.string("document.activeElement.tagName")).isEqualTo("H1");
        page.press("/", 0);
        page.await("document.querySelector('dialog.palette[open]')");
        page.press("Escape", 0);
        page.await("!document.querySelector('dialog[open]')");
    }

    @Test
    void theSearchIsOnTheChatPageToo() {
        open("");
        page.press("k", 2);
        page.await("document.querySelector('dialog.palette[open] input')");
        page.type("exp <img");
        page.awaitText("#found", "Experiment");
        page.press("Enter", 0);
        page.awaitText("h1", "exp <img");
    }

    @Test
    void aGateHoldsAnAliasBackAndSaysWhy() {
        open("console/registry/reader/1");
        page.awaitText(".verdict", "metrics.accuracy >= 0.95");
        assertThat(page.shown(".verdict")).contains("found: 0.9", "1 approvals");
        page.click("input[name=alias]");
        page.type("champion");
        page.press("Enter", 0);
        page.awaitText("#notice", "may not become champion");
        page.complaints.removeIf(text -> text.contains("403"));
        page.click("input[name=alias]");
        page.evaluate("document.activeElement.select()");
        page.type("challenger");
        page.press("Enter", 0);
        page.awaitText(".facts", "@challenger");
        page.open(server.address() + "console/registry/reader");
        page.awaitText("main", "refused");
        picture(page, "registry");
    }

    @Test
    void theLineageIsDrawnWithLinks() {
        open("console/lineage?id=run:" + run);
        page.await("document.querySelectorAll('svg .node').length === 2");
        page.evaluate("document.querySelector('.node:not(.start)').focus()");
        page.press("Enter", 0);
        page.await("location.search.includes('version')");
        page.awaitText("h2", "reader/1");
        assertThat(page.evaluate("document.querySelectorAll('svg .edge').length")).isEqualTo(1L);
        open("console/lineage?id=nothing");
        page.awaitText(".problem", "No run begins with 'nothing'");
        page.complaints.removeIf(text -> text.contains("404"));
    }

    @Test
    void aPageThatIsNotThereSaysSo() {
        open("console/runs/0123");
        page.awaitText("[role=alert]", "0123");
        page.complaints.removeIf(text -> text.contains("404") || text.contains("400"));
        assertThat(List.of(page.string("document.title"))).containsExactly("Not shown · Jebena");
    }

    @Test
    void linksGoBackAndForthWithoutLoadingThePageAnew() {
        open("console/experiments");
        page.evaluate("window.same = true");
        page.awaitText("main", "exp <img");
        page.click("main tbody a");
        page.awaitText("h1", "exp <img");
        page.evaluate("history.back()");
        page.awaitText("h1", "Experiments");
        assertThat(page.evaluate("window.same")).isEqualTo(true);
        click("New experiment");
        page.await("document.querySelector('dialog[open]')");
        page.type("made here");
        page.press("Enter", 0);
        page.awaitText("h1", "made here");
    }
}
