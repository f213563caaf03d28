package dev.jebena.console;

import dev.jebena.base.HttpJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One tab, driven over the DevTools protocol: real key presses and mouse clicks, and everything
/// that the page requested or complained about.
final class BrowserPage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Map<String, Integer> KEY_CODES =
            Map.ofEntries(
                    Map.entry("Enter", 13),
                    Map.entry("Escape", 27),
                    Map.entry("Tab", 9),
                    Map.entry(" ", 32),
                    Map.entry("ArrowLeft", 37),
                    Map.entry("ArrowUp", 38),
                    Map.entry("ArrowRight", 39),
                    Map.entry("ArrowDown", 40),
                    Map.entry(",", 188),
                    Map.entry("/", 191),
                    Map.entry("?", 191),
                    Map.entry("0", 48),
                    Map.entry("+", 187),
                    Map.entry("k", 75),
                    Map.entry("O", 79));

    /// Addresses of all requests so far.
    final List<String> requests = new CopyOnWriteArrayList<>();

    /// Errors and warnings of the console, uncaught exceptions, violations of the content policy.
    final List<String> complaints = new CopyOnWriteArrayList<>();

    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<@Nullable Object>> waiting =
            new ConcurrentHashMap<>();
    private @Nullable WebSocket socket;

    private BrowserPage() {}

    static BrowserPage connect(HttpClient client, URI address) {
        BrowserPage page = new BrowserPage();
        page.socket = client.newWebSocketBuilder().buildAsync(address, page.new Listener()).join();
        for (String domain : List.of("Page", "Runtime", "Network", "Log")) {
            page.send(domain + ".enable", Map.of());
        }
        // Keys reach the tab in front only, and which one that is depends on the browser's haste.
        page.send("Page.bringToFront", Map.of());
        page.send("Emulation.setFocusEmulationEnabled", Map.of("enabled", true));
        return page;
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                Object message = HttpJson.parse(text.toString().getBytes(StandardCharsets.UTF_8));
                text.setLength(0);
                receive(message);
            }
            webSocket.request(1);
            return null;
        }
    }

    private void receive(@Nullable Object message) {
        if (at(message, "id") instanceof Number id) {
            CompletableFuture<@Nullable Object> reply = waiting.remove(id.intValue());
            if (reply != null) {
                reply.complete(message);
            }
            return;
        }
        Object parameters = at(message, "params");
        switch (text(message, "method")) {
            case "Network.requestWillBeSent" -> requests.add(text(parameters, "request", "url"));
            case "Runtime.exceptionThrown" -> complaints.add(String.valueOf(parameters));
            case "Runtime.consoleAPICalled" -> {
                if (!text(parameters, "type").equals("log")) {
                    complaints.add(String.valueOf(parameters));
                }
            }
            case "Log.entryAdded" ->
                    complaints.add(
                            text(parameters, "entry", "text")
                                    + " "
                                    + text(parameters, "entry", "url"));
            default -> {
                // Other events are of no interest here.
            }
        }
    }

    private @Nullable Object send(String method, Map<String, ?> parameters) {
        int id = lastId.incrementAndGet();
        CompletableFuture<@Nullable Object> reply = new CompletableFuture<>();
        waiting.put(id, reply);
        WebSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        open.sendText(HttpJson.text(Map.of("id", id, "method", method, "params", parameters)), true)
                .join();
        Object message = reply.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (at(message, "error") != null) {
            throw new IllegalStateException(method + ": " + at(message, "error"));
        }
        return at(message, "result");
    }

    void open(String address) {
        send("Page.navigate", Map.of("url", address));
        await("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    void reload() {
        evaluate("window.old = true");
        send("Page.reload", Map.of());
        await("!window.old && document.readyState === 'complete'");
    }

    /// The value of a JavaScript expression.
    @Nullable Object evaluate(String expression) {
        Object result =
                send(
                        "Runtime.evaluate",
                        Map.of(
                                "expression",
                                expression,
                                "returnByValue",
                                true,
                                "awaitPromise",
                                true));
        if (at(result, "exceptionDetails") != null) {
            throw new IllegalStateException(expression + ": " + at(result, "exceptionDetails"));
        }
        return at(result, "result", "value");
    }

    String string(String expression) {
        return String.valueOf(evaluate(expression));
    }

    /// The text that `selector` shows.
    String shown(String selector) {
        return string("document.querySelector('" + selector + "')?.innerText");
    }

    /// Waits until `condition` holds.
    void await(String condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Boolean.TRUE.equals(evaluate("!!(" + condition + ")"))) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "never true: "
                                + condition
                                + "\nthe page shows: "
                                + string("document.body.innerText")
                                + "\nand complains: "
                                + complaints);
            }
            try {
                Thread.sleep(30);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// Waits until `selector` shows `text`.
    void awaitText(String selector, String text) {
        await(
                "document.querySelector('%s')?.innerText.includes(%s)"
                        .formatted(selector, HttpJson.text(text)));
    }

    /// Clicks with the mouse in the middle of the element: what lies above it would take the click.
    void click(String selector) {
        Object box =
                evaluate(
                        """
                        (() => { const e = document.querySelector('%s'); e.scrollIntoView({block: "nearest"});
                        const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()\
                        """
                                .formatted(selector));
        List<?> at = (List<?>) Objects.requireNonNull(box);
        for (String type : List.of("mousePressed", "mouseReleased")) {
            send(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            at.get(0),
                            "y",
                            at.get(1),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    /// Gives files to a field for files.
    void choose(String selector, List<Path> files) {
        Object document = at(send("DOM.getDocument", Map.of()), "root", "nodeId");
        Object node =
                at(
                        send(
                                "DOM.querySelector",
                                Map.of(
                                        "nodeId",
                                        Objects.requireNonNull(document),
                                        "selector",
                                        selector)),
                        "nodeId");
        send(
                "DOM.setFileInputFiles",
                Map.of(
                        "nodeId",
                        Objects.requireNonNull(node),
                        "files",
                        files.stream().map(f -> f.toAbsolutePath().toString()).toList()));
    }

    void type(String text) {
        send("Input.insertText", Map.of("text", text));
    }

    /// Presses a key; `modifiers`: 2 Ctrl, 8 Shift, or their sum.
    void press(String key, int modifiers) {
        boolean printable = key.length() == 1 && modifiers != 2 && !key.equals(",");
        String text = key.equals("Enter") ? "\r" : printable ? key : "";
        for (String type : List.of("keyDown", "keyUp")) {
            Map<String, Object> event = new ConcurrentHashMap<>();
            event.put("type", type);
            event.put("key", key);
            event.put("modifiers", modifiers);
            event.put("windowsVirtualKeyCode", KEY_CODES.getOrDefault(key, 0));
            if (!text.isEmpty() && type.equals("keyDown")) {
                event.put("text", text);
            }
            send("Input.dispatchKeyEvent", event);
        }
    }

    void viewport(int width, int height, boolean phone) {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
        send("Emulation.setTouchEmulationEnabled", Map.of("enabled", phone));
    }

    void colors(String scheme) {
        send(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    void screenshot(Path file) {
        String data = text(send("Page.captureScreenshot", Map.of("format", "png")), "data");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, Base64.getDecoder().decode(data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The value at a path of names in a JSON value; null where there is nothing.
    static @Nullable Object at(@Nullable Object json, String... path) {
        Object here = json;
        for (String name : path) {
            here = here instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return here;
    }

    static String text(@Nullable Object json, String... path) {
        return String.valueOf(at(json, path));
    }

    @Override
    public void close() {
        WebSocket open = socket;
        if (open != null) {
            send("Page.close", Map.of());
            open.abort();
        }
    }
}
