package dev.jebena.cli;

import dev.jebena.llm.Answer;
import dev.jebena.llm.LlmException;
import dev.jebena.llm.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReference;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/// The interactive chat: reads questions and commands, streams answers. Ctrl-C stops the answer, on
/// an empty line Ctrl-D ends the program.
final class ChatLoop {
    private static final String FENCE = "\"\"\"";

    private final Models models;
    private final Conversation conversation;
    private final AtomicReference<@Nullable Answer> current = new AtomicReference<>();
    private final @Nullable ToolBox tools;
    private final int maxRounds;
    private volatile @Nullable ToolTurn turn;
    private boolean allowAll;
    private boolean hideThinking;
    private boolean showStatistics;

    ChatLoop(Models models, Conversation conversation) {
        this(models, conversation, null, 0, false);
    }

    /// @param tools what the model may call; null for none
    /// @param allowAll run tools without asking
    ChatLoop(
            Models models,
            Conversation conversation,
            @Nullable ToolBox tools,
            int maxRounds,
            boolean allowAll) {
        this.models = models;
        this.conversation = conversation;
        this.tools = tools;
        this.maxRounds = maxRounds;
        this.allowAll = allowAll;
    }

    ChatLoop hideThinking(boolean hide) {
        hideThinking = hide;
        return this;
    }

    int run() throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            return run(terminal);
        }
    }

    /// Talks on `terminal` until its user ends it.
    int run(Terminal terminal) throws IOException {
        terminal.handle(Terminal.Signal.INT, signal -> stop());
        LineReader reader = reader(terminal);
        ChatCommands commands = new ChatCommands(models, conversation, terminal.writer(), this);
        terminal.writer().println(conversation.model().name() + ", /help lists the commands");
        if (tools != null) {
            terminal.writer().println(tools.summary());
        }
        while (true) {
            String line = read(reader, terminal);
            if (line == null || line.strip().equals("/bye") || line.strip().equals("/exit")) {
                return ExitCode.OK;
            }
            if (line.startsWith("/")) {
                commands.execute(line.strip());
            } else if (!line.isBlank()) {
                if (tools == null) {
                    say(line, terminal);
                } else {
                    sayWithTools(line, tools, terminal, reader);
                }
            }
        }
    }

    private LineReader reader(Terminal terminal) throws IOException {
        Path history = models.home().resolve("history");
        Files.createDirectories(models.home());
        DefaultParser plain = new DefaultParser();
        plain.setEscapeChars(null);
        plain.setQuoteChars(new char[0]);
        return LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(plain)
                .completer(new StringsCompleter(ChatCommands.NAMES))
                .variable(LineReader.HISTORY_FILE, history)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }

    /// One input: a line, or the lines between two \"\"\"; null at the end. An interrupted line is
    /// empty.
    private static @Nullable String read(LineReader reader, Terminal terminal) {
        try {
            String line = reader.readLine(">>> ");
            if (!line.startsWith(FENCE)) {
                return line;
            }
            StringBuilder text = new StringBuilder(line.substring(FENCE.length()));
            while (text.indexOf(FENCE) < 0) {
                text.append(text.isEmpty() ? "" : "\n").append(reader.readLine("... "));
            }
            return text.substring(0, text.indexOf(FENCE));
        } catch (UserInterruptException e) {
            terminal.writer().println("Ctrl-D or /bye ends the conversation");
            return "";
        } catch (EndOfFileException e) {
            return null;
        }
    }

    /// Asks `question` and streams the answer.
    void say(String question, Terminal terminal) {
        StringBuilder text = new StringBuilder();
        try (Answer answer = conversation.ask(question)) {
            current.set(answer);
            stream(answer, split(terminal), text, terminal);
            terminal.writer().println();
            if (showStatistics) {
                terminal.writer().println(Statistics.line(answer));
            }
        } catch (RuntimeException e) {
            report(e, terminal);
        } finally {
            current.set(null);
            conversation.answered(text.toString());
            terminal.writer().println();
            terminal.flush();
        }
    }

    /// Thinking is shown in a faint style and does not become part of the conversation.
    private ThinkingOutput split(Terminal terminal) {
        AttributedStyle faint = AttributedStyle.DEFAULT.faint();
        return new ThinkingOutput(
                conversation.reasoning(),
                piece -> {
                    if (!hideThinking) {
                        terminal.writer()
                                .print(new AttributedString(piece, faint).toAnsi(terminal));
                        terminal.flush();
                    }
                });
    }

    private static void report(RuntimeException e, Terminal terminal) {
        terminal.writer().println();
        terminal.flush();
        JebenaCommand.report(e, false, System.err);
        if (e instanceof LlmException problem
                && problem.code() == LlmException.Code.CONTEXT_OVERFLOW) {
            System.err.println(
                    "        /clear forgets the conversation; --context N makes more room.");
        }
    }

    /// The same with tools; their calls and results are shown between the texts.
    private void sayWithTools(String question, ToolBox box, Terminal terminal, LineReader reader) {
        ToolTurn running =
                new ToolTurn(
                        conversation,
                        box,
                        maxRounds,
                        call -> mayRun(call, reader),
                        note -> print(terminal, note + "\n"));
        turn = running;
        try (Answer answer = running.run(question, piece -> print(terminal, piece))) {
            terminal.writer().println();
            if (showStatistics) {
                terminal.writer().println(Statistics.line(answer));
            }
        } catch (RuntimeException e) {
            report(e, terminal);
        } finally {
            turn = null;
            terminal.writer().println();
            terminal.flush();
        }
    }

    private static void print(Terminal terminal, String text) {
        terminal.writer().print(text);
        terminal.flush();
    }

    /// Asks the person; anything but yes or always is no.
    private boolean mayRun(ToolCall call, LineReader reader) {
        if (allowAll) {
            return true;
        }
        try {
            String answer = reader.readLine("run " + call.name() + "? [y]es, [n]o, [a]lways: ");
            allowAll = answer.strip().matches("(?i)a|always");
            return allowAll || answer.strip().matches("(?i)y|yes");
        } catch (UserInterruptException | EndOfFileException e) {
            return false;
        }
    }

    private static void stream(
            Answer answer, ThinkingOutput split, StringBuilder text, Terminal terminal) {
        try {
            while (answer.hasNext()) {
                show(split.add(answer.next().text()), text, terminal);
            }
            show(split.end(), text, terminal);
        } catch (NoSuchElementException e) {
            // Ctrl-C between hasNext and next: the answer has ended here.
            return;
        }
    }

    private static void show(String piece, StringBuilder text, Terminal terminal) {
        text.append(piece);
        terminal.writer().print(piece);
        terminal.flush();
    }

    void showStatistics(boolean show) {
        showStatistics = show;
    }

    private void stop() {
        Answer answer = current.get();
        if (answer != null) {
            answer.close();
        }
        ToolTurn running = turn;
        if (running != null) {
            running.stop();
        }
    }
}
