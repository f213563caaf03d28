package dev.jebena.llm.internal.engine;

import dev.jebena.llm.LlmException;

/// Decides what an engine computes next. All methods are called by the engine's thread, but
/// [#counters].
///
/// @param <T> what is asked of it
public interface Scheduler<T> {
    /// Takes a new request.
    void accept(T request);

    /// Whether anything runs or waits.
    boolean hasWork();

    /// Computes one step.
    void step();

    /// Ends everything that was part of the step that failed, or all there is.
    void fail(LlmException problem, boolean all);

    EngineCounters counters();
}
