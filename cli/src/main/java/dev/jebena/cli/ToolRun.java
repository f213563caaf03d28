package dev.jebena.cli;

import dev.jebena.json.Json;
import dev.jebena.llm.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `jebena run` with tools: one question, or a conversation.
final class ToolRun {
    private final Models models;
    private final Conversation conversation;
    private final ToolOptions options;
    private final boolean debug;

    ToolRun(Models models, Conversation conversation, ToolOptions options, boolean debug) {
        this.models = models;
        this.conversation = conversation;
        this.options = options;
        this.debug = debug;
    }

    /// @param question null for a conversation on the terminal
    int run(@Nullable String question, boolean json, boolean stats) throws IOException {
        Duration limit = Duration.ofSeconds(options.toolSeconds());
        try (ToolBox box =
                ToolBox.open(options.addresses(), limit, models.progress()::line, debug)) {
            return question == null
                    ? new ChatLoop(models, conversation, box, options.maxRounds(), options.yes)
                            .run()
                    : answer(box, question, json, stats);
        }
    }

    private int answer(ToolBox box, String question, boolean json, boolean stats) {
        ToolTurn turn =
                new ToolTurn(
                        conversation, box, options.maxRounds(), _ -> true, models.progress()::line);
        StringBuilder text = new StringBuilder();
        try (Answer answer =
                turn.run(
                        question,
                        piece -> {
                            text.append(piece);
                            if (!json) {
                                System.out.print(piece);
                                System.out.flush();
                            }
                        })) {
            if (json) {
                Map<String, @Nullable Object> fields = Statistics.fields(answer, text.toString());
                fields.put("tool_calls", turn.calls());
                System.out.println(Json.write(fields));
            } else {
                System.out.println();
            }
            if (stats) {
                System.err.println(Statistics.line(answer));
            }
        }
        return System.out.checkError() ? ExitCode.FAILED : ExitCode.OK;
    }
}
