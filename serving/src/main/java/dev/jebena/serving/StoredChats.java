package dev.jebena.serving;

import dev.jebena.llm.Message;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Conversations that a later request may go on with, by the id of their last answer. In memory
/// only; the longest unused go when there are too many. Safe for use by many threads.
final class StoredChats {
    private static final int MOST = 1000;
    private static final long MOST_CHARACTERS = 32L << 20;

    private record Chat(List<Message> messages, long characters) {}

    private final Map<String, Chat> chats = new LinkedHashMap<>(16, 0.75f, true);
    private long characters;

    synchronized void put(String id, List<Message> messages) {
        long size =
                messages.stream()
                        .mapToLong(m -> String.valueOf(m.fields().get("content")).length())
                        .sum();
        chats.put(id, new Chat(List.copyOf(messages), size));
        characters += size;
        Iterator<Chat> eldest = chats.values().iterator();
        while (chats.size() > 1 && (chats.size() > MOST || characters > MOST_CHARACTERS)) {
            characters -= eldest.next().characters();
            eldest.remove();
        }
    }

    /// The conversation up to and with this answer; null when it is not known, or no longer.
    synchronized @Nullable List<Message> get(String id) {
        Chat chat = chats.get(id);
        return chat == null ? null : chat.messages();
    }
}
