package dev.jebena.tokenizers;

import dev.jebena.tokenizers.internal.jinja.Template;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Chat templates on our own Jinja.
final class ChatTemplates {
    private ChatTemplates() {}

    static ChatTemplate compile(String source) {
        return compile(source, Clock.system(ZoneId.systemDefault()));
    }

    /// @param clock what `strftime_now` reads
    static ChatTemplate compile(String source, Clock clock) {
        return new JinjaChatTemplate(source, Template.compile(source), clock);
    }

    private record JinjaChatTemplate(String source, Template template, Clock clock)
            implements ChatTemplate {
        @Override
        public String render(Map<String, ? extends @Nullable Object> variables) {
            return template.render(variables, clock);
        }

        @Override
        public boolean supportsTools() {
            return template.mentions("tools");
        }
    }
}
