package dev.jebena.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The hub's pages on a real hub: a repository is made, filled and looked at in the browser.
class HubPagesTest extends BrowserTest {
    private static final String CARD =
            """
            ---
            license: mit
            tags: [digits]
            ---
            # Digit reader

            <img src="x" onerror="window.hacked=1">
            <script>window.hacked=1</script>
            <a href="javascript:window.hacked=1">bad link</a>

            [bad too](javascript:window.hacked=1)

            <iframe srcdoc="<script>parent.hacked=1</script>"></iframe>
            <div align="center"><b>Centered</b></div>

            ![plot](plot.svg) ![far](https://far.example/x.png) [the data](data.csv)

            | task | accuracy |
            |---|---|
            | digits | 0.98 |
            """;

    @TempDir private static Path folder;

    private static PageServer server;

    private BrowserPage page;

    @BeforeAll
    static void start() {
        server = new PageServer(folder.resolve("server"));
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

    private void click(String label) {
        page.evaluate(
                "[...document.querySelectorAll('button, a')].find(b => b.textContent === '%s').click()"
                        .formatted(label));
    }

    /// Keeps the owner's token in the browser, as a user would.
    private void signIn() {
        open("settings");
        page.await("document.querySelectorAll('main input').length === 2");
        page.evaluate("document.querySelectorAll('main input')[1].select()");
        page.type(PageServer.HUB_TOKEN);
        page.press("Enter", 0);
        page.awaitText("main", "You are jebena");
    }

    private void create(String name) {
        create("models", name);
    }

    private void create(String kind, String name) {
        open("repos/" + kind);
        click("New repository");
        page.await("document.activeElement?.matches('dialog[open] input')");
        page.type(name);
        page.press("Enter", 0);
        page.awaitText("h1", "jebena/" + name);
    }

    private static Path file(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, content);
        return file;
    }

    private void upload(Path... files) {
        page.choose("input[type=file]", List.of(files));
        page.await(
                "[...document.querySelectorAll('main td:first-child')].filter(c => c.innerText).length >= "
                        + files.length);
    }

    private static byte[] safetensors() {
        byte[] head =
                HttpJson.bytes(
                        Map.of(
                                "__metadata__",
                                Map.of("made", "<b>here</b>"),
                                "layer.weight",
                                Map.of(
                                        "dtype",
                                        "F32",
                                        "shape",
                                        List.of(2, 3),
                                        "data_offsets",
                                        List.of(0, 24))));
        return ByteBuffer.allocate(8 + head.length + 24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(head.length)
                .put(head)
                .array();
    }

    private static byte[] gguf() {
        ByteBuffer out = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
        out.put("GGUF".getBytes(UTF_8)).putInt(3).putLong(1).putLong(2);
        text(out, "general.architecture").putInt(8);
        text(out, "llama");
        text(out, "list").putInt(9).putInt(4).putLong(2).putInt(7).putInt(8);
        text(out, "token_embd.weight").putInt(2).putLong(64).putLong(32).putInt(2).putLong(0);
        return out.array();
    }

    private static ByteBuffer text(ByteBuffer out, String text) {
        return out.putLong(text.length()).put(text.getBytes(UTF_8));
    }

    @Test
    void aRepositoryIsMadeFilledAndLookedAt() throws IOException {
        signIn();
        create("reader");
        page.awaitText("main", "There is no README.md");
        click("Files");
        page.await("document.querySelector('input[type=file]')");
        upload(
                file("README.md", CARD.getBytes(UTF_8)),
                file("model.safetensors", safetensors()),
                file("small.gguf", gguf()),
                file(
                        "plot.svg",
                        "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='40'><script>window.hacked=1</script><rect width='90' height='40' fill='teal'/></svg>"
                                .getBytes(UTF_8)),
                file("data.csv", "label,size\na,1\nb,2\n<b>c</b>,3\n".getBytes(UTF_8)));
        page.awaitText("main table", "LFS");
        picture(page, "hub-files");
        click("Card");
        page.awaitText(".markdown table", "0.98");
        assertThat(page.shown("main"))
                .contains("Digit reader", "mit")
                .doesNotContain("license: mit");
        page.await("document.querySelector('main img[alt=plot]')?.naturalWidth > 0");
        assertThat(
                        page.evaluate(
                                "document.querySelectorAll('main script, main iframe, main [onerror],"
                                        + " main a[href^=javascript]').length"))
                .isEqualTo(0L);
        assertThat(page.shown("main"))
                .contains("Centered", "[picture elsewhere: far]")
                .doesNotContain("window.hacked");
        assertThat(page.string("document.querySelector('.markdown .align-center').innerText"))
                .isEqualTo("Centered");
        assertThat(
                        page.string(
                                "[...document.querySelectorAll('.markdown a')].find(a => a.innerText === 'the data').search"))
                .contains("file=data.csv");
        picture(page, "hub-card");
        click("Files");
        look("model.safetensors", "1 tensors, 6 parameters", "layer.weight", "<b>here</b>");
        look("small.gguf", "token_embd.weight", "64 × 32", "Q4_0", "llama");
        look("data.csv", "1 to 3, mean 2", "<b>c</b>: 1", "3 of 3 rows");
        picture(page, "hub-data");
        click("History");
        page.awaitText(".commits, .titleline", "");
        open("repos/models/jebena/reader?tab=history");
        page.awaitText(".commits", "Upload 5 files");
        page.evaluate("document.querySelector('.commits a').click()");
        page.awaitText(".difference .added", "");
        assertThat(page.shown("main")).contains("+label,size");
        picture(page, "hub-diff");
        open("repos?search=read");
        page.awaitText(".repos", "jebena/reader");
        assertThat(page.shown(".repos")).contains("mit");
        page.viewport(390, 800, true);
        open("repos/models/jebena/reader");
        page.awaitText(".markdown", "Digit reader");
        assertThat(page.evaluate("document.querySelector('main').scrollWidth <= innerWidth"))
                .isEqualTo(true);
        picture(page, "hub-phone");
    }

    @Test
    void licencesAndOpennessAreDrawnAndNamesOfOthersAreText() throws IOException {
        signIn();
        create("licensed");
        click("Files");
        page.await("document.querySelector('input[type=file]')");
        upload(file("README.md", CARD.getBytes(UTF_8)));
        click("Licences");
        page.awaitText("main", "Model Openness Framework");
        assertThat(page.shown("main"))
                .contains(
                        "the card says mit, LICENSE is GPL-3.0-only", "no-commerce", "Open Tooling")
                .contains("<img src=x");
        assertThat(page.evaluate("document.querySelectorAll('svg .node').length")).isEqualTo(3L);
        assertThat(
                        page.evaluate(
                                "document.querySelectorAll('main img, main a[href^=javascript]').length"))
                .isEqualTo(0L);
        picture(page, "hub-licence");
        page.viewport(390, 800, true);
        page.reload();
        page.awaitText("main", "Model Openness Framework");
        assertThat(page.evaluate("document.querySelector('main').scrollWidth <= innerWidth"))
                .isEqualTo(true);
        picture(page, "hub-licence-phone");
    }

    @Test
    void whatTheChecksFindIsShownAndNamesOfFilesAreText() throws IOException {
        signIn();
        create("unsafe");
        click("Files");
        page.await("document.querySelector('input[type=file]')");
        page.evaluate(
                """
                (() => {
                  const files = new DataTransfer();
                  files.items.add(new File(["cos"], "<img src=x onerror=window.hacked=1>.pkl"));
                  document.querySelector('.drop').dispatchEvent(
                      new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
                })()\
                """);
        page.awaitText("main table", "<img src=x onerror=window.hacked=1>.pkl");
        page.awaitText("main table", "! unsafe");
        click("Checks");
        page.awaitText("main .finding", "imports os.system <img");
        picture(page, "hub-checks");
        page.evaluate("document.querySelector('.finding a').click()");
        page.awaitText("h2", "<img src=x onerror=window.hacked=1>.pkl");
        page.awaitText("main", "The checks say unsafe");
        click("Settings");
        page.await("document.querySelectorAll('main input[type=checkbox]').length === 2");
        page.evaluate("document.querySelectorAll('main input[type=checkbox]')[1].click()");
        click("Keep");
        page.awaitText("#notice", "Kept");
        click("Checks");
        page.awaitText("main", "Unsafe files are not given out.");
        assertThat(page.evaluate("document.querySelectorAll('main img').length")).isEqualTo(0L);
    }

    @Test
    void theRowsOfADataSetAreShownSearchedAndCounted() throws IOException {
        signIn();
        create("datasets", "rows");
        click("Files");
        page.await("document.querySelector('input[type=file]')");
        StringBuilder rows = new StringBuilder("name,age,note\n");
        for (int i = 0; i < 250; i++) {
            rows.append(
                    "person %d,%d,%s\n"
                            .formatted(i, 20 + i % 50, i == 7 ? HubReplies.MARKUP : "n"));
        }
        upload(file("train.csv", rows.toString().getBytes(UTF_8)));
        click("Data");
        page.awaitText("main table", "person 99");
        page.awaitText(".histograms", "20 to 69");
        assertThat(page.shown("main")).contains("1 to 100 of 250 rows", HubReplies.MARKUP);
        picture(page, "hub-rows");
        click("Next");
        page.awaitText("main table", "person 150");
        assertThat(page.string("location.search")).contains("offset=100");
        page.click("input[name=where]");
        page.type("\"age\" = 21");
        page.press("Enter", 0);
        page.awaitText(".pager", "1 to 5 of 5 rows");
        page.reload();
        page.awaitText(".pager", "1 to 5 of 5 rows");
        page.evaluate("document.querySelector('input[name=where]').value = ''");
        page.click("input[name=search]");
        page.type("person 249");
        page.press("Enter", 0);
        page.awaitText("main table", "person 249");
        assertThat(page.evaluate("document.querySelectorAll('main img').length")).isEqualTo(0L);
        page.viewport(390, 800, true);
        picture(page, "hub-rows-phone");
        assertThat(page.evaluate("document.querySelector('main').scrollWidth <= innerWidth"))
                .isEqualTo(true);
    }

    @Test
    void whoMayNotReadAGatedRepositoryIsToldToAsk() throws IOException {
        signIn();
        create("gated");
        click("Settings");
        page.await("document.querySelectorAll('main input[type=checkbox]').length === 2");
        page.evaluate("document.querySelector('main select').value = 'manual'");
        click("Keep");
        page.awaitText("#notice", "Kept");
        page.reload();
        page.awaitText("main", "Who asked for access");
        page.evaluate("localStorage.clear()");
        open("repos/models/jebena/gated?tab=talks");
        page.awaitText("main .problem", "restricted");
        click("Ask for access");
        page.awaitText("#notice .bad", "The hub wants a token");
        page.complaints.removeIf(text -> text.contains("401"));
    }

    @Test
    void filesAreProposedTalkedAboutAndMerged() throws IOException {
        signIn();
        create("talked");
        click("Files");
        page.await("document.querySelector('input[type=file]')");
        page.click(".drop input[type=checkbox]");
        page.choose("input[type=file]", List.of(file("notes.md", "first line\n".getBytes(UTF_8))));
        page.awaitText("h2", "Upload notes.md");
        page.awaitText(".difference .added", "");
        page.click("form.comment textarea");
        page.type("Looks **good** <img src=x onerror=window.hacked=1>");
        click("Comment");
        page.awaitText("main article:last-of-type", "Looks good <img");
        picture(page, "hub-pull-request");
        click("Merge");
        page.awaitText("main", "Merged as");
        page.awaitText(".badges ~ *, main", "merged");
        click("Files");
        page.awaitText("main table", "notes.md");
        click("Discussions");
        page.awaitText("main", "None.");
        click("New discussion");
        page.await("document.activeElement?.matches('dialog[open] input')");
        page.type("Which <b>licence</b>?");
        page.evaluate("document.querySelector('dialog textarea').focus()");
        page.type("It does not say.");
        click("Begin");
        page.awaitText("h2", "Which <b>licence</b>?");
        click("Close");
        page.awaitText("main", "made it closed");
    }

    private void look(String name, String... texts) {
        open("repos/models/jebena/reader?tab=files&file=" + name);
        page.awaitText("h2", name);
        for (String text : texts) {
            page.awaitText("main", text);
        }
    }

    @Test
    void aLargeFileGoesByItsOwnWayAndIsTheSameAfterwards() throws IOException {
        signIn();
        create("large");
        click("Files");
        page.await("document.querySelector('input[type=file]')");
        byte[] content = new byte[12_000_000];
        new java.util.Random(7).nextBytes(content);
        upload(file("weights.bin", content));
        page.awaitText("main table", "12.0 MB");
        assertThat(
                        page.string(
                                "fetch('/jebena/large/resolve/main/weights.bin').then(r => r.arrayBuffer())"
                                        + ".then(b => crypto.subtle.digest('SHA-256', b))"
                                        + ".then(d => [...new Uint8Array(d)].map(x => x.toString(16).padStart(2, '0')).join(''))"))
                .isEqualTo(dev.jebena.base.ContentId.of(content).hex());
    }

    @Test
    void withoutATokenNothingIsChangedAndThePageSaysWhy() {
        open("repos");
        page.evaluate("localStorage.clear()");
        click("New repository");
        page.await("document.activeElement?.matches('dialog[open] input')");
        page.type("mine");
        page.press("Enter", 0);
        page.awaitText("dialog .bad", "The hub wants a token");
        page.complaints.removeIf(text -> text.contains("401"));
    }

    @Test
    void tokensAreMadeShownOnceAndEnded() {
        signIn();
        click("New token");
        page.await("document.activeElement?.matches('dialog[open] input')");
        page.type("laptop <i>");
        page.press("Enter", 0);
        page.await("document.querySelector('dialog input[readonly]')?.value.length > 20");
        page.press("Enter", 0);
        page.awaitText("main table", "laptop <i>");
        page.evaluate("document.querySelector('[aria-label=\"End laptop <i>\"]').click()");
        page.await("document.querySelector('dialog[open] .primary')");
        page.click("dialog[open] .primary");
        page.await("!document.querySelector('main table').innerText.includes('laptop')");
    }
}
