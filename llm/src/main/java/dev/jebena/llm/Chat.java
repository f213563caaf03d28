package dev.jebena.llm;

import java.util.List;

/// A conversation with a model: each question sees the messages before it. For one thread.
public interface Chat extends AutoCloseable {
    /// Asks and waits for the whole answer.
    String ask(String message);

    /// Asks and returns the answer while it is being made. Once read to its end it becomes part of
    /// the conversation; cancelled, what was read of it does.
    Answer stream(String message);

    /// The conversation so far.
    List<Message> messages();

    @Override
    void close();
}
