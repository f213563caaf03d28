package dev.jebena.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jebena.base.HttpException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The chat page in a real browser. With `-Djebena.screenshots=FOLDER` it also takes pictures.
class ChatPageTest extends BrowserTest {
    private static final int CTRL = 2;
    private static final int SHIFT = 8;

    private ScriptedServer server = new ScriptedServer();
    private BrowserPage page;

    @BeforeEach
    void openPage() {
        page = newPage();
        page.viewport(1200, 800, false);
        open();
    }

    private void open() {
        page.open(server.address());
        page.await(
                "document.getElementById('model').options.length || document.querySelector('#status.bad')");
    }

    @AfterEach
    void nothingLeavesThisServerAndNothingComplains() {
        String own = server.address();
        page.close();
        server.close();
        assertThat(page.requests)
                .isNotEmpty()
                .allMatch(address -> address.startsWith(own) || address.equals("about:blank"));
        assertThat(page.complaints).isEmpty();
    }

    private void ask(String question) {
        page.click("#input");
        page.type(question);
        page.press("Enter", 0);
    }

    private void askAndWait(String question) {
        int before = count(".message");
        ask(question);
        page.await("document.querySelectorAll('.message').length === " + (before + 2));
        awaitDone();
    }

    private void awaitDone() {
        page.await("document.getElementById('stop').hidden");
    }

    private int count(String selector) {
        return ((Number)
                        Objects.requireNonNull(
                                page.evaluate(
                                        "document.querySelectorAll('" + selector + "').length")))
                .intValue();
    }

    private void clickButton(String message, String label) {
        page.evaluate(
                "[...document.querySelectorAll('%s button')].find(b => b.textContent === '%s').id = 'wanted'"
                        .formatted(message, label));
        page.click("#wanted");
    }

    /// Role and content of each message of request number `index`.
    private List<String> said(int index) {
        return ((List<?>) Objects.requireNonNull(server.asked.get(index).get("messages")))
                .stream()
                        .map(m ->
                                BrowserPage.text(m, "role") + ": " + BrowserPage.text(m, "content"))
                        .toList();
    }

    private List<String> shownMessages() {
        return Stream.of(
                        page.string(
                                        "[...document.querySelectorAll('.message .body')].map(b => b.innerText).join('|')")
                                .split("\\|"))
                .toList();
    }

    @Test
    void theModelsOfTheServerCanBeChosenAndTheChoiceStays() {
        assertThat(page.string("[...document.getElementById('model').options].map(o => o.text)"))
                .isEqualTo("[alpha:latest, beta:latest]");
        page.evaluate(
                "(m => { m.value = 'beta:latest'; m.dispatchEvent(new Event('change')); })(document.getElementById('model'))");
        page.reload();
        page.await("document.getElementById('model').value === 'beta:latest'");
        askAndWait("Hello");
        assertThat(server.asked.getFirst()).containsEntry("model", "beta:latest");
    }

    @Test
    void anAnswerGrowsAndItsRateIsShown() {
        server.words = new Semaphore(3);
        ask("Why is the sky blue?");
        page.awaitText(".message.assistant", "The sky is");
        assertThat(page.shown(".message.assistant .body")).doesNotContain("blue");
        assertThat(page.evaluate("document.getElementById('send').hidden")).isEqualTo(true);
        server.words.release(1_000);
        awaitDone();
        assertThat(page.shown(".message.assistant .body")).isEqualTo(server.answer);
        assertThat(page.shown(".message.assistant .rate")).matches("7 tokens · [0-9.]+ tokens/s");
        assertThat(said(0)).containsExactly("user: Why is the sky blue?");
        assertThat(server.asked.getFirst()).containsEntry("stream", true);
    }

    @Test
    void stopKeepsWhatWasSaidAndTellsTheServer() throws InterruptedException {
        server.words = new Semaphore(2);
        ask("Go on");
        page.awaitText(".message.assistant", "The sky");
        page.click("#stop");
        awaitDone();
        assertThat(page.shown(".message.assistant .body")).isEqualTo("The sky");
        assertThat(page.shown(".message.assistant .rate")).isEqualTo("stopped");
        server.words = new Semaphore(1_000);
        askAndWait("And then?");
        assertThat(said(1))
                .containsExactly("user: Go on", "assistant: The sky ", "user: And then?");
        assertThat(server.stopped.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void escapeStopsTheAnswer() {
        server.words = new Semaphore(1);
        ask("Go on");
        page.awaitText(".message.assistant", "The");
        page.press("Escape", 0);
        awaitDone();
        assertThat(page.shown(".message.assistant .rate")).isEqualTo("stopped");
    }

    @Test
    void retryReplacesTheAnswer() {
        askAndWait("Why?");
        server.answer = "Because.";
        clickButton(".message.assistant", "Retry");
        page.awaitText(".message.assistant", "Because.");
        awaitDone();
        assertThat(shownMessages()).containsExactly("Why?", "Because.");
        assertThat(said(1)).containsExactly("user: Why?");
    }

    @Test
    void anEditedQuestionReplacesTheRestOfTheConversation() {
        askAndWait("One?");
        askAndWait("Two?");
        clickButton(".message.user", "Edit");
        page.await("document.activeElement.tagName === 'TEXTAREA'");
        page.evaluate("document.activeElement.select()");
        page.type("Three?");
        page.press("Enter", 0);
        page.awaitText(".message.user", "Three?");
        awaitDone();
        assertThat(shownMessages()).containsExactly("Three?", server.answer);
        assertThat(said(2)).containsExactly("user: Three?");
    }

    @Test
    void upInTheEmptyFieldEditsTheLastQuestionAndEscapeLeavesItAsItWas() {
        askAndWait("One?");
        askAndWait("Two?");
        page.click("#input");
        page.press("ArrowUp", 0);
        page.await("document.activeElement.value === 'Two?'");
        page.press("Escape", 0);
        page.await("document.querySelectorAll('.message .body').length === 4");
        assertThat(server.asked).hasSize(2);
    }

    @Test
    void shiftAndEnterBeginsANewLine() {
        page.click("#input");
        page.type("first");
        page.press("Enter", SHIFT);
        page.type("second");
        page.press("Enter", 0);
        page.await("document.querySelectorAll('.message').length === 2");
        awaitDone();
        assertThat(said(0)).containsExactly("user: first\nsecond");
    }

    @Test
    void parametersAreSentAndStay() {
        page.press(",", CTRL);
        page.await("document.getElementById('parameters').open");
        Map<String, Object> values =
                Map.of(
                        "temperature",
                        0.33,
                        "top_p",
                        0.955,
                        "top_k",
                        12L,
                        "min_p",
                        0.02,
                        "repeat_penalty",
                        1.15,
                        "max_tokens",
                        77L,
                        "seed",
                        5L);
        values.forEach((name, value) -> {
            page.click("[data-name=" + name + "]");
            page.type(value.toString());
        });
        page.click("[data-name=system]");
        page.type("Be brief.");
        page.click("#parameters .primary");
        page.reload();
        page.await("document.getElementById('model').options.length");
        askAndWait("Hello");
        assertThat(server.asked.getFirst()).containsAllEntriesOf(values);
        assertThat(said(0)).containsExactly("system: Be brief.", "user: Hello");
    }

    @Test
    void conversationsAreKeptOpenedAndDeleted() {
        askAndWait("First topic");
        page.press("O", CTRL + SHIFT);
        page.awaitText("#messages", "What would you like to know?");
        askAndWait("Second topic");
        page.reload();
        page.await("document.querySelectorAll('.conversation').length === 2");
        assertThat(shownMessages()).containsExactly("Second topic", server.answer);
        page.click(".conversation:nth-child(2) .open");
        page.awaitText(".message.user", "First topic");
        page.click(".conversation:nth-child(2) .remove");
        page.awaitText("#messages", "What would you like to know?");
        page.reload();
        page.await("document.querySelectorAll('.conversation').length === 1");
        assertThat(shownMessages()).containsExactly("Second topic", server.answer);
    }

    @Test
    void aLongQuestionMakesTheListOfConversationsNoWider() {
        askAndWait("Why is the sky blue and the grass green? ".repeat(5));
        assertThat(page.evaluate("document.getElementById('side').offsetWidth")).isEqualTo(256L);
        assertThat(
                        page.evaluate(
                                "document.querySelector('.conversation .remove').getBoundingClientRect().right < 256"))
                .isEqualTo(true);
    }

    @Test
    void aNewConversationWhileAnAnswerIsMadeStopsItAndIsReadyToAsk() {
        server.words = new Semaphore(2);
        ask("Go on");
        page.awaitText(".message.assistant", "The sky");
        page.click("#new");
        awaitDone();
        assertThat(page.evaluate("document.getElementById('send').hidden")).isEqualTo(false);
        server.words = new Semaphore(1_000);
        askAndWait("Another thing");
        assertThat(said(1)).containsExactly("user: Another thing");
        assertThat(count(".conversation")).isEqualTo(2);
    }

    @Test
    void anAnswerIsKeptWhenThePageGoesAwayWhileItIsMade() {
        server.words = new Semaphore(2);
        ask("Go on");
        page.awaitText(".message.assistant", "The sky");
        page.reload();
        page.await("document.querySelectorAll('.message').length === 2");
        assertThat(shownMessages()).containsExactly("Go on", "The sky");
    }

    @Test
    void theThemeFollowsTheSystemAndCanBeChanged() {
        page.colors("dark");
        String dark = page.string("getComputedStyle(document.body).backgroundColor");
        page.colors("light");
        String light = page.string("getComputedStyle(document.body).backgroundColor");
        assertThat(dark).isNotEqualTo(light);
        page.click("#theme");
        assertThat(page.string("getComputedStyle(document.body).backgroundColor")).isEqualTo(dark);
        page.reload();
        assertThat(page.string("getComputedStyle(document.body).backgroundColor")).isEqualTo(dark);
    }

    @Test
    void aQuestionMarkOutsideTheFieldShowsTheKeys() {
        page.click("#input");
        page.press("?", SHIFT);
        assertThat(page.evaluate("document.getElementById('input').value")).isEqualTo("?");
        page.evaluate("document.activeElement.blur()");
        page.press("?", SHIFT);
        page.await("document.getElementById('shortcuts').open");
        page.press("Escape", 0);
        page.await("!document.getElementById('shortcuts').open");
    }

    @Test
    void onAPhoneNothingIsWiderThanTheScreenAndTheMenuOpensAndCloses() {
        page.viewport(390, 800, true);
        open();
        server.answer =
                "A-very-long-word-".repeat(20)
                        + "\n\n```java\n"
                        + "x".repeat(200)
                        + "\n```\n\n| a | b |\n|---|---|\n| "
                        + "wide ".repeat(40)
                        + "| 2 |\n";
        askAndWait("Long things");
        assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        assertThat(page.evaluate("document.getElementById('messages').scrollWidth <= innerWidth"))
                .isEqualTo(true);
        picture(page, "chat-phone");
        page.click("#menu");
        page.await("document.getElementById('side').getBoundingClientRect().x === 0");
        picture(page, "chat-phone-menu");
        page.click(".conversation .open");
        page.await("getComputedStyle(document.getElementById('side')).visibility === 'hidden'");
        askAndWait("The field can be used again");
    }

    @Test
    void aMissingKeyIsAskedForAndThenUsed() {
        // The first server ends after the page has left it, which may still be loading its icon.
        try (ScriptedServer first = server) {
            server = new ScriptedServer("secret");
            open();
            page.requests.removeIf(address -> address.startsWith(first.address()));
        }
        page.awaitText("#status", "API key");
        page.click("#settings");
        page.await("document.getElementById('parameters').open");
        page.click("[data-name=key]");
        page.type("secret");
        picture(page, "chat-parameters");
        page.click("#parameters .primary");
        page.await("document.getElementById('model').options.length === 2");
        askAndWait("Hello");
        assertThat(shownMessages()).containsExactly("Hello", server.answer);
        page.complaints.removeIf(text -> text.contains("401"));
    }

    @Test
    void withoutAModelThePageSaysHowToGetOneAndKeepsTheQuestion() {
        server.models = List.of();
        open();
        page.awaitText("#status", "jebena pull");
        ask("Hello");
        assertThat(page.evaluate("document.getElementById('input').value")).isEqualTo("Hello");
        server.models = List.of("gamma:latest");
        page.press("Enter", 0);
        page.await("document.querySelectorAll('.message').length === 2");
        awaitDone();
        assertThat(server.asked).hasSize(1);
    }

    @Test
    void anErrorIsShownAndCanBeRetried() {
        server.failure = new HttpException(429, "queue_full", "256 requests wait already");
        ask("Hello");
        page.awaitText(".message.error", "256 requests wait already");
        awaitDone();
        server.failure = null;
        askAndWait("Are you there?");
        assertThat(said(1)).containsExactly("user: Are you there?");
        page.complaints.removeIf(text -> text.contains("429"));
    }

    @Test
    void anAnswerThatBreaksOffIsSaidToBeIncomplete() {
        server.breaksOff = true;
        ask("Hello");
        page.awaitText(".message.error", "before it was whole");
        awaitDone();
        server.breaksOff = false;
        clickButton(".message.error", "Retry");
        page.await("!document.querySelector('.message.error')");
        awaitDone();
        assertThat(shownMessages()).containsExactly("Hello", server.answer);
        assertThat(said(1)).containsExactly("user: Hello");
    }

    @Test
    void whatAModelWritesIsShownAsMarkdownAndNeverRunAsMarkup() {
        server.answer =
                """
                ## A heading

                Some **bold**, *soft* and `code`, [a link](http://example.org/) and \
                [no link](javascript:alert(1)).

                1. one
                2. two
                   - inner

                > quoted

                ---

                | a | b |
                |---|---|
                | 1 | 2 |

                <img src=x onerror="document.title='run'"><script>document.title='run'</script>

                ```java
                int x = 1 < 2 ? 3 : 4;
                ```
                """;
        askAndWait("Show me");
        for (String selector :
                List.of(
                        "h3",
                        "strong",
                        "em",
                        "code",
                        "ol > li",
                        "ul > li",
                        "hr",
                        "blockquote",
                        "td",
                        "pre code")) {
            assertThat(count(".message.assistant " + selector)).as(selector).isPositive();
        }
        assertThat(count(".message.assistant a")).isEqualTo(1);
        assertThat(count(".message.assistant img, .message.assistant script")).isZero();
        assertThat(page.string("document.title")).doesNotContain("run");
        assertThat(page.shown(".message.assistant pre code")).isEqualTo("int x = 1 < 2 ? 3 : 4;");
        page.colors("light");
        picture(page, "chat-light");
        page.colors("dark");
        picture(page, "chat-dark");
    }
}
