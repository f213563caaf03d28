package dev.jebena.tokenizers;

import dev.jebena.tokenizers.internal.jinja.Template;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Chat templates on our own Jinja.
final class ChatTemplates {
    private ChatTemplates() {}

    static ChatTemplate compile(String source) {
        return compile(source, new LocalClock());
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

    /// The system's clock in its time zone, which is found out when a template asks for it: few do,
    /// and the JDK reads its table of all zones for it.
    private static final class LocalClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneId.systemDefault();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.system(zone);
        }

        @Override
        public Instant instant() {
            return Instant.now();
        }
    }
}
