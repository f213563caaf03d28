package dev.jebena.governance;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.owasp.html.HtmlStreamEventReceiver;

/// Keeps what a policy lets through as nested lists.
final class CardTree implements HtmlStreamEventReceiver {
    /// Elements without an end.
    private static final Set<String> VOID = Set.of("br", "hr", "img");

    private final List<Object> top = new ArrayList<>();
    private final Deque<List<Object>> open = new ArrayDeque<>(List.of(top));

    List<Object> nodes() {
        return top;
    }

    @Override
    public void openDocument() {}

    @Override
    public void closeDocument() {}

    @Override
    public void openTag(String name, List<String> namesAndValues) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 0; i + 1 < namesAndValues.size(); i += 2) {
            attributes.put(namesAndValues.get(i), namesAndValues.get(i + 1));
        }
        List<Object> element = new ArrayList<>(List.of(name, attributes));
        open.getLast().add(element);
        if (!VOID.contains(name)) {
            open.addLast(element);
        }
    }

    @Override
    public void closeTag(String name) {
        if (!VOID.contains(name) && open.size() > 1) {
            open.removeLast();
        }
    }

    @Override
    public void text(String text) {
        open.getLast().add(text);
    }
}
