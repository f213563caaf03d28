package dev.jebena.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Experiments, runs, comparisons and files on a real tracking server: 130 runs of a sweep, one of
/// them with 50,000 points.
class ExperimentPagesTest extends BrowserTest {
    private static final int RUNS = 130;
    private static final int POINTS = 50_000;
    private static final int SPIKE = 31_234;

    private static PageServer server;
    private static String experiment = "";
    private static final List<String> RUN_IDS = new ArrayList<>();

    private BrowserPage page;

    @BeforeAll
    static void sweep(@TempDir Path folder) {
        server = new PageServer(folder);
        experiment =
                BrowserPage.text(
                        server.post("experiments/create", "name", "sweep"), "experiment_id");
        for (int i = 0; i < RUNS; i++) {
            String id =
                    server.run(
                            experiment,
                            "run-" + i,
                            Map.of("lr", 0.001 * (i + 1), "model", i % 2 == 0 ? "cnn" : "mlp"),
                            Map.of("loss", 1.0 / (i + 1), "accuracy", i / (double) RUNS));
            server.finish(id);
            RUN_IDS.add(id);
        }
        for (long from = 0; from < POINTS; from += 1000) {
            List<Object> points =
                    LongStream.range(from, from + 1000)
                            .<Object>mapToObj(step ->
                                    PageServer.point(
                                            "train/loss",
                                            step == SPIKE ? 9 : Math.sin((double) step),
                                            step))
                            .toList();
            server.post("runs/log-batch", "run_id", RUN_IDS.getFirst(), "metrics", points);
        }
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
    void nothingLeavesThisServerAndNothingComplains() {
        page.close();
        assertThat(page.requests)
                .isNotEmpty()
                .allMatch(a ->
                        a.startsWith(server.address())
                                || a.startsWith("blob:" + server.address())
                                || a.equals("about:blank"));
        assertThat(page.complaints).isEmpty();
    }

    private void open(String path) {
        page.open(server.address() + "console/" + path);
        page.await("document.querySelector('h1')");
    }

    private void openRuns(String query) {
        open("experiments/" + experiment + query);
        page.await(
                "document.querySelector('table.runs tbody tr, .charts, canvas, .problem:not([hidden])')");
    }

    private long count(String selector) {
        return ((Number)
                        Objects.requireNonNull(
                                page.evaluate(
                                        "document.querySelectorAll('" + selector + "').length")))
                .longValue();
    }

    private String names() {
        return page.string(
                "[...document.querySelectorAll('table.runs tbody .name')].map(n => n.innerText).join(' ')");
    }

    private String parameter(String name) {
        return page.string("new URLSearchParams(location.search).get('" + name + "')");
    }

    @Test
    void runsComeInPagesTheNewestFirst() {
        openRuns("");
        assertThat(names()).startsWith("run-129 run-128").doesNotContain("run-29 ");
        page.evaluate(
                "[...document.querySelectorAll('.pager button')].find(b => b.textContent === 'Next').click()");
        page.await("document.querySelector('table.runs tbody').innerText.includes('run-29')");
        assertThat(count("table.runs tbody tr")).isEqualTo(30);
        assertThat(parameter("from")).isEqualTo("100");
        page.reload();
        page.await("document.querySelectorAll('table.runs tbody tr').length === 30");
    }

    @Test
    void aFilterAndAnOrderAreInTheAddress() {
        openRuns("");
        page.click("input.filter");
        page.type("metrics.loss < 0.1 and params.model = 'cnn'");
        page.press("Enter", 0);
        page.await("document.querySelectorAll('table.runs tbody tr').length === 60");
        page.click("[data-focus=\"sort metrics.loss\"]");
        page.await("document.querySelector('table.runs tbody .name').innerText === 'run-10'");
        assertThat(page.string("document.querySelector('[aria-sort]').innerText"))
                .startsWith("loss");
        page.reload();
        page.await("document.querySelector('table.runs tbody .name')?.innerText === 'run-10'");
        assertThat(parameter("filter")).isEqualTo("metrics.loss < 0.1 and params.model = 'cnn'");
    }

    @Test
    void aWrongFilterIsToldInWords() {
        openRuns("?filter=" + "metrics.loss%20%3C%3C%201");
        page.awaitText(".problem", "The filter was not understood");
        assertThat(page.shown(".problem")).contains("Filters look like", "metrics.loss < 0.1");
        assertThat(page.string("document.querySelector('input.filter').ariaInvalid"))
                .isEqualTo("true");
        page.complaints.removeIf(text -> text.contains("400"));
        picture(page, "filter-problem");
    }

    @Test
    void groupsShowMeansAndOpen() {
        openRuns("?group=params.model");
        page.await("document.querySelectorAll('tr.group').length === 2");
        assertThat(page.shown("tr.group")).contains("mlp · 65", "⌀");
        page.click("tr.group button");
        page.await("document.querySelectorAll('table.runs tbody tr').length === 67");
        assertThat(page.string("document.activeElement.ariaExpanded")).isEqualTo("true");
    }

    @Test
    void columnsAreChosenAndKeptInTheAddress() {
        openRuns("");
        page.evaluate(
                "[...document.querySelectorAll('button')].find(b => b.textContent === 'Columns').click()");
        page.await("document.querySelector('dialog.picker')");
        page.type("user");
        page.await("document.querySelectorAll('.picklist input').length === 1");
        page.press("Tab", 0);
        page.press(" ", 0);
        page.await("document.querySelector('table.runs thead').innerText.includes('User')");
        page.press("Escape", 0);
        assertThat(parameter("cols")).endsWith("~user");
    }

    @Test
    void fiftyThousandPointsAreDrawnWithinTwoSecondsAndNoneIsLost() {
        page.open(
                server.address()
                        + "console/runs/"
                        + RUN_IDS.getFirst()
                        + "?tab=charts&chart=train");
        page.await("document.querySelector('[data-points=\"50000\"]')");
        assertThat(
                        ((Number) Objects.requireNonNull(page.evaluate("performance.now()")))
                                .doubleValue())
                .as("milliseconds from the navigation to the drawing")
                .isLessThan(2000);
        assertThat(
                        page.evaluate(
                                "document.querySelector('[data-points=\"50000\"]').dataset.milliseconds < 200"))
                .isEqualTo(true);
        assertThat(spikeIsDrawn()).isTrue();
        picture(page, "chart-50000");
    }

    /// Whether the one high point is there, above all others.
    private boolean spikeIsDrawn() {
        return Boolean.TRUE.equals(
                page.evaluate(
                        """
                        (() => { const c = document.querySelector('[data-points="50000"] canvas');
                        const at = Math.round(58 + (c.width - 68) * %d / %d);
                        const d = c.getContext('2d').getImageData(at - 1, 30, 3, 40).data;
                        return d.some((v, i) => i %% 4 === 2 && v > 150 && d[i - 2] < 80); })()\
                        """
                                .formatted(SPIKE, POINTS - 1)));
    }

    @Test
    void aChartIsZoomedSmoothedAndReadWithTheKeyboard() {
        page.open(
                server.address()
                        + "console/runs/"
                        + RUN_IDS.getFirst()
                        + "?tab=charts&chart=train");
        page.await("document.querySelector('[data-points=\"50000\"]')");
        page.evaluate("document.querySelector('[data-points=\"50000\"] canvas').focus()");
        page.press("ArrowRight", 0);
        page.awaitText("[data-points=\"50000\"] .tip", "step: ");
        page.press("+", 0);
        page.await("location.search.includes('zoom=')");
        page.press("0", 0);
        page.await("!location.search.includes('zoom=')");
        page.evaluate(
                "(r => { r.value = 0.9; r.dispatchEvent(new Event('input')); })(document.querySelector('input[type=range]'))");
        assertThat(parameter("smooth")).isEqualTo("0.9");
    }

    @Test
    void whatARunLogsAppearsByItself() {
        String run = server.run(experiment, "live", Map.of(), Map.of("loss", 1.0));
        open("runs/" + run + "?tab=charts");
        page.await("document.querySelector('[data-points=\"1\"]')");
        server.post(
                "runs/log-batch",
                "run_id",
                run,
                "metrics",
                List.of(PageServer.point("loss", 0.5, 1), PageServer.point("loss", 0.4, 2)));
        page.await("document.querySelector('[data-points=\"3\"]')");
        server.finish(run);
        page.awaitText("[role=status]", "finished");
        server.post("runs/delete", "run_id", run);
    }

    @Test
    void runsAreComparedByWhatDiffers() {
        openRuns("");
        page.click("tbody tr:nth-child(1) input");
        page.click("tbody tr:nth-child(3) input");
        page.evaluate(
                "[...document.querySelectorAll('button')].find(b => b.textContent === 'Compare 2').click()");
        page.await("document.querySelectorAll('table.compare').length >= 3");
        String tables =
                page.string(
                        "[...document.querySelectorAll('table.compare')].map(t => t.innerText).join()");
        assertThat(tables).contains("lr", "loss", "%").doesNotContain("\nmodel");
        page.click(".controls input");
        page.await("document.body.innerText.includes('model')");
        page.await("document.querySelector('.charts [data-points=\"2\"]')");
        picture(page, "compare");
    }

    @Test
    void aSweepIsDrawnAndRangesChooseRunsWithoutAMouse() {
        openRuns("?view=parallel");
        page.await("document.querySelectorAll('.range input').length >= 4");
        page.evaluate("document.querySelector('.range input[aria-label=\"lr from\"]').focus()");
        page.type("0.1255");
        page.press("Tab", 0);
        page.awaitText(".runlist", "run-129");
        assertThat(count(".runlist li")).isEqualTo(5);
        picture(page, "parallel");
        page.click("#view-scatter");
        page.await("document.querySelector('canvas[aria-roledescription=\"scatter chart\"]')");
        page.evaluate("document.querySelector('canvas').focus()");
        page.press("ArrowRight", 0);
        page.awaitText(".tip", "run-0");
        picture(page, "scatter");
        page.press("Enter", 0);
        page.awaitText("h1", "run-0");
    }

    @Test
    void manyRunsAreChartedTogether() {
        openRuns("?view=charts&order=metrics.loss%20ASC");
        page.await("document.querySelectorAll('[data-points=\"100\"]').length === 2");
        assertThat(page.shown("p.soft")).contains("100 of 130 runs");
    }

    @Test
    void everyKindOfFileIsShownAsWhatItIs() {
        String run = RUN_IDS.get(3);
        server.file(experiment, run, "a/table.csv", "name,n\n\"x, \"\"y\"\"\",1\n<b>z</b>,2\n");
        server.file(experiment, run, "config.json", "{\"deep\": {\"list\": [1, null]}}");
        server.file(
                experiment,
                run,
                "notes.md",
                "# Title\n\n- one\n\n<script>window.hacked=1</script>");
        server.file(experiment, run, "log.txt", "a line");
        server.file(
                experiment,
                run,
                "plot.svg",
                "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><script>parent.hacked=1</script></svg>");
        open("runs/" + run + "?tab=artifacts&file=a%2Ftable.csv");
        page.awaitText(".fileview table", "x, \"y\"");
        assertThat(page.shown(".fileview table")).contains("<b>z</b>");
        page.evaluate("document.querySelector('[role=treeitem]').focus()");
        choose("config.json", ".json", "deep");
        choose("log.txt", "pre.plain", "a line");
        choose("notes.md", ".fileview .markdown li", "one");
        page.evaluate("document.querySelector('[data-path=\"plot.svg\"]').click()");
        page.await("document.querySelector('img.picture')?.naturalWidth === 40");
        assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
    }

    /// Goes to a file with the keys of a tree.
    private void choose(String path, String selector, String text) {
        for (int i = 0;
                i < 12 && !page.string("document.activeElement.dataset.path").equals(path);
                i++) {
            page.press("ArrowDown", 0);
        }
        page.press("Enter", 0);
        page.awaitText(selector, text);
    }
}
